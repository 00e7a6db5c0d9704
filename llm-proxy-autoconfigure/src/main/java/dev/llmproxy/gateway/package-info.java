/**
 * The heart: an LLM call is a {@link dev.llmproxy.gateway.LlmRequest} that is answered by
 * an {@link dev.llmproxy.gateway.LlmResponse}. It depends on {@code chat},
 * {@code dialect}, Reactor and Spring's HTTP value types. Start with
 * {@link dev.llmproxy.gateway.LlmGateway}.
 */
@NullMarked
package dev.llmproxy.gateway;

import org.jspecify.annotations.NullMarked;
