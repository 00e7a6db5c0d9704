package dev.llmproxy.web.connection;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the codec and the server: passes on what is within the limits, and
 * refuses the rest with one response and the end of the connection. Time is not measured
 * per request: a timer of the connection looks from time to time whether what it saw last
 * time is still going on. Used by the connection's event loop only.
 */
final class GuardHandler extends ChannelDuplexHandler {

	static final Log logger = LogFactory.getLog(ConnectionGuard.class);

	/** How long a refused caller may take to notice, before its data is cut off. */
	private static final Duration LINGER = Duration.ofSeconds(1);

	private final ConnectionLimits limits;

	private final StrictHttpCodec codec;

	private final RefusalRenderer renderer;

	private final Map<String, String> headers;

	private final WriteProgress writes = new WriteProgress();

	private @Nullable Future<?> timer;

	/** Requests that were passed on and not answered to the end. */
	private int unanswered;

	/** Whether the last of them has not come in whole. */
	private boolean receiving;

	/** Whether the answer to the first of them has begun. */
	private boolean answering;

	/** Whether the connection ends with the current answer. */
	private boolean last;

	/** Whether nothing more is read. */
	private boolean deaf;

	/** Whether nothing more is written. */
	private boolean mute;

	private @Nullable Answer postponed;

	private long messages;

	private long received;

	private Wait wait = new Wait(Doing.NOTHING, 0, 0);

	GuardHandler(ConnectionLimits limits, StrictHttpCodec codec, RefusalRenderer renderer,
			Map<String, String> headers) {
		this.limits = limits;
		this.codec = codec;
		this.renderer = renderer;
		this.headers = headers;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		long tick = this.limits.tick().toMillis();
		this.wait = new Wait(Doing.NOTHING, 0, now(ctx));
		this.timer = ctx.executor().scheduleWithFixedDelay(() -> look(ctx), tick, tick, TimeUnit.MILLISECONDS);
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		if (this.timer != null) {
			this.timer.cancel(false);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		handlerRemoved(ctx);
		ctx.fireChannelInactive();
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		if (this.deaf) {
			ReferenceCountUtil.release(message);
		}
		else if (message instanceof HttpRequest request) {
			request(ctx, request);
		}
		else if (message instanceof HttpContent content) {
			content(ctx, content);
		}
		else {
			ctx.fireChannelRead(message);
		}
	}

	private void request(ChannelHandlerContext ctx, HttpRequest request) {
		Refusal refusal = RequestCheck.check(request, this.limits.maxHeaderFields());
		if (refusal == null) {
			this.messages++;
			this.unanswered++;
			// The end of no body may come after the answer, if that is quick.
			this.receiving = HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
			this.received = 0;
			ctx.fireChannelRead(request);
			return;
		}
		ReferenceCountUtil.release(request);
		String path = RequestTarget.isValid(request.uri()) ? request.uri() : "";
		refuse(ctx, new Answer(refusal, path, request.headers().get("x-request-id")));
	}

	private void content(ChannelHandlerContext ctx, HttpContent content) {
		if (content.decoderResult().isFailure()) {
			Refusal refusal = Refusal.ofBody(content.decoderResult().cause());
			content.release();
			refuse(ctx, new Answer(refusal, "", null));
			return;
		}
		this.received += content.content().readableBytes();
		if (content instanceof LastHttpContent) {
			this.receiving = false;
			this.messages++;
		}
		ctx.fireChannelRead(content);
	}

	/**
	 * Refuses what came last. Earlier requests are answered first: a refusal that
	 * overtakes their answers would be taken for one of these.
	 */
	private void refuse(ChannelHandlerContext ctx, Answer answer) {
		this.deaf = true;
		if (!ctx.channel().isActive()) {
			return;
		}
		if (logger.isDebugEnabled()) {
			logger.debug("Refused " + ctx.channel().remoteAddress() + ": " + answer.refusal().error().code());
		}
		if (this.unanswered > (this.receiving ? 1 : 0)) {
			this.postponed = answer;
		}
		else if (this.answering) {
			ctx.close();
		}
		else {
			write(ctx, answer);
		}
	}

	private void write(ChannelHandlerContext ctx, Answer answer) {
		this.mute = true;
		RefusalRenderer.Rendered rendered = this.renderer.render(answer.path(), answer.requestId(),
				answer.refusal().status().code(), answer.refusal().error());
		FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.refusal().status(),
				Unpooled.wrappedBuffer(rendered.body()));
		this.headers.forEach(response.headers()::set);
		response.headers()
			.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
			.set(HttpHeaderNames.CONTENT_LENGTH, rendered.body().length)
			.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
			.set("x-request-id", rendered.requestId());
		ctx.writeAndFlush(response).addListener((done) -> end(ctx));
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		if (this.mute) {
			ReferenceCountUtil.release(message);
			promise.tryFailure(new ClosedChannelException());
			return;
		}
		if (message instanceof HttpResponse response) {
			if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
				ctx.write(message, promise);
				return;
			}
			this.answering = true;
			if (this.receiving && this.unanswered == 1) {
				// Answered without waiting for the body, of which any amount may follow.
				this.last = true;
				HttpUtil.setKeepAlive(response, false);
			}
		}
		if (message instanceof LastHttpContent) {
			endOfAnswer(ctx, message, promise);
		}
		else {
			ctx.write(message, promise);
		}
	}

	private void endOfAnswer(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		this.answering = false;
		this.unanswered--;
		this.messages++;
		if (this.last) {
			this.deaf = true;
			ctx.write(message, promise.unvoid().addListener((done) -> end(ctx)));
			return;
		}
		ctx.write(message, promise);
		Answer refusal = this.postponed;
		if (refusal != null && this.unanswered == (this.receiving ? 1 : 0)) {
			this.postponed = null;
			write(ctx, refusal);
		}
		else if (this.unanswered == 0) {
			// Reactor Netty asks for none after a request that came before the end of the
			// last answer, and would leave the connection unread.
			ctx.read();
		}
	}

	/**
	 * Ends the connection without cutting off the last answer, which a reset because of
	 * unread data would do (RFC 9112, section 9.6).
	 */
	private void end(ChannelHandlerContext ctx) {
		Channel channel = ctx.channel();
		if (this.unanswered > 0 || !channel.isActive()) {
			// Who is at work on a request learns of the end by this.
			ctx.close();
			return;
		}
		this.deaf = true;
		this.mute = true;
		channel.config().setAutoRead(true);
		if (channel instanceof DuplexChannel duplex && channel.pipeline().get(SslHandler.class) == null) {
			duplex.shutdownOutput().addListener((done) -> {
				if (!done.isSuccess()) {
					ctx.close();
				}
			});
		}
		ctx.executor().schedule(() -> ctx.close(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
	}

	/** Closing while the request still comes in is as good as refusing it. */
	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		if (this.receiving && this.unanswered == 0 && ctx.channel().isActive()) {
			if (!this.mute) {
				end(ctx);
			}
			ctx.channel().closeFuture().addListener((ChannelFutureListener) (closed) -> promise.trySuccess());
		}
		else {
			ctx.close(promise);
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
		if (this.unanswered > 0 && !(failure instanceof IOException)) {
			ctx.fireExceptionCaught(failure);
			return;
		}
		// Without its message: that of a TLS record which is none contains what was sent.
		logger.debug("A connection failed: " + failure.getClass().getName());
		ctx.close();
	}

	private void look(ChannelHandlerContext ctx) {
		long now = now(ctx);
		if (this.writes.stalledFor(ctx.channel().unsafe().outboundBuffer(), now) >= this.limits.writeTimeout()
			.toNanos()) {
			logger.debug("A caller stopped reading");
			ctx.close();
			return;
		}
		Doing doing = doing();
		if (doing != this.wait.doing() || this.messages != this.wait.messages()) {
			this.wait = new Wait(doing, this.messages, now);
			return;
		}
		long lasted = now - this.wait.since();
		switch (doing) {
			case HEAD -> {
				if (lasted >= this.limits.headerTimeout().toNanos()) {
					refuse(ctx, new Answer(Refusal.TIMEOUT, "", null));
				}
			}
			case BODY -> {
				long fair = TimeUnit.SECONDS.toNanos(this.received / this.limits.minBodyRate());
				if (lasted >= this.limits.bodyTimeout().toNanos() + fair) {
					refuse(ctx, new Answer(Refusal.TIMEOUT, "", null));
				}
			}
			case IDLING -> {
				if (lasted >= this.limits.idleTimeout().toNanos()) {
					ctx.close();
				}
			}
			case NOTHING -> {
			}
		}
	}

	/** What the connection waits for that takes the caller. */
	private Doing doing() {
		if (this.deaf) {
			return Doing.NOTHING;
		}
		if (this.receiving) {
			return Doing.BODY;
		}
		if (this.codec.inHead()) {
			return Doing.HEAD;
		}
		return (this.unanswered == 0) ? Doing.IDLING : Doing.NOTHING;
	}

	private static long now(ChannelHandlerContext ctx) {
		return ctx.executor().ticker().nanoTime();
	}

	private enum Doing {

		NOTHING, IDLING, HEAD, BODY

	}

	/**
	 * What was going on when the timer looked.
	 *
	 * @param messages how much has happened on the connection
	 * @param since when it was seen first, in nanoseconds
	 */
	private record Wait(Doing doing, long messages, long since) {
	}

	/**
	 * A refusal with what is known of its request.
	 *
	 * @param requestId as the caller chose it, unchecked
	 */
	private record Answer(Refusal refusal, String path, @Nullable String requestId) {
	}

}
