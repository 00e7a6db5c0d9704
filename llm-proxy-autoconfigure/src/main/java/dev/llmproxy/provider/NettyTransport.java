package dev.llmproxy.provider;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.EventExecutor;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * HTTP/1.1 to one provider, straight on Netty: a pool of connections for each event loop,
 * so that a call which came in on an event loop goes out from that very thread, with no
 * hand-over and no contention. Redirects are never followed: a provider that moved is an
 * error, and a redirect must not carry prompts and keys to a host that nobody configured.
 * Thread-safe.
 */
public final class NettyTransport {

	/** Calls that were routed before it was closed have long ended. */
	private static final long RESOLVER_GRACE_MINUTES = 30;

	private final ConnectionPool[] pools;

	private final AddressResolverGroup<InetSocketAddress> resolver;

	private final AtomicInteger turn = new AtomicInteger();

	/**
	 * Creates one.
	 * @param name for logs
	 */
	public NettyTransport(String name, LoopResources resources, TransportSettings settings) {
		EventLoopGroup group = resources.onServer(true);
		this.resolver = resolver(resources, group, settings);
		List<ConnectionPool> pools = new ArrayList<>();
		for (EventExecutor executor : group) {
			if (executor instanceof EventLoop loop) {
				pools.add(new ConnectionPool(name, loop, resources.onChannelClass(SocketChannel.class, group),
						this.resolver, settings));
			}
		}
		this.pools = pools.toArray(ConnectionPool[]::new);
	}

	private static AddressResolverGroup<InetSocketAddress> resolver(LoopResources resources, EventLoopGroup group,
			TransportSettings settings) {
		return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
			.datagramChannelType(resources.onChannelClass(io.netty.channel.socket.DatagramChannel.class, group))
			.socketChannelType(resources.onChannelClass(SocketChannel.class, group))
			.queryTimeoutMillis(settings.connectTimeout().toMillis())
			.negativeTtl(5)
			.ttl(0, 60));
	}

	/**
	 * Sends a request and hands the head of its response to {@code reader} on the
	 * connection's event loop.
	 * @param responseTimeout until the head has arrived
	 * @param reader must subscribe to the content exactly once
	 * @param discard gives back what a result holds that came for somebody who had left
	 * @return what the reader returns, or the failure as Netty tells it; cancelling
	 * closes the connection
	 */
	<T> Mono<T> exchange(OutboundRequest request, Duration responseTimeout, Function<UpstreamResponse, Mono<T>> reader,
			Consumer<? super T> discard) {
		return new Exchange<>(this, request, responseTimeout, reader, discard);
	}

	/** The pool of this thread's event loop, or of any where it is none. */
	ConnectionPool pool() {
		Thread thread = Thread.currentThread();
		for (ConnectionPool pool : this.pools) {
			if (pool.loop().inEventLoop(thread)) {
				return pool;
			}
		}
		return this.pools[Math.floorMod(this.turn.getAndIncrement(), this.pools.length)];
	}

	/** Those of all event loops, each as it saw them last. */
	Connections connections() {
		Connections all = new Connections(0, 0, 0);
		for (ConnectionPool pool : this.pools) {
			all = all.and(pool.connections());
		}
		return all;
	}

	/**
	 * Lets connections end as they become idle. Calls that come nevertheless get one of
	 * their own.
	 */
	public void close() {
		for (ConnectionPool pool : this.pools) {
			pool.loop().execute(pool::close);
		}
		this.pools[0].loop().schedule(this.resolver::close, RESOLVER_GRACE_MINUTES, TimeUnit.MINUTES);
	}

	/** Where a request goes; what a connection can be used again for. */
	record Address(String host, int port, boolean tls) {

		static Address of(URI uri) {
			boolean tls = "https".equalsIgnoreCase(uri.getScheme());
			int port = (uri.getPort() >= 0) ? uri.getPort() : (tls ? 443 : 80);
			String host = uri.getHost();
			return new Address(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port, tls);
		}

	}

}
