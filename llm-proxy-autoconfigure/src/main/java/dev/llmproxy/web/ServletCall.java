package dev.llmproxy.web;

import java.net.InetSocketAddress;
import java.net.URI;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;

/**
 * A servlet container's request: below the application's context path, and from an
 * address only where that is surely the connection's. Filters and valves of the
 * application may have replaced the address by what a header says, and removed the
 * header.
 */
final class ServletCall extends ServerHttpRequestDecorator {

	/** What Tomcat's valve sets when it has replaced the address. */
	private static final String REPLACED = "org.apache.tomcat.request.forwarded";

	private final URI uri;

	private final @Nullable InetSocketAddress peer;

	ServletCall(ServerHttpRequest request, boolean believesHeaders) {
		super(request);
		HttpServletRequest servlet = ((AbstractServerHttpRequest) request).getNativeRequest();
		String context = servlet.getContextPath();
		this.uri = context.isEmpty() ? request.getURI() : below(context, request.getURI());
		ServletRequest inner = servlet;
		while (inner instanceof ServletRequestWrapper wrapper) {
			inner = wrapper.getRequest();
		}
		this.peer = (believesHeaders || inner.getAttribute(REPLACED) != null || passedOn((HttpServletRequest) inner))
				? null : request.getRemoteAddress();
	}

	/** A filter may have hidden the headers from those who come after it. */
	private static boolean passedOn(HttpServletRequest request) {
		return LocalCallers.PASSED_ON.stream().anyMatch((header) -> request.getHeader(header) != null);
	}

	private static URI below(String context, URI uri) {
		String path = uri.getRawPath();
		String local = path.startsWith(context) ? path.substring(context.length()) : path;
		String query = uri.getRawQuery();
		return URI
			.create((uri.getScheme() + "://" + uri.getRawAuthority()) + local + ((query != null) ? "?" + query : ""));
	}

	@Override
	public URI getURI() {
		return this.uri;
	}

	@Override
	public @Nullable InetSocketAddress getRemoteAddress() {
		return this.peer;
	}

}
