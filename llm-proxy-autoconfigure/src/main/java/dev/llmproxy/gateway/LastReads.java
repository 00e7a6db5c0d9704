package dev.llmproxy.gateway;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Has nothing more read once a connection is told to close. On io_uring a close waits for
 * what is being written, and a read that is asked for meanwhile, or was before, would
 * keep the socket after its descriptor is closed, until its peer does something (Netty
 * 4.2.17). First of all handlers, so that no other asks behind its back.
 */
public final class LastReads extends ChannelOutboundHandlerAdapter {

	private boolean closing;

	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		this.closing = true;
		// To be switched off takes back what was asked for.
		ctx.channel().config().setAutoRead(true).setAutoRead(false);
		ctx.close(promise);
	}

	@Override
	public void read(ChannelHandlerContext ctx) {
		if (!this.closing) {
			ctx.read();
		}
	}

}
