package dev.llmproxy.provider;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Drops informational responses (RFC 9110 §15.2), which Reactor Netty would take for the
 * answer. We ask for none, yet front ends of providers may send {@code 103 Early Hints}.
 */
final class InterimResponseSkipper extends ChannelInboundHandlerAdapter {

	static final String NAME = "llmproxy.interim";

	private static final int SWITCHING_PROTOCOLS = 101;

	private boolean skipping;

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof HttpResponse response) {
			int status = response.status().code();
			this.skipping = status >= 100 && status < 200 && status != SWITCHING_PROTOCOLS;
		}
		if (!this.skipping) {
			context.fireChannelRead(message);
			return;
		}
		ReferenceCountUtil.release(message);
		if (message instanceof LastHttpContent) {
			this.skipping = false;
			context.read();
		}
	}

}
