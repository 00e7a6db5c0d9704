/**
 * Fake model providers that speak the real wire formats and refuse what the real ones
 * refuse, so that a bad translation fails a test instead of being overlooked. It depends
 * on the socket-level kit in {@code dev.llmproxy.testkit} and on Jackson, never on the
 * code under test. Start reading at {@link dev.llmproxy.testkit.fake.Fakes}, then
 * {@link dev.llmproxy.testkit.fake.StandardBehaviour} for what the models answer.
 */
@NullMarked
package dev.llmproxy.testkit.fake;

import org.jspecify.annotations.NullMarked;
