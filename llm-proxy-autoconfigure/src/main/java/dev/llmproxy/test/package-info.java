/**
 * For the tests of applications: answers that are recorded once and replayed ever after,
 * failures on demand, and the simulator in every provider's place. It depends on
 * {@code resilience} and {@code observability} and what is above them, on Reactor and
 * Jackson. Start with {@link dev.llmproxy.test.GatewayFaults} and
 * {@link dev.llmproxy.test.Cassette}.
 */
@NullMarked
package dev.llmproxy.test;

import org.jspecify.annotations.NullMarked;
