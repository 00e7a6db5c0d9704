/**
 * Which target serves a request, and what happens when it can't. It depends on
 * {@code gateway} and {@code provider}. Start with {@link dev.llmproxy.routing.Router}.
 */
@NullMarked
package dev.llmproxy.routing;

import org.jspecify.annotations.NullMarked;
