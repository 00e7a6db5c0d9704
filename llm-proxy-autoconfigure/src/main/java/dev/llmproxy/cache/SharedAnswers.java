package dev.llmproxy.cache;

import java.util.Optional;

import reactor.core.publisher.Mono;

/**
 * Answers that several nodes share. It may be slow, gone or full of rubbish: then it
 * knows nothing, within a deadline, and no call fails for that. Thread-safe.
 */
public interface SharedAnswers {

	/** None are shared. */
	SharedAnswers NONE = new SharedAnswers() {

		@Override
		public Mono<Optional<KeptAnswer>> find(CacheKey key) {
			return Mono.just(Optional.empty());
		}

		@Override
		public void keep(CacheKey key, KeptAnswer answer) {
			// There is no place for it.
		}

		@Override
		public Mono<Long> forget(AnswerPattern which) {
			return Mono.just(0L);
		}

		@Override
		public Mono<Boolean> forget(CacheKey key) {
			return Mono.just(false);
		}

	};

	/** An answer; empty if there is none that can be had. Never fails. */
	Mono<Optional<KeptAnswer>> find(CacheKey key);

	/** Has an answer kept; nobody waits for that. */
	void keep(CacheKey key, KeptAnswer answer);

	/**
	 * Forgets answers, here and in the other nodes' memory.
	 * @return how many
	 */
	Mono<Long> forget(AnswerPattern which);

	Mono<Boolean> forget(CacheKey key);

}
