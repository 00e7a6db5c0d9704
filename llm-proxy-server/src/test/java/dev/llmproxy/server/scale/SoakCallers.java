package dev.llmproxy.server.scale;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmproxy.server.TestServer;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Callers that ask one thing after the other, JSON and streams in turns, and leave now
 * and then: before the answer, amid it, or in the middle of their request.
 */
final class SoakCallers implements AutoCloseable {

	private static final ByteBuf JSON = request(false);

	private static final ByteBuf STREAM = request(true);

	private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

	private final Bootstrap bootstrap;

	private final Random random = new Random(77);

	private final long total;

	private final AtomicLong begun = new AtomicLong();

	private final AtomicLong done = new AtomicLong();

	private final AtomicLong left = new AtomicLong();

	private final Map<String, AtomicLong> problems = new ConcurrentHashMap<>();

	SoakCallers(int port, int connections, long total) {
		this.total = total;
		this.bootstrap = new Bootstrap().group(this.group)
			.channel(NioSocketChannel.class)
			.remoteAddress("127.0.0.1", port)
			.handler(new ChannelInitializer<Channel>() {

				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline().addLast(new HttpResponseDecoder(), new Asking());
				}

			});
		for (int i = 0; i < connections; i++) {
			this.bootstrap.connect();
		}
	}

	private static ByteBuf request(boolean stream) {
		String body = "{\"model\":\"up/m\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\""
				+ "word ".repeat(60) + "\"}]}";
		return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(
				"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
						+ TestServer.KEY + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body,
				StandardCharsets.US_ASCII));
	}

	/** Requests that were answered to the end, or left. */
	long done() {
		return this.done.get();
	}

	/** Those that were left. */
	long left() {
		return this.left.get();
	}

	/** Statuses other than 200, and what else went wrong. */
	Map<String, AtomicLong> problems() {
		return this.problems;
	}

	private void problem(String what) {
		this.problems.computeIfAbsent(what, (key) -> new AtomicLong()).incrementAndGet();
	}

	@Override
	public void close() {
		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
	}

	private final class Asking extends SimpleChannelInboundHandler<HttpObject> {

		private boolean leaving;

		private boolean leavesAmid;

		@Override
		public void channelActive(ChannelHandlerContext ctx) {
			next(ctx);
		}

		private void next(ChannelHandlerContext ctx) {
			if (SoakCallers.this.begun.incrementAndGet() > SoakCallers.this.total) {
				this.leaving = true;
				ctx.close();
				return;
			}
			Random random = SoakCallers.this.random;
			ByteBuf request = random.nextBoolean() ? JSON.duplicate() : STREAM.duplicate();
			int fate = random.nextInt(60);
			this.leavesAmid = fate == 0;
			if (fate == 1) {
				request.writerIndex(random.nextInt(request.readableBytes()));
			}
			ctx.writeAndFlush(request);
			if (fate == 1 || fate == 2) {
				ctx.executor().schedule(() -> leave(ctx), random.nextInt(1500), TimeUnit.MICROSECONDS);
			}
		}

		private void leave(ChannelHandlerContext ctx) {
			if (!this.leaving && ctx.channel().isActive()) {
				this.leaving = true;
				SoakCallers.this.left.incrementAndGet();
				SoakCallers.this.done.incrementAndGet();
				ctx.close();
				SoakCallers.this.bootstrap.connect();
			}
		}

		@Override
		protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
			if (this.leaving) {
				return;
			}
			if (message instanceof HttpResponse response && response.status().code() != 200) {
				problem("status " + response.status().code());
			}
			if (message instanceof LastHttpContent) {
				SoakCallers.this.done.incrementAndGet();
				next(ctx);
			}
			else if (message instanceof HttpContent && this.leavesAmid) {
				leave(ctx);
			}
		}

		@Override
		public void channelInactive(ChannelHandlerContext ctx) {
			if (!this.leaving) {
				this.leaving = true;
				problem("closed");
				SoakCallers.this.done.incrementAndGet();
				SoakCallers.this.bootstrap.connect();
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
			ctx.close();
		}

	}

}
