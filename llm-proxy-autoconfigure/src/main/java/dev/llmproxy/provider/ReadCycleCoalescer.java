package dev.llmproxy.provider;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Joins the HTTP chunks that one socket read brought into one. Providers send an HTTP
 * chunk per event; without this every one of them costs a walk through the pipeline, an
 * allocation and a flush. Nothing waits: what a read brought is passed on when that read
 * ends.
 */
final class ReadCycleCoalescer extends ChannelInboundHandlerAdapter {

	static final String NAME = "llmproxy.coalescer";

	private static final int LIMIT = 64 * 1024;

	private @Nullable ByteBuf first;

	private @Nullable ByteBuf joined;

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof LastHttpContent) {
			flush(context);
			context.fireChannelRead(message);
		}
		else if (message instanceof HttpContent content && content.decoderResult().isSuccess()) {
			add(context, content.content());
		}
		else {
			flush(context);
			context.fireChannelRead(message);
		}
	}

	private void add(ChannelHandlerContext context, ByteBuf bytes) {
		if (this.joined == null && this.first == null) {
			this.first = bytes;
			return;
		}
		ByteBuf target = this.joined;
		if (target == null) {
			ByteBuf first = this.first;
			this.first = null;
			target = context.alloc().ioBuffer(LIMIT);
			this.joined = target;
			if (first != null) {
				target.writeBytes(first);
				first.release();
			}
		}
		target.writeBytes(bytes);
		bytes.release();
		if (target.readableBytes() >= LIMIT) {
			flush(context);
		}
	}

	private void flush(ChannelHandlerContext context) {
		ByteBuf pending = (this.joined != null) ? this.joined : this.first;
		this.joined = null;
		this.first = null;
		if (pending != null) {
			context.fireChannelRead(new DefaultHttpContent(pending));
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		flush(context);
		context.fireChannelReadComplete();
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		flush(context);
		context.fireChannelInactive();
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		flush(context);
	}

}
