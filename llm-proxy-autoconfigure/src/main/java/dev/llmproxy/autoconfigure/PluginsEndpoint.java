package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.List;

import dev.llmproxy.plugin.LoadedPlugin;
import dev.llmproxy.plugin.PluginSettings;
import dev.llmproxy.plugin.Plugins;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** Shows which plugins are loaded; nothing of what is configured for them. */
@Endpoint(id = "llmplugins")
final class PluginsEndpoint {

	private final Plugins plugins;

	PluginsEndpoint(Plugins plugins) {
		this.plugins = plugins;
	}

	/** All of them. */
	@ReadOperation
	All plugins() {
		return new All(this.plugins.all().stream().map(One::of).toList());
	}

	/** All plugins. */
	record All(List<One> plugins) {
	}

	/**
	 * A plugin.
	 *
	 * @param parts what they were added as
	 */
	record One(String name, String version, String api, String file, String sha256, Duration deadline,
			PluginSettings.OnError onError, List<String> parts) {

		static One of(LoadedPlugin plugin) {
			LoadedPlugin.Description known = plugin.description();
			return new One(known.name(), known.version(), known.api(), known.file(), known.sha256(), plugin.deadline(),
					plugin.onError(), plugin.parts().stream().map((part) -> part.type().getSimpleName()).toList());
		}

	}

}
