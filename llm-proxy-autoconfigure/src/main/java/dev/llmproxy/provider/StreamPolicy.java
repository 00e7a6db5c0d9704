package dev.llmproxy.provider;

/**
 * What one stream is held to.
 *
 * @param provider for messages
 * @param timeouts the clocks
 * @param startNanos when the request was sent, by {@link System#nanoTime()}
 * @param maxEvent longest event, and most bytes before the first token
 * @param hideUsage whether frames with nothing but usage are kept from the caller, who
 * did not ask for them
 */
record StreamPolicy(String provider, Timeouts timeouts, long startNanos, int maxEvent, boolean hideUsage) {
}
