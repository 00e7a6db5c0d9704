package dev.llmproxy.autoconfigure;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.llmproxy.plugin.LoadedPlugin;
import dev.llmproxy.plugin.PluginException;
import dev.llmproxy.plugin.PluginParts;
import dev.llmproxy.plugin.PluginSettings;
import dev.llmproxy.plugin.Plugins;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Makes each part of each plugin a bean like any other. */
final class PluginRegistrar implements BeanRegistrar {

	private static final Log logger = LogFactory.getLog(PluginRegistrar.class);

	@Override
	public void register(BeanRegistry registry, Environment environment) {
		PluginProperties properties = Binder.get(environment).bindOrCreate("llm-proxy.plugins", PluginProperties.class);
		Plugins plugins = load(properties);
		registry.registerBean("llmPlugins", Plugins.class, (bean) -> bean.supplier((context) -> plugins));
		for (LoadedPlugin plugin : plugins.all()) {
			int number = 0;
			for (PluginParts.Part<?> part : plugin.parts()) {
				register(registry, "llmPlugin." + plugin.description().name() + "." + number++, part.part());
			}
			logger.info("Plugin '" + plugin.description().name() + "' " + plugin.description().version() + ": "
					+ types(plugin));
		}
	}

	/** Its very class: who listens to what is told by that. */
	@SuppressWarnings("unchecked")
	private static <T> void register(BeanRegistry registry, String name, T part) {
		registry.registerBean(name, (Class<T>) part.getClass(), (bean) -> bean.supplier((context) -> part));
	}

	static String types(LoadedPlugin plugin) {
		return plugin.parts().stream().map((part) -> part.type().getSimpleName()).collect(Collectors.joining(", "));
	}

	private static Plugins load(PluginProperties properties) {
		Map<String, PluginSettings> allowed = new TreeMap<>();
		Set<String> disabled = new TreeSet<>();
		properties.allowed().forEach((name, plugin) -> {
			if (plugin.enabled()) {
				allowed.put(name, plugin.settings("llm-proxy.plugins.allowed." + name));
			}
			else {
				disabled.add(name);
			}
		});
		try {
			return Plugins.load(directory(properties.directory()), allowed, disabled);
		}
		catch (PluginException ex) {
			InvalidPropertyException told = new InvalidPropertyException("llm-proxy.plugins",
					String.valueOf(ex.getMessage()), ex.action());
			told.addSuppressed(ex);
			throw told;
		}
	}

	private static Path directory(@Nullable Path directory) {
		if (directory == null) {
			throw new InvalidPropertyException("llm-proxy.plugins.directory", "it is missing",
					"Name the folder with the jars.");
		}
		return directory;
	}

}
