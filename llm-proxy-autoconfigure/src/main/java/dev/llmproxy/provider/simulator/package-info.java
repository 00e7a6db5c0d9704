/**
 * A provider without a model: deterministic answers, streams at a settable pace, and
 * failures by name, to develop and demonstrate applications against. It depends on
 * {@code provider} and what is above that, on Reactor and Jackson. Start with
 * {@link dev.llmproxy.provider.simulator.SimulatorProvider}.
 */
@NullMarked
package dev.llmproxy.provider.simulator;

import org.jspecify.annotations.NullMarked;
