package dev.llmproxy.autoconfigure;

import java.util.function.LongSupplier;

/**
 * Somebody who is told of events, and may be too slow.
 *
 * @param sink its name in meters
 * @param dropped how many events it has lost
 */
record EventDrops(String sink, LongSupplier dropped) {
}
