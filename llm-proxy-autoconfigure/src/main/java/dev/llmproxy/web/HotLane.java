package dev.llmproxy.web;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.LlmHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * The inference endpoints, served on the connection's own event loop before WebFlux sees
 * the request: the same chain, keys, errors and rendering, at a fraction of the cost. It
 * holds HTTP and buffers, and no policy. Whatever is out of the ordinary (another method,
 * CORS, {@code Expect}, HTTP/1.0, HTTP/2) falls through to WebFlux, which serves the same
 * paths with the same answers. Thread-safe.
 */
public final class HotLane {

	private static final String HANDLER = "llm-proxy.lane";

	private final InferenceEndpoints endpoints = new InferenceEndpoints();

	private final LlmHandler gateway;

	private final RequestFactory requests;

	private final ResponseRenderer renderer;

	private final ErrorRenderer errors;

	private final ClientKeyWebFilter keys;

	private final WebSettings settings;

	private final Admission admission;

	private final HttpHeaders headers = new DefaultHttpHeaders();

	private final boolean compression;

	private final AtomicInteger active = new AtomicInteger();

	private final AtomicInteger connections = new AtomicInteger();

	private volatile boolean draining;

	/**
	 * Creates the lane.
	 * @param headers headers of every response, which an answer may overwrite
	 * @param compression whether the server compresses answers, which the lane does not:
	 * callers that want it are served by WebFlux
	 */
	public HotLane(LlmHandler gateway, Codecs codecs, ErrorBodies errors, ClientKeyWebFilter keys, WebSettings settings,
			Admission admission, Map<String, String> headers, boolean compression) {
		this.gateway = gateway;
		this.requests = new RequestFactory(codecs, settings);
		this.renderer = new ResponseRenderer(codecs);
		this.errors = new ErrorRenderer(errors);
		this.keys = keys;
		this.settings = settings;
		this.admission = admission;
		headers.forEach(this.headers::set);
		this.compression = compression;
	}

	/** Puts the lane into a connection that was just accepted, if it speaks HTTP/1.1. */
	public void install(Channel channel) {
		ChannelPipeline pipeline = channel.pipeline();
		if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
			pipeline.addBefore(NettyPipeline.HttpTrafficHandler, HANDLER, new LaneHandler(this));
		}
	}

	/** Requests that are being served. */
	public int active() {
		return this.active.get();
	}

	/** Connections that the lane is in. */
	public int connections() {
		return this.connections.get();
	}

	/** Serves no further requests; connections end with the answer they carry. */
	public void drain() {
		this.draining = true;
	}

	/**
	 * The endpoint that the lane serves for this request; {@code null} if it does not.
	 */
	@Nullable InferenceEndpoint endpoint(HttpRequest request) {
		HttpHeaders headers = request.headers();
		if (this.draining || !HttpMethod.POST.equals(request.method())
				|| !HttpVersion.HTTP_1_1.equals(request.protocolVersion()) || headers.contains(HttpHeaderNames.EXPECT)
				|| headers.contains(HttpHeaderNames.UPGRADE) || this.settings.keepAliveComments() != null
				|| (this.settings.cors() != null && headers.contains(HttpHeaderNames.ORIGIN))
				|| (this.compression && headers.contains(HttpHeaderNames.ACCEPT_ENCODING))) {
			return null;
		}
		String uri = request.uri();
		int query = uri.indexOf('?');
		String path = (query < 0) ? uri : uri.substring(0, query);
		String base = this.settings.basePath();
		return path.startsWith(base) ? this.endpoints.find(path.substring(base.length())) : null;
	}

	LlmHandler gateway() {
		return this.gateway;
	}

	RequestFactory requests() {
		return this.requests;
	}

	ResponseRenderer renderer() {
		return this.renderer;
	}

	ErrorRenderer errors() {
		return this.errors;
	}

	Admission admission() {
		return this.admission;
	}

	ClientKeyWebFilter keys() {
		return this.keys;
	}

	/** The headers of a response, to be added to. */
	HttpHeaders headers() {
		return this.headers.copy();
	}

	/** Whether it serves no further requests. */
	public boolean draining() {
		return this.draining;
	}

	void opened() {
		this.connections.incrementAndGet();
	}

	void closed() {
		this.connections.decrementAndGet();
	}

	void began() {
		this.active.incrementAndGet();
	}

	void ended() {
		this.active.decrementAndGet();
	}

}
