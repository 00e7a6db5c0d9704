package dev.llmproxy.cache;

import java.util.ArrayList;
import java.util.List;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * The questions that are remembered, in memory. A search looks at all questions of one
 * partition, which are few: they differ in their last words only. Thread-safe.
 */
final class SemanticIndex {

	/**
	 * Of one partition, so that a search takes no longer than a fraction of a
	 * millisecond.
	 */
	private static final int MOST = 1000;

	private final Cache<CacheKey, List<Entry>> partitions;

	SemanticIndex(int maxQuestions) {
		this.partitions = Caffeine.newBuilder()
			.maximumWeight(maxQuestions)
			.weigher((CacheKey partition, List<Entry> entries) -> entries.size())
			.executor(Runnable::run)
			.build();
	}

	/** The most similar question; {@code null} if none is similar enough. */
	SharedQuestions.@Nullable Match find(Meaning meaning, double threshold) {
		List<Entry> entries = this.partitions.getIfPresent(meaning.partition());
		SharedQuestions.Match best = null;
		if (entries != null) {
			for (Entry entry : entries) {
				double similarity = Meaning.similarity(entry.vector, meaning.vector());
				if (similarity >= threshold && (best == null || similarity > best.similarity())) {
					best = new SharedQuestions.Match(entry.key, similarity);
				}
			}
		}
		return best;
	}

	void add(Meaning meaning, CacheKey key) {
		this.partitions.asMap().compute(meaning.partition(), (partition, before) -> {
			List<Entry> entries = new ArrayList<>();
			if (before != null) {
				before.stream().filter((entry) -> !entry.key.equals(key)).forEach(entries::add);
			}
			if (entries.size() >= MOST) {
				entries.remove(0);
			}
			entries.add(new Entry(key, meaning.vector()));
			return List.copyOf(entries);
		});
	}

	/** Its answer is gone. */
	void remove(CacheKey partition, CacheKey key) {
		this.partitions.asMap().computeIfPresent(partition, (same, before) -> {
			List<Entry> entries = before.stream().filter((entry) -> !entry.key.equals(key)).toList();
			return entries.isEmpty() ? null : entries;
		});
	}

	long questions() {
		return this.partitions.asMap().values().stream().mapToLong(List::size).sum();
	}

	/** A question that was asked. */
	private record Entry(CacheKey key, float[] vector) {
	}

}
