package dev.llmproxy.resilience;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.GateOrder;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.TargetFault;
import dev.llmproxy.provider.TargetRegistry;
import dev.llmproxy.provider.Unavailability;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker for each target. It hears of the head of an answer: that a stream
 * takes long is no fault. That a stream breaks off is told once more, on its own. Callers
 * that leave, requests that no target would take and calls that another gate refuses give
 * their permission back and count for nothing; too many requests are the cooldown's
 * business. Thread-safe.
 */
public final class BreakerGate implements AttemptGate {

	private static final Log logger = LogFactory.getLog(BreakerGate.class);

	private final TargetRegistry<TargetBreaker> breakers;

	private final IntervalFunction waits;

	private final int failuresInARow;

	private final LongSupplier clock;

	private final List<BreakerListener> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Creates the gate.
	 * @param config of each breaker
	 * @param settings that the config was made of
	 */
	public BreakerGate(CircuitBreakerConfig config, BreakerSettings settings) {
		this(config, settings, System::nanoTime);
	}

	BreakerGate(CircuitBreakerConfig config, BreakerSettings settings, LongSupplier clock) {
		this.breakers = new TargetRegistry<>((target) -> new TargetBreaker(CircuitBreaker.of(target.id(), config)));
		this.waits = settings.waits();
		this.failuresInARow = settings.failuresInARow();
		this.clock = clock;
	}

	/** The breakers that were needed so far, by target; a live view. */
	public Map<String, TargetBreaker> all() {
		return this.breakers.all();
	}

	/** Tells somebody from now on whenever a breaker turns. */
	public void listen(BreakerListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * The state of a target's breaker, in the words of {@link BreakerListener}; one that
	 * was not needed yet is closed.
	 */
	public String state(String target) {
		TargetBreaker breaker = this.breakers.find(target);
		return word((breaker != null) ? breaker.breaker.getState() : State.CLOSED);
	}

	private static String word(State state) {
		return state.name().toLowerCase(Locale.ROOT);
	}

	private void tell(String target, State from, State to) {
		for (BreakerListener listener : this.listeners) {
			try {
				listener.turned(target, word(from), word(to));
			}
			catch (RuntimeException ex) {
				logger.warn("A listener failed: " + listener.getClass().getName(), ex);
			}
		}
	}

	@Override
	public AttemptListener enter(Attempt attempt) {
		TargetBreaker breaker = this.breakers.of(attempt.target());
		if (!breaker.tryAcquire()) {
			throw LlmException
				.refusal(
						new LlmError(ErrorKind.OVERLOADED,
								"Target '" + attempt.target().id()
										+ "' failed too often and is not called for a while.",
								"breaker_open", null),
						breaker.remaining());
		}
		return new Permission(breaker);
	}

	@Override
	public @Nullable Unavailability unavailability(Target target) {
		TargetBreaker breaker = this.breakers.find(target.id());
		if (breaker == null) {
			return null;
		}
		return switch (breaker.breaker.getState()) {
			case OPEN -> {
				Duration remaining = breaker.remaining();
				yield remaining.isZero() ? null
						: new Unavailability(Unavailability.BREAKER_OPEN, target.id() + " failed too often", remaining);
			}
			case FORCED_OPEN -> new Unavailability(Unavailability.BREAKER_FORCED_OPEN,
					target.id() + " was taken out by an operator", null);
			default -> null;
		};
	}

	@Override
	public int getOrder() {
		return GateOrder.BREAKER.order();
	}

	/** The breaker of one target, and how long it stays open. Thread-safe. */
	public final class TargetBreaker {

		private final CircuitBreaker breaker;

		private final AtomicBoolean turning = new AtomicBoolean();

		private final AtomicInteger failedInARow = new AtomicInteger();

		private int openings;

		private volatile long openUntil;

		TargetBreaker(CircuitBreaker breaker) {
			this.breaker = breaker;
			breaker.getEventPublisher().onStateTransition((event) -> {
				State from = event.getStateTransition().getFromState();
				State to = event.getStateTransition().getToState();
				moved(to);
				tell(event.getCircuitBreakerName(), from, to);
				String line = "Breaker of '" + event.getCircuitBreakerName() + "': " + from + " -> " + to;
				if (to == State.OPEN || to == State.FORCED_OPEN) {
					logger.warn(line);
				}
				else {
					logger.info(line);
				}
			});
		}

		private synchronized void moved(State to) {
			if (to == State.OPEN) {
				long wait = BreakerGate.this.waits.apply(++this.openings);
				this.openUntil = BreakerGate.this.clock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(wait);
			}
			else if (to == State.CLOSED) {
				this.openings = 0;
				this.failedInARow.set(0);
			}
		}

		/**
		 * Asks for permission. Only one thread at a time ends the time of being open,
		 * which Resilience4j does behind a lock; others are refused meanwhile.
		 */
		boolean tryAcquire() {
			if (this.breaker.getState() != State.OPEN) {
				return this.breaker.tryAcquirePermission();
			}
			if (!remaining().isZero() || !this.turning.compareAndSet(false, true)) {
				return false;
			}
			try {
				return this.breaker.tryAcquirePermission();
			}
			finally {
				this.turning.set(false);
			}
		}

		private void succeeded(long elapsed) {
			if (this.failedInARow.get() != 0) {
				this.failedInARow.set(0);
			}
			this.breaker.onSuccess(elapsed, this.breaker.getTimestampUnit());
		}

		private void failed(long elapsed, LlmException failure) {
			this.breaker.onError(elapsed, this.breaker.getTimestampUnit(), failure);
			if (this.failedInARow.incrementAndGet() == BreakerGate.this.failuresInARow
					&& this.breaker.getState() == State.CLOSED) {
				this.breaker.transitionToOpenState();
			}
		}

		/** Resilience4j's breaker, to look at or to switch. */
		public CircuitBreaker breaker() {
			return this.breaker;
		}

		/** Until probes are let through; zero if they are, or if it is not open. */
		public Duration remaining() {
			if (this.breaker.getState() != State.OPEN) {
				return Duration.ZERO;
			}
			long nanos = this.openUntil - BreakerGate.this.clock.getAsLong();
			return (nanos > 0) ? Duration.ofNanos(nanos) : Duration.ZERO;
		}

	}

	/** Given for one attempt, and settled once. */
	private static final class Permission implements AttemptListener {

		private final TargetBreaker breaker;

		private final long start;

		private volatile boolean settled;

		Permission(TargetBreaker breaker) {
			this.breaker = breaker;
			this.start = breaker.breaker.getCurrentTimestamp();
		}

		@Override
		public void head(LlmResponse response) {
			this.settled = true;
			this.breaker.succeeded(elapsed());
		}

		private long elapsed() {
			return Math.max(0, this.breaker.breaker.getCurrentTimestamp() - this.start);
		}

		@Override
		public void ended(AttemptEnd end) {
			boolean fault = counts(end);
			if (fault) {
				LlmError error = end.error();
				this.breaker.failed(elapsed(), new LlmException(
						(error != null) ? error : new LlmError(ErrorKind.UPSTREAM, "The answer broke off.")));
			}
			else if (!this.settled) {
				this.breaker.breaker.releasePermission();
			}
		}

		private static boolean counts(AttemptEnd end) {
			LlmError error = end.error();
			return TargetFault.isOf(end) && (error == null
					|| (error.kind() != ErrorKind.RATE_LIMIT && error.kind() != ErrorKind.UPSTREAM_AUTHENTICATION));
		}

	}

}
