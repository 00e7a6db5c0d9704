package dev.llmproxy.autoconfigure;

import dev.llmproxy.provider.Authenticator;
import dev.llmproxy.provider.ProviderPreset;
import org.jspecify.annotations.Nullable;

/** How a cloud proves who we are; present where its library is. */
interface CloudAuthentication {

	boolean supports(ProviderPreset.Auth auth);

	/**
	 * Makes the authenticator of one provider.
	 * @param provider the provider's name, for messages
	 * @param region the region, or location; always there where signatures need one
	 */
	Authenticator authenticator(String provider, @Nullable String region);

}
