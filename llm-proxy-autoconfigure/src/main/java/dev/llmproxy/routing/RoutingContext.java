package dev.llmproxy.routing;

import dev.llmproxy.gateway.LlmRequest;

/**
 * What a selector may look at.
 *
 * @param route the name of the route
 */
public record RoutingContext(LlmRequest request, String route) {
}
