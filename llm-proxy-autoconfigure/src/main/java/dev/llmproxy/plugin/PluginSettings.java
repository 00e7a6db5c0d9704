package dev.llmproxy.plugin;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What the operator says of a plugin.
 *
 * @param sha256 the checksum of its jar, in hexadecimal digits
 * @param deadline how long it may take each time it is its turn; positive
 * @param onError what becomes of a call that it fails or delays
 * @param config its own
 */
public record PluginSettings(String sha256, Duration deadline, OnError onError, Map<String, String> config) {

	public PluginSettings {
		sha256 = sha256.toLowerCase(Locale.ROOT);
		config = Map.copyOf(config);
		if (!sha256.matches("[0-9a-f]{64}")) {
			throw new IllegalArgumentException("sha256 must be 64 hexadecimal digits");
		}
		if (deadline.isNegative() || deadline.isZero()) {
			throw new IllegalArgumentException("deadline must be positive");
		}
	}

	/** A plugin's configuration may hold secrets. */
	@Override
	public String toString() {
		return "PluginSettings[sha256=" + this.sha256 + ", deadline=" + this.deadline + ", onError=" + this.onError
				+ "]";
	}

	/** What becomes of a call that a plugin fails or delays. */
	public enum OnError {

		/** It fails. */
		FAIL,

		/**
		 * It goes on as if the plugin were not there, as long as nothing of the answer
		 * was given to the plugin; otherwise it fails.
		 */
		SKIP

	}

}
