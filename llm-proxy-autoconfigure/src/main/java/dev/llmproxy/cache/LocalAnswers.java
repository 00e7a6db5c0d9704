package dev.llmproxy.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import dev.llmproxy.gateway.MemoryBudget;
import org.jspecify.annotations.Nullable;

/**
 * Answers in this process, bounded by their bytes; those that are asked for often stay.
 * Shrinks while memory is short. Thread-safe.
 */
public final class LocalAnswers {

	/** Of its size, while memory is short. */
	private static final int SHRUNK = 4;

	private final Cache<CacheKey, Entry> entries;

	private final long maxWeight;

	private final InstantSource clock;

	private final MemoryBudget budget;

	private final CacheListener listener;

	/**
	 * Creates one.
	 * @param maxWeight of all answers, in bytes
	 */
	public LocalAnswers(long maxWeight, InstantSource clock, MemoryBudget budget, CacheListener listener) {
		this.maxWeight = maxWeight;
		this.clock = clock;
		this.budget = budget;
		this.listener = listener;
		this.entries = Caffeine.newBuilder()
			.maximumWeight(maxWeight)
			.weigher((CacheKey key, Entry entry) -> entry.weight)
			.expireAfter(new ByAnswer())
			.ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
			// What is given back must be counted at once.
			.executor(Runnable::run)
			.removalListener(this::removed)
			.recordStats()
			.build();
		budget.onPressure(this::adapt);
	}

	private void removed(@Nullable CacheKey key, @Nullable Entry entry, RemovalCause cause) {
		if (entry != null) {
			this.budget.release(MemoryBudget.Use.CACHE, entry.weight);
			if (cause == RemovalCause.SIZE) {
				this.listener.evicted();
			}
		}
	}

	private void adapt(MemoryBudget.Pressure pressure) {
		this.entries.policy()
			.eviction()
			.ifPresent((eviction) -> eviction
				.setMaximum((pressure == MemoryBudget.Pressure.NONE) ? this.maxWeight : this.maxWeight / SHRUNK));
		this.entries.cleanUp();
	}

	InstantSource clock() {
		return this.clock;
	}

	/** Keeps an answer, if there is room for it. */
	public boolean keep(CacheKey key, KeptAnswer answer) {
		Entry entry = new Entry(answer);
		if (entry.weight > this.maxWeight || !this.budget.reserve(MemoryBudget.Use.CACHE, entry.weight)) {
			return false;
		}
		this.entries.put(key, entry);
		return true;
	}

	/**
	 * An answer, with what is left of its time.
	 * @param policy by which hits prolong that
	 */
	@Nullable Found find(CacheKey key, CachePolicy policy) {
		Entry entry = this.entries.getIfPresent(key);
		if (entry == null) {
			return null;
		}
		entry.hit(policy);
		Duration age = entry.answer.age(this.clock.instant());
		return new Found(entry.answer, age, entry.ttl.minus(age));
	}

	/** An answer, without counting that as a hit. */
	public @Nullable KeptAnswer peek(CacheKey key) {
		Entry entry = this.entries.policy().getIfPresentQuietly(key);
		return (entry != null) ? entry.answer : null;
	}

	/**
	 * Forgets answers.
	 * @return how many
	 */
	public int forget(AnswerPattern which) {
		List<CacheKey> keys = this.entries.asMap()
			.entrySet()
			.stream()
			.filter((entry) -> which.matches(entry.getValue().answer))
			.map(Map.Entry::getKey)
			.toList();
		this.entries.invalidateAll(keys);
		return keys.size();
	}

	public boolean forget(CacheKey key) {
		return this.entries.asMap().remove(key) != null;
	}

	/** How many there are, what they weigh, and how useful they were. */
	public Stats stats() {
		this.entries.cleanUp();
		long weight = this.entries.policy().eviction().map((eviction) -> eviction.weightedSize().orElse(0)).orElse(0L);
		CacheStats stats = this.entries.stats();
		return new Stats(this.entries.estimatedSize(), weight, this.maxWeight, stats.evictionCount());
	}

	/**
	 * How it does.
	 *
	 * @param bytes that the answers weigh
	 */
	public record Stats(long answers, long bytes, long maxBytes, long evictions) {
	}

	/**
	 * An answer that is known.
	 *
	 * @param left of its time; negative once that is over
	 */
	record Found(KeptAnswer answer, Duration age, Duration left) {

		boolean fresh() {
			return !this.left.isNegative() && !this.left.isZero();
		}

		/** Whether its time is not over for longer than that. */
		boolean within(Duration grace) {
			return this.left.plus(grace).compareTo(Duration.ZERO) > 0;
		}

	}

	/** An answer and how often it was asked for. */
	private static final class Entry {

		private final KeptAnswer answer;

		private final int weight;

		private int hits;

		private volatile Duration ttl;

		Entry(KeptAnswer answer) {
			this.answer = answer;
			this.weight = answer.weight();
			this.ttl = answer.ttl();
		}

		/** Hits that are counted twice or not at all do no harm. */
		void hit(CachePolicy policy) {
			int number = ++this.hits;
			if (policy.hotHits() > 0 && number % policy.hotHits() == 0 && this.ttl.compareTo(policy.maxTtl()) < 0) {
				Duration doubled = this.ttl.multipliedBy(2);
				this.ttl = (doubled.compareTo(policy.maxTtl()) < 0) ? doubled : policy.maxTtl();
			}
		}

		long nanosLeft(Instant now) {
			Duration left = this.ttl.plus(this.answer.stale()).minus(this.answer.age(now));
			return left.isNegative() ? 0 : left.toNanos();
		}

	}

	/** Each answer has a time of its own, which hits may prolong. */
	private final class ByAnswer implements Expiry<CacheKey, Entry> {

		@Override
		public long expireAfterCreate(CacheKey key, Entry entry, long currentTime) {
			return entry.nanosLeft(LocalAnswers.this.clock.instant());
		}

		@Override
		public long expireAfterUpdate(CacheKey key, Entry entry, long currentTime, long currentDuration) {
			return entry.nanosLeft(LocalAnswers.this.clock.instant());
		}

		@Override
		public long expireAfterRead(CacheKey key, Entry entry, long currentTime, long currentDuration) {
			// Reading comes before it is counted as a hit: what that adds counts next
			// time.
			return Math.max(currentDuration, entry.nanosLeft(LocalAnswers.this.clock.instant()));
		}

	}

}
