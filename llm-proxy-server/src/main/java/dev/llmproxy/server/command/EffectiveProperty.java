package dev.llmproxy.server.command;

/**
 * A property and what holds for it.
 *
 * @param value masked if it may be a secret
 * @param source where it is from, for people
 * @param set whether anybody but us set it
 */
record EffectiveProperty(String name, String value, String source, boolean set) {
}
