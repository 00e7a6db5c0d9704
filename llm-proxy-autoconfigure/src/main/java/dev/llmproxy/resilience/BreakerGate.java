package dev.llmproxy.resilience;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.GateOrder;
import dev.llmproxy.provider.Target;
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

	private final CircuitBreakerConfig config;

	private final IntervalFunction waits;

	private final BreakerSettings settings;

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
		this.config = config;
		this.breakers = new TargetRegistry<>((target) -> made(target.id()));
		this.waits = settings.waits();
		this.settings = settings;
		this.clock = clock;
	}

	private TargetBreaker made(String target) {
		return new TargetBreaker(CircuitBreaker.of(target, this.config));
	}

	/** The breaker of a target, also where it was not needed yet. */
	public TargetBreaker of(String target) {
		return this.breakers.of(target, () -> made(target));
	}

	/**
	 * Warns of a target whose breaker opened on another node: here the next failure opens
	 * it, unless a success comes first or the time is over.
	 * @param length for how long, within the longest time that one is open
	 */
	public void warn(String target, Duration length) {
		Duration longest = this.settings.openForAtMost();
		of(target).warn((length.compareTo(longest) < 0) ? length : longest);
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
		return new BreakerPermission(breaker);
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

		private final FailureRun failures = new FailureRun(BreakerGate.this.settings.failuresInARow());

		private int openings;

		private volatile boolean warned;

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
				this.failures.clear();
			}
			if (to != State.OPEN) {
				this.warned = false;
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

		void succeeded(long elapsed) {
			this.failures.succeeded();
			this.breaker.onSuccess(elapsed, this.breaker.getTimestampUnit());
		}

		void failed(long elapsed, LlmException failure) {
			this.breaker.onError(elapsed, this.breaker.getTimestampUnit(), failure);
			FailureRun.Verdict verdict = this.failures.failed(BreakerGate.this.clock.getAsLong());
			if (verdict != FailureRun.Verdict.GO_ON && this.breaker.getState() == State.CLOSED) {
				this.warned = verdict == FailureRun.Verdict.ENOUGH_AS_WARNED;
				this.breaker.transitionToOpenState();
			}
		}

		private void warn(Duration length) {
			if (this.breaker.getState() == State.CLOSED) {
				this.failures.warn(BreakerGate.this.clock.getAsLong() + length.toNanos());
			}
		}

		/**
		 * Whether it is open only because of a warning: what it has seen itself would not
		 * have been enough.
		 */
		public boolean openedAsWarned() {
			return this.warned;
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

}
