/**
 * What calls cost. It depends on {@code provider} and what that depends on. Start with
 * {@link dev.llmproxy.observability.cost.ChargeGate}.
 */
@NullMarked
package dev.llmproxy.observability.cost;

import org.jspecify.annotations.NullMarked;
