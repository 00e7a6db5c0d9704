/**
 * What keeps failing targets from hurting callers, and callers from hurting targets:
 * breakers, rests and bulkheads, one per target. It depends on {@code provider} and what
 * that depends on, and on Resilience4j. Start with
 * {@link dev.llmproxy.resilience.BreakerGate}.
 */
@NullMarked
package dev.llmproxy.resilience;

import org.jspecify.annotations.NullMarked;
