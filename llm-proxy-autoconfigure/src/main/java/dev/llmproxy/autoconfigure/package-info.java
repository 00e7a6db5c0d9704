/**
 * Wires the library into Spring Boot: one small auto-configuration per feature,
 * properties that end here, and everything backing off for an application's own beans. It
 * sees all other packages and is seen by none. Start with
 * {@link dev.llmproxy.autoconfigure.GatewayAutoConfiguration}.
 */
@NullMarked
package dev.llmproxy.autoconfigure;

import org.jspecify.annotations.NullMarked;
