package dev.llmproxy.autoconfigure;

import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import dev.llmproxy.limit.Demand;
import dev.llmproxy.limit.LimitFilter;
import dev.llmproxy.limit.LimitRule;
import dev.llmproxy.limit.LimitStore;
import dev.llmproxy.limit.Quota;
import dev.llmproxy.limit.Standing;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Shows limits and who is closest to them, and lets an operator forget what was used. */
@Endpoint(id = "llmlimits")
final class LimitsEndpoint {

	private static final int MOST = 100;

	private static final Log logger = LogFactory.getLog(LimitsEndpoint.class);

	private final LimitFilter filter;

	private final LimitStore store;

	LimitsEndpoint(LimitFilter filter, LimitStore store) {
		this.filter = filter;
		this.store = store;
	}

	@ReadOperation
	Descriptor limits() {
		return new Descriptor(this.store.state(), this.filter.rules().stream().map(RuleState::of).toList(),
				this.store.known(MOST).stream().map(Use::of).toList());
	}

	/**
	 * Forgets what was used. Calls under way still count as such.
	 * @param limit the rule and the subject, such as the id of a key, which may have
	 * slashes in it
	 */
	@DeleteOperation
	Mono<WebEndpointResponse<Void>> reset(SecurityContext context,
			@Selector(match = Selector.Match.ALL_REMAINING) String... limit) {
		String wanted = String.join("/", limit);
		for (Standing standing : this.store.known(Integer.MAX_VALUE)) {
			Demand demand = standing.demand();
			if (wanted.equals(demand.quota().name() + "/" + demand.subject())) {
				Principal actor = context.getPrincipal();
				logger.warn("Limit '" + demand.quota().name() + "' of '" + demand.subject() + "': reset by "
						+ ((actor != null) ? actor.getName() : "somebody without a name"));
				return this.store.reset(demand)
					.thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT));
			}
		}
		return Mono.just(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
	}

	/**
	 * All of it.
	 *
	 * @param used the most used first; with a shared store, as this node last heard
	 */
	record Descriptor(LimitStore.State store, List<RuleState> rules, List<Use> used) {
	}

	/** A rule, with 0 for what it does not limit. */
	record RuleState(String name, List<String> per, List<String> keys, List<String> teams, List<String> models,
			long requests, long tokens, int concurrency, Duration window) {

		static RuleState of(LimitRule rule) {
			Quota quota = rule.quota();
			return new RuleState(quota.name(),
					rule.per().stream().map((dimension) -> dimension.name().toLowerCase(Locale.ROOT)).toList(),
					rule.keys(), rule.teams(), rule.models(), quota.requests(), quota.tokens(), quota.concurrency(),
					quota.window());
		}

	}

	/**
	 * What was used of a rule by somebody.
	 *
	 * @param reset until it counts no more; {@code null} if nothing does
	 */
	record Use(String rule, String subject, long requests, long tokens, int concurrency, double left,
			@Nullable Duration reset) {

		static Use of(Standing standing) {
			Duration reset = (standing.requestsReset().compareTo(standing.tokensReset()) >= 0)
					? standing.requestsReset() : standing.tokensReset();
			return new Use(standing.demand().quota().name(), standing.demand().subject(), standing.requests(),
					standing.tokens(), standing.concurrency(), standing.headroom(), reset.isZero() ? null : reset);
		}

	}

}
