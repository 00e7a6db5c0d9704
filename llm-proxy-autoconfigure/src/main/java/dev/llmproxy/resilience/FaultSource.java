package dev.llmproxy.resilience;

import dev.llmproxy.provider.Attempt;
import org.jspecify.annotations.Nullable;

/** Says which attempts fail. Thread-safe; never blocks. */
@FunctionalInterface
public interface FaultSource {

	/** The fault to happen to an attempt; {@code null} for none. */
	@Nullable InjectedFault next(Attempt attempt);

}
