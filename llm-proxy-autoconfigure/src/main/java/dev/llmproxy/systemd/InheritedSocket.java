package dev.llmproxy.systemd;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * A listening socket that somebody else has opened and keeps open, so that callers who
 * come while one process ends and the next begins wait in its queue. Thread-safe.
 *
 * @see <a href=
 * "https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html">sd_listen_fds</a>
 */
public final class InheritedSocket {

	/** The first descriptor that is passed, after the three every process has. */
	private static final int DESCRIPTOR = 3;

	/** {@code SOL_SOCKET} and {@code SO_RCVTIMEO} of Linux. */
	private static final int SOCKET_LEVEL = 1;

	private static final int RECEIVE_TIMEOUT = 20;

	/** A {@code struct timeval} of two longs. */
	private static final int TIMEVAL_BYTES = 16;

	private final InetSocketAddress address;

	private volatile boolean accepting = true;

	private volatile @Nullable Channel channel;

	private InheritedSocket(InetSocketAddress address) {
		this.address = address;
	}

	/**
	 * The one socket that was passed to this process.
	 * @throws IllegalStateException if what was passed is no socket of TCP
	 * @throws UnsatisfiedLinkError if Netty's native library is not there, or not for
	 * this machine
	 */
	public static InheritedSocket open() {
		Epoll.ensureAvailability();
		InetSocketAddress address;
		try {
			address = new Socket(DESCRIPTOR).localAddress();
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException("The descriptor that was passed is no socket of TCP", ex);
		}
		if (address == null) {
			throw new IllegalStateException("The descriptor that was passed is no socket of TCP");
		}
		return new InheritedSocket(address);
	}

	/** Where it listens. */
	public InetSocketAddress address() {
		return this.address;
	}

	/** The same event loops, on which a server gets this socket in place of a new one. */
	public LoopResources on(LoopResources loops) {
		return new Loops(loops);
	}

	/**
	 * Leaves new connections to whoever has the socket too, or will have it. Those that
	 * were accepted stay.
	 */
	public void stopAccepting() {
		this.accepting = false;
		Channel current = this.channel;
		if (current != null) {
			current.config().setAutoRead(false);
		}
	}

	/**
	 * The channel is active from the start. It must not accept anybody before the server
	 * has its handlers in place, which is when it is told to bind.
	 */
	private Channel channel() {
		EpollServerSocketChannel created = new EpollServerSocketChannel(DESCRIPTOR);
		created.config().setAutoRead(false);
		// Where it blocks, and another process was faster, accepting would hold up the
		// loop; with this it does so for a tick of the clock at most.
		ByteBuffer timeout = ByteBuffer.allocateDirect(TIMEVAL_BYTES).order(ByteOrder.nativeOrder());
		timeout.putLong(0).putLong(1).flip();
		created.config()
			.setOption(new RawUnixChannelOption("SO_RCVTIMEO", SOCKET_LEVEL, RECEIVE_TIMEOUT, TIMEVAL_BYTES), timeout);
		created.pipeline().addLast(new Bound());
		this.channel = created;
		return created;
	}

	/** Is bound already, and accepts as long as it is wanted. */
	private final class Bound extends ChannelOutboundHandlerAdapter {

		@Override
		public void bind(ChannelHandlerContext ctx, SocketAddress ignored, ChannelPromise promise) {
			promise.setSuccess();
			ctx.channel().config().setAutoRead(InheritedSocket.this.accepting);
		}

		@Override
		public void read(ChannelHandlerContext ctx) {
			if (InheritedSocket.this.accepting) {
				ctx.read();
			}
		}

	}

	/** Everything as before, but for the channel that listens. */
	private final class Loops implements LoopResources {

		private final LoopResources loops;

		Loops(LoopResources loops) {
			this.loops = loops;
		}

		@Override
		public boolean daemon() {
			return this.loops.daemon();
		}

		@Override
		public EventLoopGroup onClient(boolean useNative) {
			return this.loops.onClient(useNative);
		}

		@Override
		public EventLoopGroup onServer(boolean useNative) {
			return this.loops.onServer(useNative);
		}

		@Override
		public EventLoopGroup onServerSelect(boolean useNative) {
			return this.loops.onServerSelect(useNative);
		}

		@Override
		public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup group) {
			return this.loops.onChannelClass(type, group);
		}

		@Override
		public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
			if (type != ServerSocketChannel.class) {
				return this.loops.onChannel(type, group);
			}
			if (this.loops.onChannelClass(type, group) != (Class<?>) EpollServerSocketChannel.class) {
				throw new IllegalStateException(
						"An inherited socket needs Netty's native transport for Linux, which is "
								+ "switched off (reactor.netty.native)");
			}
			return type.cast(channel());
		}

		@Override
		public boolean isDisposed() {
			return this.loops.isDisposed();
		}

		@Override
		public void dispose() {
			this.loops.dispose();
		}

		@Override
		public Mono<Void> disposeLater() {
			return this.loops.disposeLater();
		}

		@Override
		public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
			return this.loops.disposeLater(quietPeriod, timeout);
		}

	}

}
