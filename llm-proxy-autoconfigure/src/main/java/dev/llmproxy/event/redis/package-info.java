/**
 * Events in a stream of Redis. It depends on {@code event}. Start with
 * {@link dev.llmproxy.event.redis.RedisEventStream}.
 */
@NullMarked
package dev.llmproxy.event.redis;

import org.jspecify.annotations.NullMarked;
