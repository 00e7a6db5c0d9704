package dev.llmproxy.web;

import java.util.List;
import java.util.concurrent.Callable;

import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.HeaderFields;
import dev.llmproxy.gateway.Holding;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.MemoryBudget.Pressure;
import dev.llmproxy.gateway.Snapshot;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * One request on the lane, from its head to the last byte of its answer. What the gateway
 * emits may come from any thread; everything else happens on the connection's event loop.
 */
final class LaneExchange {

	private static final Log logger = LogFactory.getLog(HotLane.class);

	private static final NettyDataBufferFactory BUFFERS = new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);

	/** Buffers of a stream that may be asked for ahead of the socket. */
	private static final int AHEAD = 8;

	private final HotLane lane;

	private final ChannelHandlerContext ctx;

	private final HttpRequest head;

	private final InferenceEndpoint endpoint;

	private final Runnable answered;

	private final String id;

	private final org.springframework.http.HttpHeaders headers;

	private final Snapshot snapshot;

	private final Backlog backlog;

	private @Nullable Caller caller;

	private @Nullable CollectedBody body;

	private @Nullable Holding holding;

	private @Nullable HeadSubscriber waiting;

	private @Nullable AnswerSubscriber reading;

	private @Nullable BodySubscriber writing;

	private boolean received;

	/** Whether a call was made of it. */
	private boolean called;

	private boolean committed;

	private boolean over;

	LaneExchange(HotLane lane, ChannelHandlerContext ctx, HttpRequest head, InferenceEndpoint endpoint,
			Runnable answered) {
		this.lane = lane;
		this.ctx = ctx;
		this.head = head;
		this.endpoint = endpoint;
		this.answered = answered;
		this.backlog = new Backlog(lane.admission().memory());
		this.snapshot = lane.keys().snapshot();
		this.headers = new org.springframework.http.HttpHeaders(new Netty4HeadersAdapter(head.headers()));
		this.id = RequestIds.choose(head.headers().get(RequestIds.HEADER));
	}

	// The request.

	void begin() {
		this.lane.began();
		try {
			this.caller = this.lane.keys().caller(this.headers, this.snapshot, this.ctx.channel().remoteAddress());
			RequestFactory.checkHead(this.headers, this.lane.requests().maxBodySize());
			long announced = HttpUtil.getContentLength(this.head, -1L);
			Holding holding = this.lane.admission().admit(announced);
			this.holding = holding;
			this.body = new CollectedBody(announced, this.lane.admission(), holding);
		}
		catch (LlmException refusal) {
			fail(refusal);
		}
	}

	void content(HttpContent content) {
		CollectedBody body = this.body;
		boolean last = content instanceof LastHttpContent;
		this.received = this.received || last;
		if (body == null || this.over || this.committed) {
			return;
		}
		int limit = this.lane.requests().maxBodySize();
		try {
			if (!body.add(content.content(), limit)) {
				throw RequestFactory.tooLarge(limit);
			}
			if (!last) {
				return;
			}
		}
		catch (LlmException refusal) {
			this.body = null;
			fail(refusal);
			return;
		}
		this.body = null;
		ask(body.bytes());
	}

	/**
	 * Asks for more of the request; once it is whole, to learn of a caller that leaves.
	 */
	void readComplete() {
		this.ctx.read();
	}

	private void ask(byte[] bytes) {
		LlmRequest request;
		Mono<LlmResponse> answer;
		try {
			Caller caller = this.caller;
			if (caller == null) {
				throw new IllegalStateException("The request passed no authentication");
			}
			request = this.lane.requests()
				.create(this.endpoint, this.headers, ForwardedHeaders.of(this.headers, this.head.headers()), this.id,
						caller, this.snapshot, bytes);
			answer = this.lane.gateway().handle(request);
		}
		catch (RuntimeException ex) {
			fail(ex);
			return;
		}
		HeadSubscriber subscriber = new HeadSubscriber(request);
		this.waiting = subscriber;
		this.called = true;
		answer.subscribe(subscriber);
	}

	/** The caller has left. */
	void abandon() {
		if (this.over) {
			return;
		}
		end();
		HeadSubscriber waiting = this.waiting;
		if (waiting != null) {
			waiting.cancel();
		}
		AnswerSubscriber reading = this.reading;
		if (reading != null) {
			reading.cancel();
		}
		BodySubscriber writing = this.writing;
		if (writing != null) {
			writing.cancel();
		}
	}

	private void end() {
		this.over = true;
		Holding holding = this.holding;
		if (holding != null) {
			holding.close();
		}
		this.lane.ended();
	}

	// The answer.

	private void onLoop(Runnable work) {
		if (this.ctx.executor().inEventLoop()) {
			work.run();
		}
		else {
			this.ctx.executor().execute(work);
		}
	}

	private void fail(Throwable failure) {
		if (this.over) {
			return;
		}
		if (this.committed) {
			logger.debug("The answer to request " + this.id + " broke off: " + failure.getClass().getName());
			this.ctx.close();
			return;
		}
		write(this.called ? this.lane.errors().render(this.endpoint.dialect(), this.id, failure)
				: this.lane.errors().refuse(path(), this.endpoint.dialect(), this.id, this.caller, failure));
	}

	private String path() {
		int query = this.head.uri().indexOf('?');
		return (query < 0) ? this.head.uri() : this.head.uri().substring(0, query);
	}

	private void write(RenderedAnswer answer) {
		if (this.over) {
			return;
		}
		this.committed = true;
		byte[] bytes = answer.body();
		Flux<DataBuffer> content = answer.content();
		boolean keepAlive = HttpUtil.isKeepAlive(this.head) && !this.lane.draining()
				&& this.lane.admission().keepsConnections();
		if (content == null) {
			byte[] body = (bytes != null) ? bytes : new byte[0];
			HttpHeaders headers = headers(answer, keepAlive);
			headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
			DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
					HttpResponseStatus.valueOf(answer.status()), Unpooled.wrappedBuffer(body), headers,
					EmptyHttpHeaders.INSTANCE);
			ChannelFuture written = this.ctx.writeAndFlush(response);
			this.backlog.written(written, body.length, () -> {
			});
			finish(written, keepAlive);
			return;
		}
		HttpHeaders headers = headers(answer, keepAlive);
		headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
		this.ctx
			.write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), headers));
		BodySubscriber subscriber = new BodySubscriber(keepAlive);
		this.writing = subscriber;
		content.subscribe(subscriber);
		// The head goes out with the first buffers where these are there already.
		this.ctx.flush();
	}

	private HttpHeaders headers(RenderedAnswer answer, boolean keepAlive) {
		HttpHeaders headers = this.lane.headers();
		headers.set(RequestIds.HEADER, this.id);
		HeaderFields.forEach(answer.headers(), (name, values) -> set(headers, name, values));
		answer.fields().forEach(headers::set);
		if (!keepAlive) {
			headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
		}
		return headers;
	}

	private static void set(HttpHeaders headers, String name, List<String> values) {
		if (values.size() == 1) {
			headers.set(name, values.get(0));
		}
		else {
			headers.set(name, values);
		}
	}

	private void finish(ChannelFuture written, boolean keepAlive) {
		end();
		if (!keepAlive) {
			written.addListener((done) -> this.ctx.close());
		}
		else if (this.received) {
			this.answered.run();
		}
		// Else the guard ends the connection: any amount of the body may follow.
	}

	/** The socket takes more. */
	void writable() {
		BodySubscriber writing = this.writing;
		if (writing != null) {
			writing.ask();
		}
	}

	private void render(LlmRequest request, LlmResponse response) {
		try {
			Mono<RenderedAnswer> answer = this.lane.renderer().render(request, response, alt(), BUFFERS);
			if (answer instanceof Callable<?> ready && ready.call() instanceof RenderedAnswer rendered) {
				write(rendered);
			}
			else {
				AnswerSubscriber subscriber = new AnswerSubscriber();
				this.reading = subscriber;
				answer.subscribe(subscriber);
			}
		}
		catch (Exception ex) {
			response.body().discard();
			fail(ex);
		}
	}

	private @Nullable String alt() {
		int query = this.head.uri().indexOf('?');
		return (query < 0) ? null
				: UriComponentsBuilder.newInstance()
					.query(this.head.uri().substring(query + 1))
					.build()
					.getQueryParams()
					.getFirst("alt");
	}

	/** Waits for the head of the answer. */
	private final class HeadSubscriber implements CoreSubscriber<LlmResponse> {

		private final LlmRequest request;

		private @Nullable Subscription subscription;

		HeadSubscriber(LlmRequest request) {
			this.request = request;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			this.subscription = subscription;
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(LlmResponse response) {
			onLoop(() -> {
				LaneExchange.this.waiting = null;
				if (LaneExchange.this.over) {
					response.body().discard();
				}
				else {
					render(this.request, response);
				}
			});
		}

		@Override
		public void onError(Throwable failure) {
			onLoop(() -> {
				LaneExchange.this.waiting = null;
				fail(failure);
			});
		}

		@Override
		public void onComplete() {
			// The head came before.
		}

		void cancel() {
			if (this.subscription != null) {
				this.subscription.cancel();
			}
		}

	}

	/** Waits for an answer that has to be read to its end before it can be rendered. */
	private final class AnswerSubscriber implements CoreSubscriber<RenderedAnswer> {

		private @Nullable Subscription subscription;

		@Override
		public void onSubscribe(Subscription subscription) {
			this.subscription = subscription;
			subscription.request(Long.MAX_VALUE);
		}

		void cancel() {
			if (this.subscription != null) {
				this.subscription.cancel();
			}
		}

		@Override
		public void onNext(RenderedAnswer answer) {
			onLoop(() -> write(answer));
		}

		@Override
		public void onError(Throwable failure) {
			onLoop(() -> fail(failure));
		}

		@Override
		public void onComplete() {
			// The answer came before.
		}

	}

	/** Writes a body on the move, as fast as the caller takes it. */
	private final class BodySubscriber implements CoreSubscriber<DataBuffer> {

		private final boolean keepAlive;

		private @Nullable Subscription subscription;

		/** Asked for and not come yet. */
		private int asked;

		BodySubscriber(boolean keepAlive) {
			this.keepAlive = keepAlive;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			this.subscription = subscription;
			this.asked = AHEAD;
			subscription.request(AHEAD);
		}

		@Override
		public void onNext(DataBuffer buffer) {
			if (LaneExchange.this.ctx.executor().inEventLoop()) {
				next(buffer);
			}
			else {
				LaneExchange.this.ctx.executor().execute(() -> next(buffer));
			}
		}

		private void next(DataBuffer buffer) {
			this.asked--;
			if (LaneExchange.this.over) {
				DataBufferUtils.release(buffer);
				return;
			}
			ByteBuf bytes = bytes(buffer);
			int length = bytes.readableBytes();
			LaneExchange.this.backlog.written(LaneExchange.this.ctx.writeAndFlush(new DefaultHttpContent(bytes)),
					length, this::ask);
			ask();
		}

		private static ByteBuf bytes(DataBuffer buffer) {
			return NettyDataBufferFactory.toByteBuf(buffer);
		}

		/**
		 * Asks for more, some way ahead of the socket. Where memory is short, a slow
		 * caller's stream goes on buffer by buffer.
		 */
		void ask() {
			Subscription subscription = this.subscription;
			if (subscription == null || LaneExchange.this.over || !LaneExchange.this.ctx.channel().isWritable()) {
				return;
			}
			if (LaneExchange.this.lane.admission().memory().pressure() == Pressure.CRITICAL) {
				if (this.asked == 0 && LaneExchange.this.backlog.isEmpty()) {
					this.asked = 1;
					subscription.request(1);
				}
			}
			else if (this.asked <= AHEAD / 2) {
				int more = AHEAD - this.asked;
				this.asked = AHEAD;
				subscription.request(more);
			}
		}

		@Override
		public void onError(Throwable failure) {
			onLoop(() -> fail(failure));
		}

		@Override
		public void onComplete() {
			onLoop(() -> {
				if (!LaneExchange.this.over) {
					LaneExchange.this.writing = null;
					finish(LaneExchange.this.ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT), this.keepAlive);
				}
			});
		}

		void cancel() {
			if (this.subscription != null) {
				this.subscription.cancel();
			}
		}

	}

}
