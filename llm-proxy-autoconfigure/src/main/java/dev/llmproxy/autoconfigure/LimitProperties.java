package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.llmproxy.limit.Dimension;
import dev.llmproxy.limit.FailureMode;
import dev.llmproxy.limit.redis.RedisLimitSettings;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits on what callers use. Those of one key, one route or one target are said there.
 *
 * @param rules by their names, which callers see when they reach one
 * @param expectedOutputTokens tokens set aside for an answer whose length the request
 * does not limit
 * @param store where is counted what was used
 * @param redis how several nodes share limits
 */
@ConfigurationProperties("llm-proxy.limits")
record LimitProperties(@DefaultValue Map<String, Rule> rules, @DefaultValue("512") long expectedOutputTokens,
		@DefaultValue("memory") Store store, @DefaultValue Redis redis) {

	/** Where is counted what was used. */
	enum Store {

		/** Each node counts for itself. */
		MEMORY,

		/** All nodes count together, in the Redis of spring.data.redis. */
		REDIS

	}

	/**
	 * One rule.
	 *
	 * @param per what is counted separately: key, team, user, model, or several of them;
	 * a request that lacks one of them is not limited by the rule; by default all
	 * requests count together
	 * @param keys patterns of the ids of keys it is for, '*' for any run of characters;
	 * by default all
	 * @param teams patterns of teams it is for; by default all
	 * @param models patterns of models it is for, as callers name them; by default all
	 * @param requests calls within any window; 0 for any number
	 * @param tokens tokens of prompts and answers within any window; 0 for any number
	 * @param concurrency calls under way at once; 0 for any number
	 * @param window from one second to one day
	 */
	record Rule(@DefaultValue List<Dimension> per, @DefaultValue List<String> keys, @DefaultValue List<String> teams,
			@DefaultValue List<String> models, @DefaultValue("0") long requests, @DefaultValue("0") long tokens,
			@DefaultValue("0") int concurrency, @DefaultValue("1m") Duration window) {
	}

	/**
	 * How several nodes share limits.
	 *
	 * @param prefix of all keys in Redis
	 * @param deadline for one question to Redis, up to 50ms; a Redis that was silent
	 * three times is not asked any more until it answers a probe
	 * @param failureMode what happens meanwhile: local has each node count up to its
	 * share of the limit, open admits everything, closed refuses everything that is
	 * limited
	 * @param nodes how many share the limits; 0 to have them counted
	 * @param probeInterval until a Redis that did not answer is asked again
	 * @param lease how long a place among the calls under way is kept for a node that
	 * says nothing any more
	 */
	record Redis(@DefaultValue("llm-proxy:") String prefix, @DefaultValue("30ms") Duration deadline,
			@DefaultValue("local") FailureMode failureMode, @DefaultValue("0") int nodes,
			@DefaultValue("200ms") Duration probeInterval, @DefaultValue("60s") Duration lease) {

		RedisLimitSettings settings() {
			return new RedisLimitSettings(this.prefix, this.deadline, this.failureMode, this.nodes, this.probeInterval,
					this.lease);
		}

	}

}
