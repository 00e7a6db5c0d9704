package dev.llmproxy.provider.google;

import org.jspecify.annotations.Nullable;

/**
 * An access token.
 *
 * @param value never printed
 * @param quotaProject the project that pays, where the credentials name one
 */
record GoogleToken(String value, @Nullable String quotaProject) {

	@Override
	public String toString() {
		return "GoogleToken[quotaProject=" + this.quotaProject + "]";
	}

}
