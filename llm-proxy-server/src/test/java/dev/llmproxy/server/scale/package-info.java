/**
 * What takes minutes and thousands of connections: run with {@code ./mvnw -Pscale}.
 */
package dev.llmproxy.server.scale;
