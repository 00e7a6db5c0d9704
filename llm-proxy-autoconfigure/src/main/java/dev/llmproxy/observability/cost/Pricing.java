package dev.llmproxy.observability.cost;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.provider.Target;
import org.jspecify.annotations.Nullable;

/** Knows what tokens cost. Thread-safe; computes, and asks nobody. */
@FunctionalInterface
public interface Pricing {

	/**
	 * The cost of an attempt.
	 * @return nano-USD; {@code null} if the price is not known
	 */
	@Nullable Long cost(Target target, Usage usage);

}
