package dev.llmproxy.provider;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Function;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/**
 * Carries one streamed answer from a provider's connection to whoever reads it. It is the
 * commit boundary: the head is emitted after the first frame that means something, and a
 * failure before that is a failure of the head, from which others may recover. Bytes pass
 * as they came, cut between frames only, so that a reader never sees part of an event.
 * <p>
 * The upper half (what arrives, the clocks) runs on the connection's event loop only. The
 * lower half (demand, cancellation) may run on any thread; both meet in {@link #drain()}.
 */
final class StreamRelay extends Flux<DataBuffer> implements CoreSubscriber<ByteBuf>, Subscription {

	/** How long an answer that is complete may leave its connection open. */
	private static final long AFTER_END_NANOS = TimeUnit.SECONDS.toNanos(5);

	private static final NettyDataBufferFactory BUFFERS = new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);

	private static final AtomicIntegerFieldUpdater<StreamRelay> WIP = AtomicIntegerFieldUpdater
		.newUpdater(StreamRelay.class, "wip");

	private static final AtomicIntegerFieldUpdater<StreamRelay> ASKED = AtomicIntegerFieldUpdater
		.newUpdater(StreamRelay.class, "asked");

	private static final AtomicLongFieldUpdater<StreamRelay> REQUESTED = AtomicLongFieldUpdater
		.newUpdater(StreamRelay.class, "requested");

	private final UpstreamResponse response;

	private final StreamInspector inspector;

	private final FrameFinder frames;

	private final StreamPolicy policy;

	private final Function<Flux<DataBuffer>, LlmResponse> head;

	private final Outcome outcome;

	private final Queue<DataBuffer> queue = Queues.<DataBuffer>unbounded(16).get();

	// Upper half, event loop only.

	private @Nullable MonoSink<LlmResponse> sink;

	/**
	 * The beginning of a frame whose end has not come yet; on the heap, so it can't leak.
	 */
	private @Nullable ByteBuf held;

	/** The last buffer that was made for {@link #held}. */
	private @Nullable ByteBuf growing;

	/** How much of {@link #held} was searched already. */
	private int scanned;

	private boolean begun;

	private boolean committed;

	private boolean meaningful;

	private int gatedBytes;

	private long producedFrames;

	private long producedBytes;

	private long lastProgress;

	private @Nullable Future<?> clock;

	// Both halves.

	private volatile @Nullable Subscription upstream;

	private volatile boolean done;

	private volatile @Nullable Throwable failure;

	private volatile boolean cancelled;

	private volatile @Nullable CoreSubscriber<? super DataBuffer> actual;

	volatile int wip;

	/** Whether the upstream owes a buffer: one at a time keeps what is buffered small. */
	volatile int asked;

	volatile long requested;

	StreamRelay(UpstreamResponse response, StreamInspector inspector, FrameFinder frames, StreamPolicy policy,
			Outcome outcome, Function<Flux<DataBuffer>, LlmResponse> head) {
		this.response = response;
		this.inspector = inspector;
		this.frames = frames;
		this.policy = policy;
		this.outcome = outcome;
		this.head = head;
		this.lastProgress = policy.startNanos();
	}

	/** The head of the answer; subscribes to the response when it is subscribed to. */
	Mono<LlmResponse> head() {
		return Mono.create((sink) -> {
			this.sink = sink;
			sink.onCancel(this::cancel);
			armClock();
			this.response.content().subscribe(this);
		});
	}

	// What arrives.

	@Override
	public void onSubscribe(Subscription subscription) {
		this.upstream = subscription;
		if (this.cancelled) {
			subscription.cancel();
			return;
		}
		ask(subscription);
	}

	@Override
	public void onNext(ByteBuf bytes) {
		this.asked = 0;
		if (this.done || this.cancelled) {
			return;
		}
		ByteBuf data = join(bytes);
		try {
			relay(data);
		}
		catch (RuntimeException ex) {
			fail(UpstreamFailures.of(ex, this.policy.provider()));
		}
		finally {
			data.release();
		}
		if (!this.committed && this.meaningful && !this.done) {
			commit();
		}
		if (this.committed || this.cancelled) {
			drain();
		}
		else if (!this.done && this.upstream != null) {
			ask(this.upstream);
		}
	}

	/** What was held back and what came now, as one buffer that the caller releases. */
	private ByteBuf join(ByteBuf bytes) {
		ByteBuf before = this.held;
		if (before == null) {
			this.scanned = 0;
			return bytes.retain();
		}
		this.held = null;
		return before.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
	}

	private void relay(ByteBuf data) {
		int start = data.readerIndex();
		int length = data.readableBytes();
		ByteBuffer view = (data.nioBufferCount() == 1) ? data.internalNioBuffer(start, length)
				: data.nioBuffer(start, length);
		int base = view.position();
		int limit = view.limit();
		int from = base;
		if (!this.begun) {
			from = this.frames.begin(view, base, limit);
			this.begun = limit - base >= 3;
		}
		int pass = from;
		int scanned = Math.max(from, base + this.scanned);
		boolean ended = false;
		boolean progressed = false;
		for (int end; !ended && (end = this.frames.nextFrameEnd(view, from, scanned, limit)) > 0; from = end) {
			scanned = end;
			view.limit(end).position(from);
			boolean over = this.inspector.complete();
			StreamInspector.Kind kind = this.inspector.inspect(view);
			view.limit(limit).position(base);
			switch (kind) {
				case SEMANTIC -> {
					progress(over ? 0 : end - from);
					progressed = true;
				}
				case USAGE -> {
					if (this.policy.hideUsage()) {
						enqueue(data, start + pass - base, from - pass);
						pass = end;
					}
				}
				case ERROR -> {
					ended = true;
					if (!this.committed) {
						fail(LlmException.answer(this.inspector.error()));
						return;
					}
					this.outcome.error(this.inspector.error());
				}
				case LIFECYCLE -> {
				}
			}
		}
		if (progressed) {
			// Once for all that one read brought.
			this.lastProgress = System.nanoTime();
		}
		enqueue(data, start + pass - base, from - pass);
		if (ended) {
			finish(null);
		}
		else if (from < limit) {
			holdBack(data, start + from - base, limit - from);
		}
	}

	/** Something came that means something, with so many bytes of content. */
	private void progress(int bytes) {
		this.meaningful = true;
		if (bytes > 0) {
			this.producedFrames++;
			this.producedBytes += bytes;
		}
	}

	@SuppressWarnings("ReferenceEquality") // the same buffer, not one of equal content
	private void holdBack(ByteBuf data, int index, int length) {
		if (length > this.policy.maxEvent()) {
			throw UpstreamFailures.failure(ErrorKind.UPSTREAM,
					"The provider sent an event larger than " + this.policy.maxEvent() + " bytes.",
					"upstream_event_too_large");
		}
		this.scanned = length;
		// A long event arrives in many pieces: keep appending to the same buffer.
		this.held = (data == this.growing && length == data.readableBytes()) ? data.retain()
				: Unpooled.buffer(Math.max(256, 2 * length)).writeBytes(data, index, length);
		this.growing = this.held;
	}

	private void enqueue(ByteBuf data, int index, int length) {
		if (length == 0) {
			return;
		}
		if (!this.committed) {
			this.gatedBytes += length;
			if (this.gatedBytes > this.policy.maxEvent()) {
				throw UpstreamFailures.failure(ErrorKind.UPSTREAM,
						"The provider sent " + this.policy.maxEvent() + " bytes without a first token.",
						"upstream_no_content");
			}
		}
		ByteBuf whole = (index == data.readerIndex() && length == data.readableBytes()) ? data.retain()
				: data.retainedSlice(index, length);
		this.queue.offer(BUFFERS.wrap(whole));
	}

	private void commit() {
		this.committed = true;
		MonoSink<LlmResponse> sink = this.sink;
		if (sink != null) {
			sink.success(this.head.apply(this));
		}
	}

	@Override
	public void onComplete() {
		if (this.done) {
			return;
		}
		ByteBuf rest = this.held;
		if (rest != null) {
			this.held = null;
			byte[] closed = this.frames.close(ByteBufUtil.getBytes(rest));
			if (closed != null && this.inspector.inspect(ByteBuffer.wrap(closed)) == StreamInspector.Kind.SEMANTIC
					&& this.inspector.complete()) {
				this.meaningful = true;
				this.queue.offer(BUFFERS.wrap(closed));
			}
		}
		if (this.inspector.complete()) {
			finish(null);
		}
		else {
			fail(UpstreamFailures.failure(ErrorKind.UPSTREAM,
					"The stream of provider '" + this.policy.provider() + "' ended before the answer was complete.",
					"upstream_truncated"));
		}
	}

	@Override
	public void onError(Throwable error) {
		if (this.done) {
			return;
		}
		if (this.inspector.complete() && this.held == null) {
			// Everything was said before the connection broke.
			finish(null);
		}
		else {
			fail(UpstreamFailures.of(error, this.policy.provider()));
		}
	}

	private void fail(LlmException error) {
		if (this.done) {
			return;
		}
		this.outcome.error(error.error());
		Subscription upstream = this.upstream;
		if (upstream != null) {
			upstream.cancel();
		}
		finish(error);
	}

	private void finish(@Nullable LlmException error) {
		if (this.done) {
			return;
		}
		settle();
		this.failure = error;
		this.done = true;
		stopClock();
		MonoSink<LlmResponse> sink = this.sink;
		if (error == null) {
			if (!this.committed) {
				commit();
			}
			drain();
		}
		else if (this.committed && this.actual != null) {
			drain();
		}
		else {
			// Nobody came for what was queued.
			this.cancelled = true;
			drain();
			if (sink != null && !this.committed) {
				sink.error(error);
			}
		}
	}

	// The clocks.

	private void armClock() {
		schedule(nextDeadline() - System.nanoTime());
	}

	private void schedule(long delayNanos) {
		this.clock = this.response.eventLoop().schedule(this::tick, Math.max(delayNanos, 0), TimeUnit.NANOSECONDS);
	}

	private long nextDeadline() {
		if (this.inspector.complete()) {
			return this.lastProgress + AFTER_END_NANOS;
		}
		Timeouts timeouts = this.policy.timeouts();
		long quiet = this.lastProgress
				+ (this.meaningful ? timeouts.idle().toNanos() : timeouts.firstToken().toNanos());
		return Math.min(quiet, this.policy.startNanos() + timeouts.streamTotal().toNanos());
	}

	private void tick() {
		if (this.done || this.cancelled) {
			return;
		}
		long remaining = nextDeadline() - System.nanoTime();
		if (remaining > 0) {
			// Progress moves the deadline, not the task: re-arming per frame would cost
			// more.
			schedule(remaining);
		}
		else if (this.inspector.complete()) {
			Subscription upstream = this.upstream;
			finish(null);
			if (upstream != null) {
				upstream.cancel();
			}
		}
		else {
			fail(UpstreamFailures.failure(ErrorKind.TIMEOUT,
					"Provider '" + this.policy.provider()
							+ (this.meaningful ? "' stopped in the middle of its answer."
									: "' did not begin to answer in time."),
					this.meaningful ? "upstream_idle_timeout" : "upstream_first_token_timeout"));
		}
	}

	private void stopClock() {
		Future<?> clock = this.clock;
		if (clock != null) {
			clock.cancel(false);
		}
	}

	// Who reads.

	@Override
	public void subscribe(CoreSubscriber<? super DataBuffer> actual) {
		if (this.actual != null || this.cancelled) {
			Operators.error(actual, new IllegalStateException("A stream can be read once, and soon after its head"));
			return;
		}
		this.actual = actual;
		actual.onSubscribe(this);
		drain();
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n)) {
			Operators.addCap(REQUESTED, this, n);
			drain();
		}
	}

	@Override
	public void cancel() {
		if (this.cancelled) {
			return;
		}
		this.cancelled = true;
		if (!this.done) {
			settle();
			Subscription upstream = this.upstream;
			if (upstream != null) {
				upstream.cancel();
			}
		}
		stopClock();
		drain();
	}

	private void settle() {
		this.outcome.usage(this.inspector.usage());
		this.outcome.finish(this.inspector.finish());
		this.outcome.produced(this.producedFrames, this.producedBytes);
	}

	private void ask(Subscription upstream) {
		if (ASKED.compareAndSet(this, 0, 1)) {
			upstream.request(1);
		}
	}

	private void drain() {
		if (WIP.getAndIncrement(this) != 0) {
			return;
		}
		int missed = 1;
		do {
			CoreSubscriber<? super DataBuffer> actual = this.actual;
			if (this.cancelled) {
				release();
			}
			else if (actual != null) {
				emit(actual);
			}
			missed = WIP.addAndGet(this, -missed);
		}
		while (missed != 0);
	}

	private void emit(CoreSubscriber<? super DataBuffer> actual) {
		long demand = this.requested;
		long emitted = 0;
		while (!this.cancelled) {
			boolean last = this.done;
			if (last && this.queue.isEmpty()) {
				terminate(actual);
				return;
			}
			if (emitted == demand) {
				break;
			}
			DataBuffer next = this.queue.poll();
			if (next == null) {
				break;
			}
			actual.onNext(next);
			emitted++;
		}
		if (emitted != 0 && demand != Long.MAX_VALUE) {
			REQUESTED.addAndGet(this, -emitted);
		}
		Subscription upstream = this.upstream;
		if (emitted < demand && !this.done && !this.cancelled && upstream != null) {
			ask(upstream);
		}
	}

	private void terminate(CoreSubscriber<? super DataBuffer> actual) {
		this.cancelled = true;
		Throwable failure = this.failure;
		if (failure != null) {
			actual.onError(failure);
		}
		else {
			actual.onComplete();
		}
	}

	private void release() {
		DataBuffer next;
		while ((next = this.queue.poll()) != null) {
			DataBufferUtils.release(next);
		}
	}

}
