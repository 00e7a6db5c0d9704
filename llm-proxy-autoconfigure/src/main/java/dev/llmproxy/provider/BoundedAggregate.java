package dev.llmproxy.provider;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Copies a body to the heap, up to a limit. A body of one buffer, the usual case, is
 * copied once.
 */
final class BoundedAggregate extends Mono<byte[]> {

	private static final byte[] EMPTY = new byte[0];

	private final Flux<ByteBuf> source;

	private final int limit;

	private final boolean truncate;

	private final EventLoop eventLoop;

	private final long deadline;

	private BoundedAggregate(UpstreamResponse response, long deadline, int limit, boolean truncate) {
		this.source = response.content();
		this.eventLoop = response.eventLoop();
		this.deadline = deadline;
		this.limit = limit;
		this.truncate = truncate;
	}

	/**
	 * All of a body; a longer one than the limit is a failure.
	 * @param deadline by {@link System#nanoTime()}
	 */
	static Mono<byte[]> whole(UpstreamResponse response, long deadline, int limit) {
		return new BoundedAggregate(response, deadline, limit, false);
	}

	/**
	 * A body up to the limit, and no word of what is beyond.
	 * @param deadline by {@link System#nanoTime()}
	 */
	static Mono<byte[]> beginning(UpstreamResponse response, long deadline, int limit) {
		return new BoundedAggregate(response, deadline, limit, true);
	}

	@Override
	public void subscribe(CoreSubscriber<? super byte[]> actual) {
		Aggregator aggregator = new Aggregator(actual, this.limit, this.truncate);
		aggregator.clock = this.eventLoop.schedule(aggregator::timeOut, this.deadline - System.nanoTime(),
				TimeUnit.NANOSECONDS);
		this.source.subscribe(aggregator);
	}

	private static final class Aggregator implements CoreSubscriber<ByteBuf>, Subscription {

		private final CoreSubscriber<? super byte[]> actual;

		private final int limit;

		private final boolean truncate;

		private @Nullable Subscription upstream;

		private byte[] single = EMPTY;

		private @Nullable ByteArrayOutputStream many;

		private boolean done;

		private @Nullable Future<?> clock;

		Aggregator(CoreSubscriber<? super byte[]> actual, int limit, boolean truncate) {
			this.actual = actual;
			this.limit = limit;
			this.truncate = truncate;
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			if (Operators.validate(this.upstream, subscription)) {
				this.upstream = subscription;
				this.actual.onSubscribe(this);
			}
		}

		@Override
		public void onNext(ByteBuf buffer) {
			if (!this.done) {
				append(buffer);
			}
		}

		private void append(ByteBuf buffer) {
			int length = buffer.readableBytes();
			int had = (this.many != null) ? this.many.size() : this.single.length;
			boolean over = length > this.limit - had;
			if (over && !this.truncate) {
				finish();
				this.actual.onError(UpstreamFailures.tooLarge(this.limit));
				return;
			}
			byte[] bytes = new byte[over ? this.limit - had : length];
			buffer.getBytes(buffer.readerIndex(), bytes);
			if (had == 0) {
				this.single = bytes;
			}
			else {
				if (this.many == null) {
					this.many = new ByteArrayOutputStream(Math.max(1024, 2 * (had + bytes.length)));
					this.many.writeBytes(this.single);
				}
				this.many.writeBytes(bytes);
			}
			if (over) {
				finish();
				emit();
			}
		}

		private void finish() {
			this.done = true;
			cancel();
		}

		private void timeOut() {
			if (!this.done) {
				finish();
				this.actual.onError(new TimeoutException());
			}
		}

		@Override
		public void onError(Throwable error) {
			if (!this.done) {
				this.done = true;
				stopClock();
				this.actual.onError(error);
			}
		}

		@Override
		public void onComplete() {
			if (!this.done) {
				this.done = true;
				stopClock();
				emit();
			}
		}

		private void emit() {
			this.actual.onNext((this.many != null) ? this.many.toByteArray() : this.single);
			this.actual.onComplete();
		}

		private void stopClock() {
			Future<?> clock = this.clock;
			if (clock != null) {
				clock.cancel(false);
			}
		}

		@Override
		public void request(long n) {
			if (this.upstream != null) {
				this.upstream.request(Long.MAX_VALUE);
			}
		}

		@Override
		public void cancel() {
			stopClock();
			if (this.upstream != null) {
				this.upstream.cancel();
			}
		}

	}

}
