package dev.llmproxy.autoconfigure;

import dev.llmproxy.provider.Provider;

/**
 * A provider and where it comes from, to be told at start-up.
 *
 * @param type the vendor, or what else it is
 * @param credentials where its credentials come from; nothing secret
 */
record ConfiguredProvider(Provider provider, String type, String credentials) {
}
