package dev.llmproxy.limit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Counts in this process. There may be any number of users, so there is a bound: beyond
 * it those are forgotten who come least. Thread-safe.
 */
public final class LocalLimitStore implements LimitStore {

	/** Subjects of all quotas together. */
	private static final int MOST = 100_000;

	private final Cache<String, Counters> counters = Caffeine.newBuilder().maximumSize(MOST).build();

	private final LongSupplier clock;

	/** Counts in windows from the first moment on. */
	private final long origin;

	public LocalLimitStore() {
		this(System::nanoTime);
	}

	/**
	 * Creates one.
	 * @param clock in nanoseconds, as {@link System#nanoTime()}
	 */
	public LocalLimitStore(LongSupplier clock) {
		this.clock = clock;
		this.origin = clock.getAsLong();
	}

	@Override
	public Mono<Decision> acquire(List<Demand> demands, long tokens) {
		return Mono.just(decide(demands, tokens));
	}

	/** The same, at once. */
	public Decision decide(List<Demand> demands, long tokens) {
		long now = now();
		Counters[] counters = new Counters[demands.size()];
		for (int i = 0; i < counters.length; i++) {
			counters[i] = counters(demands.get(i));
		}
		long[] slots = new long[counters.length];
		Refusal refusal = Counters.take(demands, counters, slots, 0, now, tokens);
		if (refusal != null) {
			return Decision.refused(refusal);
		}
		Standing[] standings = new Standing[counters.length];
		for (int i = 0; i < standings.length; i++) {
			standings[i] = counters[i].standing(now);
		}
		return new Decision(null, Arrays.asList(standings), new LocalLease(counters, slots, tokens));
	}

	private Counters counters(Demand demand) {
		String key = demand.key();
		Counters known = this.counters.getIfPresent(key);
		if (known != null && known.fits(demand.quota())) {
			return known;
		}
		return this.counters.asMap()
			.compute(key,
					(same, other) -> (other != null && other.fits(demand.quota())) ? other : new Counters(demand));
	}

	private long now() {
		return this.clock.getAsLong() - this.origin;
	}

	@Override
	public @Nullable Refusal refusal(Demand demand) {
		Counters known = this.counters.getIfPresent(demand.key());
		return (known != null) ? known.refusal(now()) : null;
	}

	@Override
	public @Nullable Standing known(Demand demand) {
		Counters known = this.counters.getIfPresent(demand.key());
		return (known != null) ? known.standing(now()) : null;
	}

	@Override
	public List<Standing> known(int most) {
		long now = now();
		List<Standing> standings = new ArrayList<>();
		this.counters.asMap().values().forEach((counters) -> standings.add(counters.standing(now)));
		standings.sort(Comparator.comparingDouble(Standing::headroom));
		return List.copyOf(standings.subList(0, Math.min(most, standings.size())));
	}

	@Override
	public Mono<Void> reset(Demand demand) {
		return Mono.fromRunnable(() -> {
			Counters known = this.counters.getIfPresent(demand.key());
			if (known != null) {
				known.reset();
			}
		});
	}

	@Override
	public State state() {
		return new State("memory", false, 1, null);
	}

	private final class LocalLease implements Lease {

		private final Counters[] counters;

		private final long[] slots;

		private final long tokens;

		private final AtomicBoolean over = new AtomicBoolean();

		LocalLease(Counters[] counters, long[] slots, long tokens) {
			this.counters = counters;
			this.slots = slots;
			this.tokens = tokens;
		}

		@Override
		public void settle(long tokens) {
			end(tokens - this.tokens, true);
		}

		@Override
		public void cancel() {
			end(-this.tokens, false);
		}

		private void end(long more, boolean made) {
			if (this.over.compareAndSet(false, true)) {
				long now = now();
				for (int i = 0; i < this.counters.length; i++) {
					this.counters[i].end(now, this.slots[i], more, made);
				}
			}
		}

	}

}
