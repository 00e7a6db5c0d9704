/**
 * The HTTP front on WebFlux: endpoints, reading of requests, rendering of answers and
 * errors. It contains HTTP and no policy, and depends on everything above it. Start with
 * {@link dev.llmproxy.web.GatewayRoutes}.
 */
@NullMarked
package dev.llmproxy.web;

import org.jspecify.annotations.NullMarked;
