/**
 * What nodes tell each other, through Redis: by its channel at once, and by what is kept
 * there to those that start later or were away. It depends on {@code cluster} and on the
 * queue of {@code event}. Start with {@link dev.llmproxy.cluster.redis.RedisCluster}.
 */
@NullMarked
package dev.llmproxy.cluster.redis;

import org.jspecify.annotations.NullMarked;
