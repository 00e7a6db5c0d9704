package dev.llmproxy.provider;

import dev.llmproxy.gateway.LlmRequest;

/**
 * One try at one target.
 *
 * @param number from 1
 */
public record Attempt(LlmRequest request, Target target, int number) {
}
