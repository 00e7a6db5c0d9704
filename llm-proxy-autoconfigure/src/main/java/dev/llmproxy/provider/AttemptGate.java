package dev.llmproxy.provider;

import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Admits attempts, and hears of each it admitted how it went: a breaker, a cooldown, a
 * limit, a meter. All gates of an attempt are one step of its chain, which is why most
 * features are gates and not {@link AttemptFilter}s. Thread-safe; never blocks.
 */
public interface AttemptGate extends Ordered {

	/**
	 * Admits an attempt.
	 * @return hears of its end exactly once
	 * @throws dev.llmproxy.gateway.LlmException to refuse it
	 */
	AttemptListener enter(Attempt attempt);

	/**
	 * Why an attempt would be refused now, for planning and explaining; changes nothing.
	 * @return {@code null} if it would be admitted
	 */
	default @Nullable Unavailability unavailability(Target target) {
		return null;
	}

	/** Its place; see {@link GateOrder}. */
	@Override
	default int getOrder() {
		return GateOrder.OBSERVATION.order();
	}

}
