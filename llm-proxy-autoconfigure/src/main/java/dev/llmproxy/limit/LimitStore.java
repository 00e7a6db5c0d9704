package dev.llmproxy.limit;

import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Counts what is used of quotas. Meets all demands of a call or none, exactly, however
 * many calls come at once. Thread-safe; never blocks.
 */
public interface LimitStore {

	/**
	 * Sets aside what a call takes: one request, one place among the calls under way, and
	 * tokens, of each demand.
	 * @param tokens what it is expected to use
	 * @return the decision; or an {@link dev.llmproxy.gateway.LlmException} where the
	 * counts can't be had and nothing is admitted then
	 */
	Mono<Decision> acquire(List<Demand> demands, long tokens);

	/**
	 * Why a call that takes no tokens would be refused now, as far as is known here;
	 * changes nothing.
	 */
	@Nullable Refusal refusal(Demand demand);

	/** What is known here of a demand, for planning; {@code null} if nothing is. */
	@Nullable Standing known(Demand demand);

	/** What is known here, the most used first; at most so many. */
	List<Standing> known(int most);

	/** Forgets all that was used of a demand. */
	Mono<Void> reset(Demand demand);

	/** Where the counts are kept and how that goes. */
	State state();

	/**
	 * How counting goes.
	 *
	 * @param store such as {@code memory}
	 * @param degraded whether the counts can't be had at the moment
	 * @param nodes that share them, as far as anybody knows
	 * @param failureMode what happens while they can't be had; {@code null} where that
	 * can't be
	 */
	record State(String store, boolean degraded, int nodes, @Nullable FailureMode failureMode) {
	}

}
