package dev.llmproxy.server.migration;

/**
 * Something that is not, or not exactly, in the new configuration. Tells no secret.
 *
 * @param item where it is in the old one
 * @param reason why
 * @param action what to do about it
 */
public record Leftover(String item, String reason, String action) {
}
