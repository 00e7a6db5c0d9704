package dev.llmproxy.provider;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Queue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * A connection to a provider: one request after the other, each with one response.
 * Informational responses (RFC 9110, section 15.2) are skipped. The HTTP chunks that one
 * socket read brought are passed on as one buffer: providers send a chunk per event, and
 * every one would cost a walk through all layers and a flush. Used by its event loop
 * only.
 */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {

	/** Content that may wait for a reader before the socket is left alone. */
	private static final int MOST_WAITING = 64 * 1024;

	private static final int SWITCHING_PROTOCOLS = 101;

	private final ConnectionPool pool;

	private final NettyTransport.Address address;

	private final long expiry;

	private @Nullable ChannelHandlerContext ctx;

	private Exchange.@Nullable Call<?> call;

	private @Nullable Content content;

	/** What the current read has brought, in one piece or copied together. */
	private @Nullable ByteBuf first;

	private @Nullable ByteBuf joined;

	private boolean skipping;

	private boolean keepAlive;

	private boolean written;

	private long idleSince;

	UpstreamConnection(ConnectionPool pool, NettyTransport.Address address, long expiry) {
		this.pool = pool;
		this.address = address;
		this.expiry = expiry;
		this.idleSince = System.nanoTime();
	}

	NettyTransport.Address address() {
		return this.address;
	}

	boolean usable(long now) {
		return this.ctx != null && this.ctx.channel().isActive() && now - this.expiry < 0
				&& now - this.idleSince < this.pool.maxIdleNanos();
	}

	void close() {
		if (this.ctx != null) {
			this.ctx.close();
		}
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.ctx = ctx;
	}

	// The request.

	void begin(Exchange.Call<?> call) {
		ChannelHandlerContext ctx = this.ctx;
		if (ctx == null || !ctx.channel().isActive()) {
			call.failed(new IOException("The connection was closed at once"));
			return;
		}
		if (call.cancelled()) {
			this.idleSince = System.nanoTime();
			this.pool.release(this);
			return;
		}
		this.call = call;
		this.written = false;
		call.connected(this);
		ctx.writeAndFlush(request(call.request())).addListener((done) -> {
			if (done.isSuccess()) {
				this.written = true;
			}
			else {
				fail(done.cause());
			}
		});
	}

	private static DefaultFullHttpRequest request(OutboundRequest request) {
		URI uri = request.uri();
		byte[] body = request.body();
		String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
		DefaultFullHttpRequest message = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1,
				HttpMethod.valueOf(request.method()),
				(uri.getRawQuery() != null) ? path + "?" + uri.getRawQuery() : path, Unpooled.wrappedBuffer(body),
				request.headers(), EmptyHttpHeaders.INSTANCE);
		if (!request.headers().contains(HttpHeaderNames.HOST)) {
			String authority = uri.getRawAuthority();
			message.headers().set(HttpHeaderNames.HOST, authority.substring(authority.indexOf('@') + 1));
		}
		if (body.length > 0 || !"GET".equals(request.method())) {
			message.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
		}
		return message;
	}

	// The response.

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		if (this.call == null && this.content == null) {
			// Nobody asked.
			ReferenceCountUtil.release(message);
			ctx.close();
			return;
		}
		if (message instanceof HttpResponse response) {
			head(response);
		}
		if (message instanceof HttpContent part) {
			part(part);
		}
	}

	private void head(HttpResponse response) {
		if (response.decoderResult().isFailure()) {
			fail(new IOException("The response can't be read"));
			return;
		}
		int status = response.status().code();
		this.skipping = status >= 100 && status < 200 && status != SWITCHING_PROTOCOLS;
		Exchange.Call<?> call = this.call;
		ChannelHandlerContext ctx = this.ctx;
		if (this.skipping || call == null || ctx == null) {
			return;
		}
		this.keepAlive = HttpUtil.isKeepAlive(response) && status != SWITCHING_PROTOCOLS;
		this.content = new Content(ctx);
		call.head(new UpstreamResponse(status, response.headers(), this.content, ctx.channel().eventLoop()));
	}

	private void part(HttpContent part) {
		boolean last = part instanceof LastHttpContent;
		if (this.skipping || this.content == null) {
			part.release();
			this.skipping = this.skipping && !last;
			return;
		}
		if (part.decoderResult().isFailure()) {
			part.release();
			fail(new IOException("The response can't be read"));
			return;
		}
		if (part.content().isReadable()) {
			add(part.content());
		}
		else {
			part.release();
		}
		if (last) {
			flush();
			end();
		}
	}

	private void add(ByteBuf bytes) {
		if (this.joined == null && this.first == null) {
			this.first = bytes;
			return;
		}
		ByteBuf target;
		try {
			target = join(bytes);
		}
		finally {
			bytes.release();
		}
		if (target.readableBytes() >= MOST_WAITING) {
			flush();
		}
	}

	private ByteBuf join(ByteBuf bytes) {
		ByteBuf target = this.joined;
		if (target == null) {
			// First of all, as there may be no memory for it.
			target = bytes.alloc().ioBuffer(MOST_WAITING);
			this.joined = target;
			ByteBuf first = this.first;
			this.first = null;
			if (first != null) {
				target.writeBytes(first);
				first.release();
			}
		}
		return target.writeBytes(bytes);
	}

	private void flush() {
		ByteBuf pending = (this.joined != null) ? this.joined : this.first;
		this.joined = null;
		this.first = null;
		if (pending == null) {
			return;
		}
		Content content = this.content;
		if (content != null) {
			content.next(pending);
		}
		else {
			pending.release();
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		flush();
	}

	/**
	 * The response is complete: the connection is free, before its reader hears of it.
	 */
	private void end() {
		Content content = this.content;
		this.content = null;
		this.call = null;
		if (this.keepAlive && this.written) {
			ChannelHandlerContext ctx = this.ctx;
			if (ctx != null) {
				ctx.channel().config().setAutoRead(true);
			}
			this.idleSince = System.nanoTime();
			this.pool.release(this);
		}
		else {
			close();
		}
		if (content != null) {
			content.complete();
		}
	}

	/** This call leaves; somebody else may have the connection by now. */
	void abandon(Exchange.Call<?> call) {
		if (call.equals(this.call)) {
			abandon();
		}
	}

	/** Nobody wants the response, or the rest of it. */
	private void abandon() {
		this.call = null;
		this.content = null;
		flush();
		close();
	}

	private void fail(Throwable failure) {
		flush();
		Exchange.Call<?> call = this.call;
		Content content = this.content;
		this.call = null;
		this.content = null;
		close();
		if (content != null) {
			content.fail(failure);
		}
		else if (call != null) {
			if (this.written) {
				call.failed(failure);
			}
			else {
				call.unsent(failure);
			}
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		fail(new IOException("The connection was closed before the response was complete"));
		ctx.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
		fail(failure);
	}

	/**
	 * The content of one response; each buffer is released after its subscriber saw it.
	 */
	private final class Content extends Flux<ByteBuf> implements Subscription {

		private final ChannelHandlerContext ctx;

		private final Queue<ByteBuf> waiting = new ArrayDeque<>(2);

		private int waitingBytes;

		private @Nullable CoreSubscriber<? super ByteBuf> actual;

		private long requested;

		private boolean done;

		private @Nullable Throwable failure;

		private boolean over;

		private boolean emitting;

		Content(ChannelHandlerContext ctx) {
			this.ctx = ctx;
		}

		@Override
		public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
			if (this.actual != null) {
				Operators.error(actual, new IllegalStateException("Content can be read once"));
				return;
			}
			this.actual = actual;
			actual.onSubscribe(this);
			onLoop(this::emit);
		}

		private void onLoop(Runnable work) {
			if (this.ctx.executor().inEventLoop()) {
				work.run();
			}
			else {
				this.ctx.executor().execute(work);
			}
		}

		void next(ByteBuf bytes) {
			if (this.over) {
				bytes.release();
				return;
			}
			this.waiting.add(bytes);
			this.waitingBytes += bytes.readableBytes();
			emit();
			if (this.waitingBytes >= MOST_WAITING && !this.done) {
				this.ctx.channel().config().setAutoRead(false);
			}
		}

		void complete() {
			this.done = true;
			emit();
		}

		void fail(Throwable failure) {
			this.failure = failure;
			this.done = true;
			emit();
		}

		private void emit() {
			CoreSubscriber<? super ByteBuf> actual = this.actual;
			if (actual == null || this.emitting) {
				return;
			}
			this.emitting = true;
			try {
				pass(actual);
			}
			finally {
				this.emitting = false;
			}
			if (this.over) {
				drop();
			}
			else if (this.done && this.waiting.isEmpty()) {
				this.over = true;
				if (this.failure != null) {
					actual.onError(this.failure);
				}
				else {
					actual.onComplete();
				}
			}
			else if (!this.done && this.waitingBytes < MOST_WAITING && !this.ctx.channel().config().isAutoRead()) {
				this.ctx.channel().config().setAutoRead(true);
			}
		}

		private void pass(CoreSubscriber<? super ByteBuf> actual) {
			while (!this.over && this.requested > 0 && !this.waiting.isEmpty()) {
				ByteBuf bytes = this.waiting.remove();
				this.waitingBytes -= bytes.readableBytes();
				if (this.requested != Long.MAX_VALUE) {
					this.requested--;
				}
				try {
					actual.onNext(bytes);
				}
				finally {
					bytes.release();
				}
			}
		}

		private void drop() {
			ByteBuf bytes;
			while ((bytes = this.waiting.poll()) != null) {
				bytes.release();
			}
		}

		@Override
		public void request(long n) {
			if (Operators.validate(n)) {
				onLoop(() -> {
					this.requested = Operators.addCap(this.requested, n);
					emit();
				});
			}
		}

		@Override
		public void cancel() {
			onLoop(() -> {
				if (this.over) {
					return;
				}
				this.over = true;
				if (!this.emitting) {
					drop();
				}
				if (!this.done) {
					abandon();
				}
			});
		}

	}

}
