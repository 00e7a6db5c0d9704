/**
 * Answers in Redis, shared by all nodes. Depends on {@code cache} and Spring Data Redis.
 * {@link dev.llmproxy.cache.redis.RedisAnswers} is where to start.
 */
@NullMarked
package dev.llmproxy.cache.redis;

import org.jspecify.annotations.NullMarked;
