package dev.llmproxy.cache;

import java.time.Duration;
import java.util.List;

import reactor.core.publisher.Mono;

/**
 * Questions that several nodes share, to be found by their meaning. Their answers are
 * {@link SharedAnswers}. It may be slow, gone or full of rubbish: then it knows nothing,
 * within a deadline, and no call fails for that. Thread-safe.
 */
public interface SharedQuestions {

	/** None are shared. */
	SharedQuestions NONE = new SharedQuestions() {

		@Override
		public Mono<List<Match>> find(Meaning meaning, double threshold) {
			return Mono.just(List.of());
		}

		@Override
		public void add(Meaning meaning, CacheKey key, Duration time) {
			// There is no place for it.
		}

		@Override
		public void remove(Meaning meaning, CacheKey key) {
			// It was never there.
		}

		@Override
		public Mono<Void> forget(AnswerPattern which) {
			return Mono.empty();
		}

	};

	/**
	 * The most similar questions of the same partition, the closest first; none if there
	 * are none that can be had. Never fails.
	 * @param threshold the least cosine similarity
	 */
	Mono<List<Match>> find(Meaning meaning, double threshold);

	/**
	 * Has a question remembered; nobody waits for that.
	 * @param key what its answer is kept under
	 * @param time for which that may be given
	 */
	void add(Meaning meaning, CacheKey key, Duration time);

	/**
	 * Has a question forgotten whose answer was not found, unless it is there after all;
	 * nobody waits for that.
	 * @param meaning that it was found by
	 */
	void remove(Meaning meaning, CacheKey key);

	/** Forgets the questions of tenants and models. */
	Mono<Void> forget(AnswerPattern which);

	/**
	 * A question that is similar.
	 *
	 * @param key what its answer is kept under
	 * @param similarity the cosine
	 */
	record Match(CacheKey key, double similarity) {
	}

}
