/**
 * Writes down what was said, for fine-tuning, where an operator asked for that: the only
 * place that keeps content. It depends on {@code gateway} and what that depends on. Start
 * with {@link dev.llmproxy.observability.conversation.ConversationFilter}.
 */
@NullMarked
package dev.llmproxy.observability.conversation;

import org.jspecify.annotations.NullMarked;
