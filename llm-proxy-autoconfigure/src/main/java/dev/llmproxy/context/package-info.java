/**
 * Conversations that have become too long: refused, shortened, summarised or sent to a
 * model with a larger window. It depends on {@code provider} and what that depends on.
 * Start with {@link dev.llmproxy.context.ContextFilter}.
 */
@NullMarked
package dev.llmproxy.context;

import org.jspecify.annotations.NullMarked;
