/**
 * Limits on requests, tokens and calls under way: of callers, and of what providers
 * grant. It depends on {@code provider} and what that depends on. Start with
 * {@link dev.llmproxy.limit.LimitFilter}.
 */
@NullMarked
package dev.llmproxy.limit;

import org.jspecify.annotations.NullMarked;
