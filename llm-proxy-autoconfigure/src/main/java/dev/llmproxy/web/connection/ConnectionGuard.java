package dev.llmproxy.web.connection;

import java.util.Map;

import javax.net.ssl.SSLException;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import reactor.netty.NettyPipeline;

/**
 * Guards the connections of a Reactor Netty server: replaces its HTTP/1.1 codec by a
 * strict one and puts a handler behind it that enforces the limits. HTTP/2 connections
 * stay as they are, and there are no WebSockets on guarded ones. Thread-safe.
 */
public final class ConnectionGuard {

	private static final String INSTALLER = "llm-proxy.guardInstaller";

	private static final String HANDSHAKE = "llm-proxy.handshake";

	private static final String HANDLER = "llm-proxy.guard";

	private final ConnectionLimits limits;

	private final RefusalRenderer renderer;

	private final Map<String, String> headers;

	/**
	 * Creates the guard.
	 * @param headers headers of every refusal
	 */
	public ConnectionGuard(ConnectionLimits limits, RefusalRenderer renderer, Map<String, String> headers) {
		this.limits = limits;
		this.renderer = renderer;
		this.headers = Map.copyOf(headers);
	}

	/** Guards a connection that was just accepted. */
	public void install(Channel channel) {
		ChannelPipeline pipeline = channel.pipeline();
		if (pipeline.get(NettyPipeline.HttpCodec) != null) {
			guard(pipeline);
		}
		else {
			// With TLS the protocol is chosen by the handshake.
			if (pipeline.get(NettyPipeline.H2OrHttp11Codec) != null) {
				pipeline.addBefore(NettyPipeline.H2OrHttp11Codec, HANDSHAKE, new FailedHandshake());
			}
			pipeline.addBefore(NettyPipeline.ReactiveBridge, INSTALLER, new Installer());
		}
	}

	private void guard(ChannelPipeline pipeline) {
		if (pipeline.get(NettyPipeline.HttpCodec) instanceof HttpServerCodec) {
			StrictHttpCodec codec = new StrictHttpCodec(this.limits);
			pipeline.replace(NettyPipeline.HttpCodec, NettyPipeline.HttpCodec, codec);
			pipeline.addAfter(NettyPipeline.HttpCodec, HANDLER,
					new GuardHandler(this.limits, codec, this.renderer, this.headers));
		}
	}

	/**
	 * Closes where Netty would log a stack trace and what it received, which is a request
	 * with a key in it if somebody forgot the 's' of 'https'.
	 */
	private static final class FailedHandshake extends ChannelInboundHandlerAdapter {

		@Override
		public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
			if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
				ctx.close();
				return;
			}
			super.userEventTriggered(ctx, event);
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) throws Exception {
			if (failure instanceof SSLException || failure.getCause() instanceof SSLException) {
				GuardHandler.logger.debug("A TLS handshake failed");
				ctx.close();
				return;
			}
			super.exceptionCaught(ctx, failure);
		}

	}

	/** Guards the connection once it is known to be HTTP/1.1. */
	private final class Installer extends ChannelInboundHandlerAdapter {

		@Override
		public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
			if (event instanceof SslHandshakeCompletionEvent handshake) {
				ctx.pipeline().remove(this);
				if (handshake.isSuccess()) {
					guard(ctx.pipeline());
				}
			}
			super.userEventTriggered(ctx, event);
		}

	}

}
