package dev.llmproxy.server.scale;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * A provider that answers as fast as it can: with JSON, or with a stream in two parts.
 */
final class SoakUpstream implements AutoCloseable {

	private static final String CHUNK = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
			+ "\"delta\":{\"content\":\"word\"},\"finish_reason\":%s}]}\n\n";

	private static final ByteBuf JSON = bytes(json());

	private static final ByteBuf FIRST = bytes(
			"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
					+ chunk(CHUNK.formatted("null").repeat(3)));

	private static final ByteBuf REST = bytes(
			chunk(CHUNK.formatted("null").repeat(3) + CHUNK.formatted("\"stop\"") + "data: [DONE]\n\n") + "0\r\n\r\n");

	private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

	private final Channel channel;

	SoakUpstream() throws InterruptedException {
		this.channel = new ServerBootstrap().group(this.group)
			.channel(NioServerSocketChannel.class)
			.childHandler(new ChannelInitializer<Channel>() {

				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline()
						.addLast(new HttpRequestDecoder(), new HttpObjectAggregator(1 << 20), new Answering());
				}

			})
			.bind("127.0.0.1", 0)
			.sync()
			.channel();
	}

	private static String json() {
		String body = "{\"id\":\"x\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
				+ "{\"role\":\"assistant\",\"content\":\"ok\"},\"finish_reason\":\"stop\"}],"
				+ "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20,\"total_tokens\":30}}";
		return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n"
				+ body;
	}

	private static String chunk(String text) {
		return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
	}

	private static ByteBuf bytes(String text) {
		return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
	}

	int port() {
		return ((InetSocketAddress) this.channel.localAddress()).getPort();
	}

	@Override
	public void close() {
		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
	}

	@ChannelHandler.Sharable
	private static final class Answering extends SimpleChannelInboundHandler<FullHttpRequest> {

		@Override
		protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
			if (!request.content().toString(StandardCharsets.US_ASCII).contains("\"stream\":true")) {
				ctx.writeAndFlush(JSON.duplicate());
				return;
			}
			ctx.writeAndFlush(FIRST.duplicate());
			ctx.executor().schedule(() -> ctx.writeAndFlush(REST.duplicate()), 1, TimeUnit.MILLISECONDS);
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
			ctx.close();
		}

	}

}
