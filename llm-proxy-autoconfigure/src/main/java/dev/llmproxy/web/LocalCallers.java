package dev.llmproxy.web;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.cors.CorsConfiguration;

/**
 * Who may call where there are no keys: programs on the same machine. The address is that
 * of the connection, never what a header says it is. Headers are read to find those who
 * only seem to be near: a reverse proxy passes somebody else's call on, and a page in a
 * browser, which can reach the loopback address too, is somebody else's program.
 */
final class LocalCallers {

	static final List<String> PASSED_ON = List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP",
			"Via");

	private final @Nullable CorsConfiguration cors;

	LocalCallers(@Nullable CorsConfiguration cors) {
		this.cors = cors;
	}

	boolean isLocal(ServerHttpRequest request) {
		HttpServerRequest connection = connection(request);
		if (connection == null) {
			return isLocal(request.getRemoteAddress(), request.getHeaders());
		}
		for (String header : PASSED_ON) {
			// Spring removes them where it was told to believe them.
			if (connection.requestHeaders().contains(header)) {
				return false;
			}
		}
		return isLocal(connection.connectionRemoteAddress(), request.getHeaders());
	}

	/** Whether a call with these headers comes from this machine. */
	boolean isLocal(@Nullable SocketAddress peer, HttpHeaders headers) {
		if (!(peer instanceof InetSocketAddress address) || address.getAddress() == null
				|| !address.getAddress().isLoopbackAddress()) {
			return false;
		}
		for (String header : PASSED_ON) {
			if (headers.containsHeader(header)) {
				return false;
			}
		}
		String origin = headers.getFirst(HttpHeaders.ORIGIN);
		return origin == null || isLocal(origin) || (this.cors != null && this.cors.checkOrigin(origin) != null);
	}

	private static @Nullable HttpServerRequest connection(ServerHttpRequest request) {
		ServerHttpRequest inner = request;
		while (inner instanceof ServerHttpRequestDecorator decorator) {
			inner = decorator.getDelegate();
		}
		if (!(inner instanceof AbstractServerHttpRequest server)) {
			return null;
		}
		try {
			Object request0 = server.getNativeRequest();
			return (request0 instanceof HttpServerRequest netty) ? netty : null;
		}
		catch (IllegalStateException ex) {
			// A mock.
			return null;
		}
	}

	private static boolean isLocal(String origin) {
		try {
			String host = new URI(origin).getHost();
			if (host == null) {
				return false;
			}
			String name = host.toLowerCase(Locale.ROOT);
			return name.equals("localhost") || name.endsWith(".localhost") || name.equals("127.0.0.1")
					|| name.equals("[::1]");
		}
		catch (URISyntaxException ex) {
			return false;
		}
	}

}
