package dev.llmproxy.autoconfigure;

import dev.llmproxy.provider.Provider;
import org.jspecify.annotations.Nullable;

/**
 * A provider and where it comes from, to be told at start-up.
 *
 * @param type the vendor, or what else it is
 * @param credentials where its credentials come from; nothing secret
 * @param blueprint what it was made of; {@code null} if it is a bean
 */
record ConfiguredProvider(Provider provider, String type, String credentials,
		ProviderFactory.@Nullable Blueprint blueprint) {
}
