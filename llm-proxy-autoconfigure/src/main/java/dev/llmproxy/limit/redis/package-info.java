/**
 * Limits that several nodes share in Redis. Start with
 * {@link dev.llmproxy.limit.redis.RedisLimitStore}.
 */
@NullMarked
package dev.llmproxy.limit.redis;

import org.jspecify.annotations.NullMarked;
