/**
 * What has gone on lately, for the status page: counts and latencies in sliding windows.
 * It depends on {@code observability.call} and {@code observability.cost} and what those
 * depend on. Start with {@link dev.llmproxy.observability.status.TrafficBoard}.
 */
@NullMarked
package dev.llmproxy.observability.status;

import org.jspecify.annotations.NullMarked;
