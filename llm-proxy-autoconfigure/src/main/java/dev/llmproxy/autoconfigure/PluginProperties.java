package dev.llmproxy.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import dev.llmproxy.plugin.PluginSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Plugins: parts of the gateway out of jars. In an application of one's own a bean does.
 *
 * @param directory where their jars are; by default none is loaded, and by the server's
 * application.yaml those in plugins
 * @param allowed those that may be loaded, by name: all others are refused
 */
@ConfigurationProperties("llm-proxy.plugins")
record PluginProperties(@Nullable Path directory, @DefaultValue Map<String, Allowed> allowed) {

	/**
	 * A plugin that may be loaded.
	 *
	 * @param sha256 the checksum of its jar, in hexadecimal digits
	 * @param enabled whether it is loaded
	 * @param deadline how long a filter of it may take each time it is its turn: until it
	 * passes a request on, then the answer, then each part of a stream
	 * @param onError what becomes of a call that it fails or delays: fail, or skip, which
	 * goes on without it as long as it was given nothing of the answer
	 * @param config its own; see its documentation
	 */
	record Allowed(@Nullable String sha256, @DefaultValue("true") boolean enabled,
			@DefaultValue("1s") Duration deadline, @DefaultValue("fail") PluginSettings.OnError onError,
			@DefaultValue Map<String, String> config) {

		/** A plugin's configuration may hold secrets. */
		@Override
		public String toString() {
			return "Allowed[sha256=" + this.sha256 + ", enabled=" + this.enabled + "]";
		}

		PluginSettings settings(String property) {
			String checksum = this.sha256;
			if (checksum == null) {
				throw new InvalidPropertyException(property + ".sha256", "it is missing",
						"Add the checksum of the jar, as sha256sum prints it.");
			}
			return InvalidPropertyException.checked(property,
					() -> new PluginSettings(checksum, this.deadline, this.onError, this.config));
		}

	}

}
