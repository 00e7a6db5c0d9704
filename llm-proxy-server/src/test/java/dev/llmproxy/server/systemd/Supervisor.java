package dev.llmproxy.server.systemd;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import org.awaitility.Awaitility;

/** Listens as systemd does, on a real Unix domain datagram socket. */
final class Supervisor implements AutoCloseable {

	private final List<String> messages = new CopyOnWriteArrayList<>();

	private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

	private final String address;

	/**
	 * Binds a socket.
	 * @param address as in NOTIFY_SOCKET
	 */
	Supervisor(String address) {
		this.address = address;
		String bound = address.startsWith("@") ? "\0" + address.substring(1) : address;
		new Bootstrap().group(this.loop)
			.channel(EpollDomainDatagramChannel.class)
			.handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {

				@Override
				protected void channelRead0(ChannelHandlerContext ctx, DomainDatagramPacket packet) {
					Supervisor.this.messages.add(packet.content().toString(StandardCharsets.UTF_8));
				}

			})
			.bind(new DomainSocketAddress(bound))
			.syncUninterruptibly();
	}

	String address() {
		return this.address;
	}

	/** All that was said, in order. */
	List<String> messages() {
		return this.messages;
	}

	/** Assignments of one variable, in order. */
	List<String> values(String variable) {
		return this.messages.stream()
			.flatMap(String::lines)
			.filter((line) -> line.startsWith(variable + "="))
			.map((line) -> line.substring(variable.length() + 1))
			.toList();
	}

	/** Waits for so many assignments of a variable. */
	void await(String variable, int count) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> values(variable).size() >= count);
	}

	@Override
	public void close() {
		this.loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

}
