package dev.llmproxy.provider;

import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Mono;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.PrematureCloseException;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * HTTP/1.1 to one provider over Reactor Netty. Redirects are never followed: a provider
 * that moved is an error, and a redirect must not carry prompts and keys to a host that
 * nobody configured. Thread-safe.
 */
public final class NettyTransport {

	/** Longest head of a response; providers send long policy and rate-limit headers. */
	private static final int MAX_RESPONSE_HEAD = 64 * 1024;

	private final EventLoopClients clients;

	public NettyTransport(String name, LoopResources resources, TransportSettings settings) {
		this.clients = new EventLoopClients(resources, (loops) -> client(name, loops, settings));
	}

	private static HttpClient client(String name, LoopResources loops, TransportSettings settings) {
		ConnectionProvider pool = ConnectionProvider.builder(name)
			.maxConnections(settings.maxConnections())
			.pendingAcquireMaxCount(settings.maxPending())
			.pendingAcquireTimeout(settings.acquireTimeout())
			.maxIdleTime(settings.maxIdleTime())
			.maxLifeTime(settings.maxLifeTime())
			.maxLifeTimeVariance(10)
			.evictInBackground(Duration.ofSeconds(15))
			.lifo()
			.build();
		HttpClient client = HttpClient.create(pool)
			.runOn(loops)
			.followRedirect(false)
			.disableRetry(true)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(settings.connectTimeout().toMillis()))
			.option(ChannelOption.TCP_NODELAY, true)
			.resolver((spec) -> spec.queryTimeout(settings.connectTimeout())
				.cacheNegativeTimeToLive(Duration.ofSeconds(5))
				.cacheMaxTimeToLive(Duration.ofSeconds(60)))
			.secure((spec) -> spec.sslContext(ClientTls.context()).handshakeTimeout(settings.tlsTimeout()))
			.httpResponseDecoder((spec) -> spec.maxHeaderSize(MAX_RESPONSE_HEAD).maxInitialLineLength(4096))
			// On the channel itself: what is added to a connection goes with its first
			// exchange.
			.doOnChannelInit((observer, channel, address) -> channel.pipeline()
				.addBefore(NettyPipeline.ReactiveBridge, InterimResponseSkipper.NAME, new InterimResponseSkipper())
				.addBefore(NettyPipeline.ReactiveBridge, ReadCycleCoalescer.NAME, new ReadCycleCoalescer()));
		return settings.customizer().apply(client);
	}

	/**
	 * Sends a request and hands the head of its response to {@code reader} on the
	 * connection's event loop.
	 * @param responseTimeout until the head has arrived
	 * @param reader must subscribe to the content exactly once
	 * @return what the reader returns, or the failure as Reactor Netty tells it;
	 * cancelling closes the connection
	 */
	<T> Mono<T> exchange(OutboundRequest request, Duration responseTimeout,
			Function<UpstreamResponse, Mono<T>> reader) {
		return Mono.defer(() -> {
			AtomicBoolean sent = new AtomicBoolean();
			Mono<T> attempt = once(request, responseTimeout, sent, reader);
			// A pooled connection may have died unnoticed; what was not sent may be sent
			// again.
			return attempt.onErrorResume((failure) -> !sent.get() && isStaleConnection(failure), (failure) -> attempt);
		});
	}

	private static boolean isStaleConnection(Throwable failure) {
		return failure instanceof PrematureCloseException || failure instanceof ClosedChannelException;
	}

	private <T> Mono<T> once(OutboundRequest request, Duration responseTimeout, AtomicBoolean sent,
			Function<UpstreamResponse, Mono<T>> reader) {
		return this.clients.current()
			.request(HttpMethod.valueOf(request.method()))
			.uri(request.uri())
			.send((outgoing, outbound) -> {
				outgoing.headers(request.headers());
				outgoing.responseTimeout(responseTimeout);
				byte[] body = request.body();
				return outbound.send(Mono.fromSupplier(() -> {
					sent.set(true);
					return Unpooled.wrappedBuffer(body);
				}));
			})
			.responseConnection((response, connection) -> {
				EventLoop loop = connection.channel().eventLoop();
				// It would also watch the body, where pings would reset it: other clocks
				// do that.
				connection.removeHandler(NettyPipeline.ResponseTimeoutHandler);
				return reader.apply(new UpstreamResponse(response.status().code(), response.responseHeaders(),
						connection.inbound().receive(), loop));
			})
			.next();
	}

}
