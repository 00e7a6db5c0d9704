package dev.llmproxy.web;

import java.util.ArrayDeque;
import java.util.Queue;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One connection's switch between the lane and WebFlux. Requests are answered in the
 * order in which they came, so what arrives while another is being answered waits here.
 * Nothing is read by itself on Reactor Netty's connections: whoever has a request asks
 * for the rest of it. Used by the connection's event loop only.
 */
final class LaneHandler extends ChannelDuplexHandler {

	private final HotLane lane;

	/** What was read and not looked at yet: at most what one read brought. */
	private final Queue<Object> waiting = new ArrayDeque<>(2);

	private @Nullable LaneExchange exchange;

	/** Requests that were passed on and not answered to the end. */
	private int elsewhere;

	/** Whether the body that arrives was passed on. */
	private boolean passing;

	/** Whether an informational response is being written. */
	private boolean informational;

	/** Whether the answer that is being written by somebody else is the last. */
	private boolean last;

	private boolean draining;

	LaneHandler(HotLane lane) {
		this.lane = lane;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.lane.opened();
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		this.waiting.add(message);
		drain(ctx);
	}

	private void drain(ChannelHandlerContext ctx) {
		if (this.draining) {
			return;
		}
		this.draining = true;
		try {
			Object next;
			while ((next = this.waiting.peek()) != null && !mustWait(next)) {
				this.waiting.remove();
				take(ctx, next);
			}
		}
		finally {
			this.draining = false;
		}
	}

	/** Requests wait for answers to earlier ones, unless both are somebody else's. */
	private boolean mustWait(Object message) {
		if (!(message instanceof HttpRequest request)) {
			return false;
		}
		return this.exchange != null || (this.elsewhere > 0 && this.lane.endpoint(request) != null);
	}

	private void take(ChannelHandlerContext ctx, Object message) {
		if (message instanceof HttpRequest request) {
			InferenceEndpoint endpoint = this.lane.endpoint(request);
			if (endpoint == null) {
				this.passing = true;
				this.elsewhere++;
			}
			else {
				this.exchange = new LaneExchange(this.lane, ctx, request, endpoint, () -> answered(ctx));
				this.exchange.begin();
				if (!(message instanceof HttpContent)) {
					return;
				}
			}
		}
		if (message instanceof HttpContent content && !this.passing) {
			content(content);
			return;
		}
		if (message instanceof LastHttpContent) {
			this.passing = false;
		}
		ctx.fireChannelRead(message);
	}

	private void content(HttpContent content) {
		try {
			if (this.exchange != null) {
				this.exchange.content(content);
			}
		}
		finally {
			content.release();
		}
	}

	private void answered(ChannelHandlerContext ctx) {
		this.exchange = null;
		drain(ctx);
		if (this.waiting.isEmpty()) {
			ctx.read();
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		LaneExchange current = this.exchange;
		if (current != null) {
			current.readComplete();
		}
		if (current == null || this.elsewhere > 0) {
			ctx.fireChannelReadComplete();
		}
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		if (message instanceof HttpResponse response) {
			this.informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
			if (this.lane.draining() && !this.informational) {
				this.last = true;
				HttpUtil.setKeepAlive(response, false);
			}
		}
		boolean end = message instanceof LastHttpContent && !this.informational;
		ChannelPromise written = promise;
		if (end && this.last) {
			written = promise.unvoid().addListener(ChannelFutureListener.CLOSE);
		}
		ctx.write(message, written);
		if (end) {
			this.elsewhere--;
			drain(ctx);
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		if (this.exchange != null && ctx.channel().isWritable()) {
			this.exchange.writable();
		}
		ctx.fireChannelWritabilityChanged();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		abandon();
		ctx.fireChannelInactive();
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		this.lane.closed();
		abandon();
	}

	private void abandon() {
		LaneExchange current = this.exchange;
		this.exchange = null;
		if (current != null) {
			current.abandon();
		}
		Object next;
		while ((next = this.waiting.poll()) != null) {
			ReferenceCountUtil.release(next);
		}
	}

}
