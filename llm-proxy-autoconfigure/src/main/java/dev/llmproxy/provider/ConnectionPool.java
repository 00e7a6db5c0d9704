package dev.llmproxy.provider;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to a provider's hosts. All of it happens on that
 * event loop. The connection that was used last is used next, so that those nobody needs
 * grow old and are closed.
 */
final class ConnectionPool {

	/** Longest head of a response; providers send long policy and rate-limit headers. */
	private static final int MAX_RESPONSE_HEAD = 64 * 1024;

	private static final int MAX_STATUS_LINE = 4096;

	private static final long SWEEP_SECONDS = 15;

	private final String name;

	private final EventLoop loop;

	private final TransportSettings settings;

	private final AddressResolverGroup<InetSocketAddress> resolver;

	private final Bootstrap bootstrap;

	private final Map<NettyTransport.Address, Deque<UpstreamConnection>> idle = new HashMap<>();

	private final Deque<Exchange.Call<?>> waiting = new ArrayDeque<>();

	/** Connections that stand or are being made. */
	private int open;

	/** Of these, those that are idle, counted for whoever looks from outside. */
	private int resting;

	private boolean sweeping;

	private boolean closed;

	ConnectionPool(String name, EventLoop loop, Class<? extends Channel> type,
			AddressResolverGroup<InetSocketAddress> resolver, TransportSettings settings) {
		this.name = name;
		this.loop = loop;
		this.settings = settings;
		this.resolver = resolver;
		this.bootstrap = new Bootstrap().group(loop)
			.channel(type)
			.resolver(resolver)
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(settings.connectTimeout().toMillis()));
	}

	EventLoop loop() {
		return this.loop;
	}

	/**
	 * May be asked from anywhere: what it tells is good enough for a gauge, and costs
	 * calls nothing.
	 */
	Connections connections() {
		int idle = Math.max(0, this.resting);
		return new Connections(Math.max(0, this.open - idle), idle, this.waiting.size());
	}

	/** Gives the call a connection: one that is idle, a new one, or the next that is. */
	void acquire(Exchange.Call<?> call) {
		UpstreamConnection connection = nextIdle(call.address());
		if (connection != null) {
			connection.begin(call);
		}
		else if (this.open < this.settings.maxConnections()) {
			connect(call);
		}
		else if (this.waiting.size() < this.settings.maxPending()) {
			this.waiting.add(call);
			this.loop.schedule(() -> giveUp(call), this.settings.acquireTimeout().toNanos(), TimeUnit.NANOSECONDS);
		}
		else {
			call.failed(new ConnectTimeoutException("Too many calls wait for a connection to '" + this.name + "'"));
		}
	}

	private @Nullable UpstreamConnection nextIdle(NettyTransport.Address address) {
		Deque<UpstreamConnection> connections = this.idle.get(address);
		if (connections == null) {
			return null;
		}
		long now = System.nanoTime();
		UpstreamConnection connection;
		while ((connection = connections.pollLast()) != null) {
			this.resting--;
			if (connection.usable(now)) {
				return connection;
			}
			connection.close();
		}
		return null;
	}

	private void giveUp(Exchange.Call<?> call) {
		if (this.waiting.remove(call)) {
			call.failed(new ConnectTimeoutException("No connection to '" + this.name + "' became free in time"));
		}
	}

	/** Nobody waits for this call any more. */
	void forget(Exchange.Call<?> call) {
		if (!this.waiting.isEmpty()) {
			this.waiting.remove(call);
		}
	}

	private void connect(Exchange.Call<?> call) {
		this.open++;
		UpstreamConnection connection = new UpstreamConnection(this, call.address(), expiry());
		ProxySettings proxy = this.settings.proxy();
		if (proxy == null) {
			connect(call, connection, this.bootstrap.clone(), null);
			return;
		}
		this.resolver.getResolver(this.loop)
			.resolve(InetSocketAddress.createUnresolved(proxy.host(), proxy.port()))
			.addListener((Future<InetSocketAddress> found) -> {
				if (found.isSuccess()) {
					connect(call, connection, this.bootstrap.clone().resolver(NoopAddressResolverGroup.INSTANCE),
							proxy.newHandler(found.getNow(), this.settings.connectTimeout()));
				}
				else {
					gone(connection);
					call.failed(new ProxyConnectException(found.cause()));
				}
			});
	}

	private void connect(Exchange.Call<?> call, UpstreamConnection connection, Bootstrap bootstrap,
			@Nullable ProxyHandler proxy) {
		NettyTransport.Address address = call.address();
		ChannelFuture connecting = bootstrap.handler(new Initializer(address, connection, proxy))
			.connect(address.host(), address.port());
		Channel channel = connecting.channel();
		channel.closeFuture().addListener((closed) -> gone(connection));
		connecting.addListener((done) -> {
			if (!done.isSuccess()) {
				call.failed((proxy != null) ? new ProxyConnectException(done.cause()) : done.cause());
			}
			else if (proxy == null) {
				secure(call, connection, channel);
			}
			else {
				proxy.connectFuture().addListener((through) -> {
					if (through.isSuccess()) {
						secure(call, connection, channel);
					}
					else {
						call.failed(new ProxyConnectException(through.cause()));
						channel.close();
					}
				});
			}
		});
	}

	private static void secure(Exchange.Call<?> call, UpstreamConnection connection, Channel channel) {
		SslHandler tls = channel.pipeline().get(SslHandler.class);
		if (tls == null) {
			connection.begin(call);
			return;
		}
		tls.handshakeFuture().addListener((shaken) -> {
			if (shaken.isSuccess()) {
				connection.begin(call);
			}
			else {
				call.failed(shaken.cause());
				channel.close();
			}
		});
	}

	private long expiry() {
		long life = this.settings.maxLifeTime().toNanos();
		return System.nanoTime() + life - (long) (life * 0.1 * ThreadLocalRandom.current().nextDouble());
	}

	/** A connection can be used again. */
	void release(UpstreamConnection connection) {
		if (this.closed || !connection.usable(System.nanoTime())) {
			connection.close();
			return;
		}
		Exchange.Call<?> next = nextWaiting(connection.address());
		if (next != null) {
			connection.begin(next);
			return;
		}
		this.idle.computeIfAbsent(connection.address(), (address) -> new ArrayDeque<>()).addLast(connection);
		this.resting++;
		if (!this.sweeping) {
			this.sweeping = true;
			this.loop.schedule(this::sweep, SWEEP_SECONDS, TimeUnit.SECONDS);
		}
	}

	private Exchange.@Nullable Call<?> nextWaiting(NettyTransport.Address address) {
		if (this.waiting.isEmpty()) {
			return null;
		}
		for (Iterator<Exchange.Call<?>> calls = this.waiting.iterator(); calls.hasNext();) {
			Exchange.Call<?> call = calls.next();
			if (call.address().equals(address)) {
				calls.remove();
				return call;
			}
		}
		return null;
	}

	private void gone(UpstreamConnection connection) {
		this.open--;
		Deque<UpstreamConnection> connections = this.idle.get(connection.address());
		if (connections != null && connections.remove(connection)) {
			this.resting--;
		}
		Exchange.Call<?> next = this.waiting.poll();
		if (next != null) {
			connect(next);
		}
	}

	/** Closes what is idle for too long, and looks again as long as anything is. */
	private void sweep() {
		long now = System.nanoTime();
		boolean any = false;
		for (Deque<UpstreamConnection> connections : this.idle.values()) {
			for (UpstreamConnection connection : connections.toArray(UpstreamConnection[]::new)) {
				if (!connection.usable(now)) {
					connection.close();
				}
			}
			any |= !connections.isEmpty();
		}
		this.sweeping = any;
		if (any) {
			this.loop.schedule(this::sweep, SWEEP_SECONDS, TimeUnit.SECONDS);
		}
	}

	void close() {
		this.closed = true;
		for (Deque<UpstreamConnection> connections : this.idle.values()) {
			for (UpstreamConnection connection : connections.toArray(UpstreamConnection[]::new)) {
				connection.close();
			}
		}
	}

	long maxIdleNanos() {
		return this.settings.maxIdleTime().toNanos();
	}

	private final class Initializer extends ChannelInitializer<Channel> {

		private final NettyTransport.Address address;

		private final UpstreamConnection connection;

		private final @Nullable ProxyHandler proxy;

		Initializer(NettyTransport.Address address, UpstreamConnection connection, @Nullable ProxyHandler proxy) {
			this.address = address;
			this.connection = connection;
			this.proxy = proxy;
		}

		@Override
		protected void initChannel(Channel channel) {
			ChannelPipeline pipeline = channel.pipeline();
			TransportSettings settings = ConnectionPool.this.settings;
			if (this.proxy != null) {
				pipeline.addLast(this.proxy);
			}
			if (this.address.tls()) {
				SslHandler tls = settings.ssl().newHandler(channel.alloc(), this.address.host(), this.address.port());
				tls.setHandshakeTimeoutMillis(settings.tlsTimeout().toMillis());
				pipeline.addLast(tls);
			}
			pipeline.addLast(new UpstreamCodec(new HttpDecoderConfig().setMaxHeaderSize(MAX_RESPONSE_HEAD)
				.setMaxInitialLineLength(MAX_STATUS_LINE)
				.setMaxChunkSize(64 * 1024)));
			pipeline.addLast(this.connection);
		}

	}

}
