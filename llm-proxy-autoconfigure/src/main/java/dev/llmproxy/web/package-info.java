/**
 * The HTTP front, on WebFlux and in servlet containers: endpoints, reading of requests,
 * rendering of answers and errors. It contains HTTP and no policy, and depends on
 * everything above it. Start with {@link dev.llmproxy.web.GatewayPaths}.
 */
@NullMarked
package dev.llmproxy.web;

import org.jspecify.annotations.NullMarked;
