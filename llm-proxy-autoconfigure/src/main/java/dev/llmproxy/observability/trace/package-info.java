/**
 * Spans of calls and of attempts, and how they get to a collector. It depends on
 * {@code provider} and what that depends on, and on OpenTelemetry. Start with
 * {@link dev.llmproxy.observability.trace.CallTracing}.
 */
@NullMarked
package dev.llmproxy.observability.trace;

import org.jspecify.annotations.NullMarked;
