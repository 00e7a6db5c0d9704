/**
 * What the gateway tells of itself, in the terms of the OpenTelemetry GenAI conventions.
 * It depends on {@code provider} and what that depends on, and is the only home of
 * Micrometer. Start with {@link dev.llmproxy.observability.AttemptMeterGate}.
 */
@NullMarked
package dev.llmproxy.observability;

import org.jspecify.annotations.NullMarked;
