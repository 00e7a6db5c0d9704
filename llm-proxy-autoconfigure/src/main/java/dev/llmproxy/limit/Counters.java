package dev.llmproxy.limit;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What was used of one quota by one subject. Whoever reads or writes holds its monitor;
 * nobody holds it for long.
 */
final class Counters {

	/** Nobody knows when a call ends. */
	private static final Duration SHORT_WAIT = Duration.ofSeconds(1);

	private volatile Demand demand;

	private final SlidingWindow requests;

	private final SlidingWindow tokens;

	private int inFlight;

	Counters(Demand demand) {
		this.demand = demand;
		long window = demand.quota().window().toNanos();
		this.requests = new SlidingWindow(window);
		this.tokens = new SlidingWindow(window);
	}

	/** Whether it can count for this quota too, whose amounts may have changed. */
	boolean fits(Quota quota) {
		return this.demand.quota().window().equals(quota.window());
	}

	/**
	 * Takes the same of several at once, or nothing of any. Monitors are taken in the
	 * order of the rules, which is the same for all calls, so that nobody waits in a
	 * circle.
	 */
	static @Nullable Refusal take(List<Demand> demands, Counters[] counters, long[] slots, int index, long now,
			long tokens) {
		if (index == counters.length) {
			return null;
		}
		Counters mine = counters[index];
		synchronized (mine) {
			mine.demand = demands.get(index);
			Refusal refusal = mine.check(now, tokens);
			if (refusal == null) {
				refusal = take(demands, counters, slots, index + 1, now, tokens);
			}
			if (refusal == null) {
				slots[index] = mine.commit(now, tokens);
			}
			return refusal;
		}
	}

	/** Why a call that takes no tokens would be refused. */
	synchronized @Nullable Refusal refusal(long now) {
		return check(now, 0);
	}

	private @Nullable Refusal check(long now, long tokens) {
		Quota quota = this.demand.quota();
		if (quota.concurrency() > 0 && this.inFlight >= quota.concurrency()) {
			return new Refusal(standing(now), Limited.CONCURRENCY, SHORT_WAIT);
		}
		if (quota.requests() > 0 && this.requests.used(now) >= quota.requests()) {
			return new Refusal(standing(now), Limited.REQUESTS,
					Duration.ofNanos(this.requests.waitFor(now, quota.requests() - 1)));
		}
		if (quota.tokens() > 0 && this.tokens.used(now) + tokens > quota.tokens()) {
			return new Refusal(standing(now), Limited.TOKENS, (tokens > quota.tokens()) ? null
					: Duration.ofNanos(this.tokens.waitFor(now, quota.tokens() - tokens)));
		}
		return null;
	}

	private long commit(long now, long tokens) {
		Quota quota = this.demand.quota();
		this.inFlight++;
		long slot = 0;
		if (quota.requests() > 0) {
			slot = this.requests.add(now, 1);
		}
		if (quota.tokens() > 0) {
			slot = this.tokens.add(now, tokens);
		}
		return slot;
	}

	/**
	 * A call is over.
	 * @param more tokens than were set aside, or fewer if negative
	 * @param made whether it was made at all
	 */
	synchronized void end(long now, long slot, long more, boolean made) {
		if (this.inFlight > 0) {
			this.inFlight--;
		}
		if (more > 0) {
			if (this.demand.quota().tokens() > 0) {
				this.tokens.add(now, more);
			}
		}
		else {
			this.tokens.giveBack(slot, -more);
		}
		if (!made) {
			this.requests.giveBack(slot, 1);
		}
	}

	synchronized Standing standing(long now) {
		return new Standing(this.demand, this.requests.used(now), this.tokens.used(now), this.inFlight,
				Duration.ofNanos(this.requests.reset(now)), Duration.ofNanos(this.tokens.reset(now)));
	}

	/** Forgets what was used; calls under way are still that. */
	synchronized void reset() {
		this.requests.clear();
		this.tokens.clear();
	}

}
