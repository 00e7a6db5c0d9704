package dev.llmproxy.observability.cost;

import java.time.Instant;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Attempt.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What a provider will ask for one attempt. A call may be charged several times: once for
 * each attempt that got so far.
 *
 * @param request the id of the request
 * @param attempt the number of the attempt within the request; id and number and kind
 * together are unique
 * @param time when the attempt ended
 * @param route the name of the route
 * @param provider the provider's name
 * @param vendor as {@code gen_ai.provider.name} says it
 * @param target the id of the target
 * @param model the name that the provider knows
 * @param usage the tokens, which may be an estimate
 * @param cost in nano-USD; {@code null} if the price is not known
 * @param first whether nothing was charged for the call before; never for a mirrored copy
 */
public record Charge(String request, int attempt, Kind kind, Instant time, Caller caller, Operation operation,
		String route, String provider, String vendor, String target, String model, Usage usage, @Nullable Long cost,
		boolean first) {
}
