/**
 * Annotations for the tests of applications. It depends on Spring Boot's test modules and
 * on {@code test}. Start with
 * {@link dev.llmproxy.autoconfigure.test.AutoConfigureLlmGateway}.
 */
@NullMarked
package dev.llmproxy.autoconfigure.test;

import org.jspecify.annotations.NullMarked;
