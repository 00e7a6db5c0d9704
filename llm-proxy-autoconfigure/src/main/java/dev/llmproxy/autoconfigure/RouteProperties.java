package dev.llmproxy.autoconfigure;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One route. Where targets are named, that is provider/model or the id of a target.
 *
 * @param strategy how its targets are chosen: ordered, priority, weighted, round-robin,
 * least-busy, lowest-latency, lowest-cost, usage-aware, sticky, conditional or split
 * @param targets what serves it, in groups within groups as wanted
 * @param conditions conditional only: the first that matches decides
 * @param defaultTarget conditional only: the name of the target if none matches; by
 * default the request is refused then
 * @param by sticky and split only: what tells a session, the first that a request has
 * counts: headers.(name), metadata.(name), params.user, caller or prompt-prefix; by
 * default headers.llm-proxy-session, and then for sticky prompt-prefix, for split
 * params.user and caller
 * @param require what all its targets must be, fallbacks included
 * @param fallbacks tried after all others, whatever failed: targets, aliases, or other
 * routes, which stand for their targets and not for their fallbacks
 * @param contextWindowFallbacks tried instead when the prompt is too long
 * @param contentPolicyFallbacks tried instead when a provider's policy refuses the prompt
 * @param retry when its targets are tried again
 * @param hedging asks a second target when the first takes long; off unless given
 * @param mirror sends copies of requests elsewhere; off unless given
 * @param timeouts the clocks of each attempt; by default the providers' own
 * @param limits what all callers together may use of it; nothing is limited by default
 * @param cache how its answers are kept; by default as all others
 * @param context what is done with conversations that are too long; by default as under
 * llm-proxy.context
 */
record RouteProperties(@DefaultValue("ordered") RouteStrategy strategy, @DefaultValue List<Target> targets,
		@DefaultValue List<Branch> conditions, @Nullable String defaultTarget, @DefaultValue List<String> by,
		@DefaultValue Require require, @DefaultValue List<String> fallbacks,
		@DefaultValue List<String> contextWindowFallbacks, @DefaultValue List<String> contentPolicyFallbacks,
		@DefaultValue Retry retry, @Nullable Hedging hedging, @Nullable Mirror mirror, @Nullable Timeouts timeouts,
		@Nullable LimitAmounts limits, @Nullable Cache cache, @Nullable RouteContext context) {

	/**
	 * A target, or a group of them.
	 *
	 * @param name what conditions call it; by default its id
	 * @param model provider/model
	 * @param id whoever shares it shares limits, breakers and statistics; by default the
	 * model
	 * @param weight its share among its siblings; for split a percentage
	 * @param priority lower ones are tried first by the strategy priority
	 * @param tags words that requests and routes may demand
	 * @param region where the data goes, such as eu-central-1
	 * @param limits what the provider grants it
	 * @param prices in US dollars per million tokens
	 * @param capabilities what the model can take
	 * @param strategy a group only: how its targets are chosen
	 * @param targets a group only: its targets
	 * @param conditions a conditional group only: as those of a route
	 * @param defaultTarget a conditional group only: as that of a route
	 * @param by a sticky or split group only: as that of a route
	 */
	record Target(@Nullable String name, @Nullable String model, @Nullable String id, @DefaultValue("1") int weight,
			@DefaultValue("0") int priority, @Nullable Set<String> tags, @Nullable String region,
			@Nullable Limits limits, @Nullable Prices prices, @Nullable Capabilities capabilities,
			@DefaultValue("ordered") RouteStrategy strategy, @DefaultValue List<Target> targets,
			@DefaultValue List<Branch> conditions, @Nullable String defaultTarget, @DefaultValue List<String> by) {
	}

	/**
	 * A condition and what it leads to.
	 *
	 * @param query fields with operators, in Portkey's form: metadata.(name),
	 * headers.(name), params.(name), flags.(name), estimated-tokens, caller or operation
	 * with eq, ne, gt, gte, lt, lte, in, nin or regex; joined by and, or
	 * @param then the name of a target beside it
	 */
	record Branch(@DefaultValue Map<String, Object> query, @Nullable String then) {
	}

	/**
	 * What the provider grants; nothing is limited by default.
	 *
	 * @param requestsPerMinute calls per minute; 0 for any number
	 * @param tokensPerMinute tokens per minute, those of prompts and answers together; 0
	 * for any number
	 * @param concurrency calls under way at once; 0 for any number
	 */
	record Limits(@DefaultValue("0") long requestsPerMinute, @DefaultValue("0") long tokensPerMinute,
			@DefaultValue("0") int concurrency) {
	}

	/**
	 * Prices in US dollars per million tokens. They take the place of all that are known;
	 * what has none of its own costs what all other input does, or all other output.
	 *
	 * @param input of a prompt, such as 2.50
	 * @param output of an answer
	 * @param cachedInput of input that the provider's cache has
	 * @param cacheWrite of input that is put there
	 * @param cacheWriteHour of input that is put there for an hour
	 * @param reasoning of thoughts
	 * @param audioInput of audio in a prompt
	 * @param audioOutput of audio in an answer
	 * @param batchInput of input of the tiers 'batch' and 'flex'
	 * @param batchOutput of output of these
	 */
	record Prices(@DefaultValue("0") BigDecimal input, @DefaultValue("0") BigDecimal output,
			@Nullable BigDecimal cachedInput, @Nullable BigDecimal cacheWrite, @Nullable BigDecimal cacheWriteHour,
			@Nullable BigDecimal reasoning, @Nullable BigDecimal audioInput, @Nullable BigDecimal audioOutput,
			@Nullable BigDecimal batchInput, @Nullable BigDecimal batchOutput) {
	}

	/**
	 * What the model can take. What is not said is taken for possible.
	 *
	 * @param contextWindow tokens of prompt and answer together; 0 where unknown
	 * @param maxOutput tokens of an answer; 0 where unknown
	 * @param tools whether it calls tools
	 * @param vision whether it sees images
	 * @param structuredOutput whether it answers in JSON on demand
	 * @param documents whether it reads documents
	 * @param audio whether it hears recordings
	 */
	record Capabilities(@DefaultValue("0") int contextWindow, @DefaultValue("0") int maxOutput, @Nullable Boolean tools,
			@Nullable Boolean vision, @Nullable Boolean structuredOutput, @Nullable Boolean documents,
			@Nullable Boolean audio) {
	}

	/**
	 * What targets must be. A target that does not say its region is in none.
	 *
	 * @param regions one of which it must be in; eu takes eu-central-1 in
	 * @param tags all of which it must have
	 */
	record Require(@DefaultValue Set<String> regions, @DefaultValue Set<String> tags) {
	}

	/**
	 * When targets are tried again; by default as everywhere.
	 *
	 * @param maxRetries rounds after the first; 0 for none
	 * @param baseDelay the first wait is random up to this, each further one up to twice
	 * as long
	 * @param maxDelay the longest wait, also when the provider asks for one
	 * @param statuses answers after which the same target is tried again
	 */
	record Retry(@Nullable Integer maxRetries, @Nullable Duration baseDelay, @Nullable Duration maxDelay,
			@Nullable Set<Integer> statuses) {
	}

	/**
	 * When a second target is asked although the first has not failed. Both are paid for.
	 *
	 * @param minDelay the least time the first is given, which is the time in which 95 %
	 * of its answers begin; there is no hedging unless some of this is set
	 * @param maxDelay the most time the first is given; also while too few answers are
	 * known
	 * @param maxPercent of the route's requests that a second target is asked for
	 * @param flag a flag; only requests that it is on for are hedged
	 */
	record Hedging(@DefaultValue("200ms") Duration minDelay, @DefaultValue("5s") Duration maxDelay,
			@DefaultValue("5") double maxPercent, @Nullable String flag) {
	}

	/**
	 * Who gets copies of requests. Its answers are read and thrown away.
	 *
	 * @param target who gets copies of requests; its answers are thrown away
	 * @param percent of requests that are copied
	 */
	record Mirror(@Nullable String target, @DefaultValue("100") double percent) {
	}

	/**
	 * The clocks of one attempt. Connecting is not among them: connections are shared,
	 * and the provider's matter.
	 *
	 * @param responseHeaders until the head of a streamed answer has arrived; if some of
	 * these clocks is set all of them take the place of the provider's
	 * @param firstToken until the first token of a stream; pings don't count
	 * @param idle between two tokens of a stream
	 * @param total for a whole answer
	 * @param streamTotal for a whole stream
	 */
	record Timeouts(@DefaultValue("60s") Duration responseHeaders, @DefaultValue("5m") Duration firstToken,
			@DefaultValue("2m") Duration idle, @DefaultValue("10m") Duration total,
			@DefaultValue("60m") Duration streamTotal) {
	}

	/**
	 * How answers are kept. What is not said is as everywhere.
	 *
	 * @param enabled whether answers are kept
	 * @param ttl how long an answer is good for
	 * @param maxTtl up to which hits prolong that time
	 * @param hotHits after so many hits each the time of an answer is doubled
	 * @param staleWhileRevalidate how long after its time an answer is still given while
	 * a new one is fetched
	 * @param staleIfError how long after its time an answer is still given where there is
	 * only an error otherwise
	 * @param nonDeterministic whether also those answers are kept that a model might not
	 * give again
	 * @param semantic whether an answer to a question of the same meaning will do
	 * @param flag a flag; answers are kept only of requests that it is on for
	 */
	record Cache(@DefaultValue("true") boolean enabled, @Nullable Duration ttl, @Nullable Duration maxTtl,
			@Nullable Integer hotHits, @Nullable Duration staleWhileRevalidate, @Nullable Duration staleIfError,
			@Nullable Boolean nonDeterministic, @Nullable Boolean semantic, @Nullable String flag) {
	}

}
