package dev.llmproxy.cache;

import org.jspecify.annotations.Nullable;

/**
 * What a request is to the cache.
 *
 * @param key what its answer is kept under; {@code null} if it never is
 * @param deterministic whether the model is asked for the same answer each time
 * @param directives what the body says
 * @param marked whether the body has the member that says it
 */
record Question(@Nullable CacheKey key, boolean deterministic, Directives directives, boolean marked) {

	static final Question NOT_CACHEABLE = new Question(null, false, Directives.NONE, false);

}
