package dev.llmproxy.autoconfigure;

import org.jspecify.annotations.Nullable;

/** A provider's configuration can't work. */
final class InvalidProviderException extends RuntimeException {

	private final String action;

	InvalidProviderException(String provider, String property, String problem, String action) {
		this(provider, property, problem, action, null);
	}

	InvalidProviderException(String provider, String property, String problem, String action,
			@Nullable Throwable cause) {
		super("llm-proxy.providers." + provider + "." + property + ": " + problem, cause);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
