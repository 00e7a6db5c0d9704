package dev.llmproxy.observability.conversation;

import java.util.function.Supplier;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.gateway.LlmRequest;

/**
 * A question and its complete answer, which waits to be written.
 *
 * @param answer decodes it
 * @param bytes that are reserved for it
 */
record Conversation(LlmRequest request, Supplier<ChatResponse> answer, long bytes) {
}
