package dev.llmproxy.resilience;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.Listeners;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.GateOrder;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.TargetRegistry;
import dev.llmproxy.provider.Unavailability;
import org.jspecify.annotations.Nullable;

/**
 * Lets a target rest after a 429, for as long as its provider says. With several
 * credentials it rests only when the last of them was refused. Thread-safe.
 */
public final class CooldownGate implements AttemptGate {

	private static final Set<String> SPENT = Set.of("insufficient_quota", "billing_hard_limit_reached",
			"credit_balance_too_low");

	private static final long WORTH_TELLING = Duration.ofMillis(500).toNanos();

	private final CooldownSettings settings;

	private final LongSupplier clock;

	private final TargetRegistry<Rest> rests;

	private final List<RestListener> listeners = new CopyOnWriteArrayList<>();

	public CooldownGate(CooldownSettings settings) {
		this(settings, System::nanoTime);
	}

	CooldownGate(CooldownSettings settings, LongSupplier clock) {
		this.settings = settings;
		this.clock = clock;
		this.rests = new TargetRegistry<>((target) -> new Rest(clock.getAsLong()));
	}

	/** How much longer a target rests; zero if it does not. */
	public Duration remaining(String target) {
		Rest rest = this.rests.find(target);
		long nanos = (rest != null) ? rest.until.get() - this.clock.getAsLong() : 0;
		return (nanos > 0) ? Duration.ofNanos(nanos) : Duration.ZERO;
	}

	/** Ends the rest of a target. */
	public void end(String target) {
		Rest rest = this.rests.find(target);
		if (rest != null) {
			rest.refusals.set(0);
			rest.until.set(this.clock.getAsLong());
		}
	}

	/** Tells somebody from now on whenever a target has to rest. */
	public void listen(RestListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Another node has the target rest. What its provider said holds here too, within our
	 * own longest rest; what the other node has guessed is taken for a first guess of our
	 * own, so that nobody else's count of refusals keeps this node waiting. Listeners are
	 * not told.
	 * @param known whether the provider said so
	 */
	public void heard(String target, Duration length, boolean known) {
		long nanos = known ? Math.min(length.toNanos(), this.settings.max().toNanos())
				: jittered(Math.min(length.toNanos(), this.settings.base().toNanos()));
		if (nanos > 0) {
			long now = this.clock.getAsLong();
			this.rests.of(target, () -> new Rest(now)).extend(now + nanos);
		}
	}

	/** The targets that ever had to rest. */
	public Set<String> targets() {
		return Map.copyOf(this.rests.all()).keySet();
	}

	@Override
	public AttemptListener enter(Attempt attempt) {
		Target target = attempt.target();
		Unavailability resting = unavailability(target);
		if (resting != null) {
			throw LlmException.refusal(new LlmError(ErrorKind.RATE_LIMIT,
					"Target '" + target.id() + "' had too many requests and rests.", Unavailability.COOLDOWN, null),
					resting.retryAfter());
		}
		return new Listener(target);
	}

	@Override
	public @Nullable Unavailability unavailability(Target target) {
		Duration remaining = remaining(target.id());
		return remaining.isZero() ? null
				: new Unavailability(Unavailability.COOLDOWN, target.id() + " had too many requests", remaining);
	}

	@Override
	public int getOrder() {
		return GateOrder.COOLDOWN.order();
	}

	private void refused(Target target, LlmException failure) {
		if (target.provider().hasFreshCredential()) {
			return;
		}
		Rest rest = this.rests.of(target);
		int refusals = rest.refusals.incrementAndGet();
		long now = this.clock.getAsLong();
		long nanos = length(failure, refusals);
		long before = rest.extend(now + nanos);
		// Calls that were under way together are refused together.
		if (nanos - Math.max(0, before - now) >= WORTH_TELLING) {
			tell(target, Duration.ofNanos(nanos), failure.retryAfter() != null || isSpent(failure));
		}
	}

	private void tell(Target target, Duration length, boolean known) {
		new Listeners<>(this.listeners).tell((listener) -> listener.rests(target, length, known));
	}

	private static boolean isSpent(LlmException failure) {
		return SPENT.contains(String.valueOf(failure.error().code()));
	}

	/** At least half of it, so that many gateways don't come back at once. */
	private static long jittered(long nanos) {
		return nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1);
	}

	private long length(LlmException failure, int refusals) {
		Duration wanted = failure.retryAfter();
		long nanos;
		if (wanted != null) {
			nanos = wanted.toNanos();
		}
		else {
			nanos = jittered(this.settings.base().toNanos() << Math.min(refusals - 1, 16));
		}
		if (isSpent(failure)) {
			nanos = Math.max(nanos, this.settings.spent().toNanos());
		}
		return Math.min(nanos, this.settings.max().toNanos());
	}

	private static final class Rest {

		private final AtomicLong until;

		private final AtomicInteger refusals = new AtomicInteger();

		Rest(long now) {
			this.until = new AtomicLong(now);
		}

		/** Unless it is longer already. Returns until when it was before. */
		long extend(long end) {
			return this.until.getAndAccumulate(end, (known, wanted) -> (wanted - known > 0) ? wanted : known);
		}

	}

	private final class Listener implements AttemptListener {

		private final Target target;

		Listener(Target target) {
			this.target = target;
		}

		@Override
		public void head(LlmResponse response) {
			Rest rest = CooldownGate.this.rests.find(this.target.id());
			if (rest != null) {
				rest.refusals.set(0);
			}
		}

		@Override
		public void ended(AttemptEnd end) {
			LlmException failure = end.failure();
			if (end.kind() == AttemptEnd.Kind.FAILED && failure != null && failure.kind() == ErrorKind.RATE_LIMIT
					&& !failure.ownRefusal()) {
				refused(this.target, failure);
			}
		}

	}

}
