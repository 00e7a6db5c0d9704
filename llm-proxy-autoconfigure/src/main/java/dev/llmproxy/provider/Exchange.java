package dev.llmproxy.provider;

import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

import io.netty.channel.EventLoop;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A request to a provider, sent when it is subscribed to. */
final class Exchange<T> extends Mono<T> {

	private final NettyTransport transport;

	private final OutboundRequest request;

	private final Duration responseTimeout;

	private final Function<UpstreamResponse, Mono<T>> reader;

	private final Consumer<? super T> discard;

	Exchange(NettyTransport transport, OutboundRequest request, Duration responseTimeout,
			Function<UpstreamResponse, Mono<T>> reader, Consumer<? super T> discard) {
		this.transport = transport;
		this.request = request;
		this.responseTimeout = responseTimeout;
		this.reader = reader;
		this.discard = discard;
	}

	@Override
	public void subscribe(CoreSubscriber<? super T> actual) {
		Call<T> call = new Call<>(this, actual, this.transport.pool());
		actual.onSubscribe(call);
		call.begin();
	}

	/**
	 * One request under way. Everything but {@link #cancel()} happens on the event loop.
	 */
	static final class Call<T> implements Subscription, CoreSubscriber<T> {

		private final Exchange<T> exchange;

		private final CoreSubscriber<? super T> actual;

		private final ConnectionPool pool;

		private final NettyTransport.Address address;

		private @Nullable UpstreamConnection connection;

		private @Nullable Subscription reading;

		private @Nullable Future<?> clock;

		private boolean answered;

		private boolean over;

		private boolean again;

		private volatile boolean cancelled;

		Call(Exchange<T> exchange, CoreSubscriber<? super T> actual, ConnectionPool pool) {
			this.exchange = exchange;
			this.actual = actual;
			this.pool = pool;
			this.address = NettyTransport.Address.of(exchange.request.uri());
		}

		void begin() {
			EventLoop loop = this.pool.loop();
			if (loop.inEventLoop()) {
				acquire();
			}
			else {
				loop.execute(this::acquire);
			}
		}

		private void acquire() {
			if (!this.cancelled) {
				this.pool.acquire(this);
			}
		}

		OutboundRequest request() {
			return this.exchange.request;
		}

		NettyTransport.Address address() {
			return this.address;
		}

		boolean cancelled() {
			return this.cancelled;
		}

		/** A connection is there, and the request is about to be written. */
		void connected(UpstreamConnection connection) {
			this.connection = connection;
			this.clock = this.pool.loop()
				.schedule(this::timeOut, this.exchange.responseTimeout.toNanos(), TimeUnit.NANOSECONDS);
		}

		private void timeOut() {
			if (!this.answered) {
				abandon();
				failed(ReadTimeoutException.INSTANCE);
			}
		}

		private void abandon() {
			UpstreamConnection known = this.connection;
			if (known != null) {
				known.abandon(this);
			}
		}

		private void stopClock() {
			Future<?> known = this.clock;
			if (known != null) {
				known.cancel(false);
			}
		}

		void head(UpstreamResponse response) {
			this.answered = true;
			stopClock();
			Mono<T> result;
			try {
				result = this.exchange.reader.apply(response);
			}
			catch (Throwable ex) {
				Exceptions.throwIfFatal(ex);
				abandon();
				onError(ex);
				return;
			}
			result.subscribe(this);
		}

		/** Nothing of the request was sent: a pooled connection had died unnoticed. */
		void unsent(Throwable failure) {
			if (this.again || this.cancelled || !(failure instanceof ClosedChannelException)) {
				failed(failure);
				return;
			}
			this.again = true;
			stopClock();
			this.connection = null;
			acquire();
		}

		/** There will be no answer. */
		void failed(Throwable failure) {
			stopClock();
			if (!this.over && !this.answered) {
				this.over = true;
				this.actual.onError(failure);
			}
		}

		// What the reader makes of the answer.

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			this.reading = subscription;
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(T value) {
			this.over = true;
			if (this.cancelled) {
				// By another thread, whose leaving is still to come to this one.
				this.exchange.discard.accept(value);
			}
			else {
				this.actual.onNext(value);
			}
		}

		@Override
		public void onError(Throwable failure) {
			if (!this.over) {
				this.over = true;
				this.actual.onError(failure);
			}
			else {
				Operators.onErrorDropped(failure, currentContext());
			}
		}

		@Override
		public void onComplete() {
			this.actual.onComplete();
		}

		// Who waits.

		@Override
		public void request(long n) {
			Operators.validate(n);
		}

		@Override
		public void cancel() {
			this.cancelled = true;
			EventLoop loop = this.pool.loop();
			if (loop.inEventLoop()) {
				leave();
			}
			else {
				loop.execute(this::leave);
			}
		}

		private void leave() {
			if (this.over) {
				return;
			}
			this.over = true;
			stopClock();
			this.pool.forget(this);
			Subscription reading = this.reading;
			if (reading != null) {
				reading.cancel();
			}
			abandon();
		}

	}

}
