/**
 * The server's entry point. Everything else is auto-configuration composed through
 * {@code application.yaml}; start reading there.
 */
@NullMarked
package dev.llmproxy.server;

import org.jspecify.annotations.NullMarked;
