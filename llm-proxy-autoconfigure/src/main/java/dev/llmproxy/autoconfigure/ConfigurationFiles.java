package dev.llmproxy.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;

/**
 * Reads the configuration files anew, by Spring Boot's own means: the same locations,
 * imports and profiles, under the same command line and environment variables.
 */
final class ConfigurationFiles {

	private final ConfigurableEnvironment running;

	ConfigurationFiles(ConfigurableEnvironment running) {
		this.running = running;
	}

	/** The environment with the files as they are now. What runs is not touched. */
	ConfigurableEnvironment read() {
		ConfigurableEnvironment next = copy(false);
		ConfigDataEnvironmentPostProcessor.applyTo(next,
				new DefaultResourceLoader(ConfigurationFiles.class.getClassLoader()), null,
				List.of(this.running.getActiveProfiles()));
		ConfigurationPropertySources.attach(next);
		return next;
	}

	/** The environment as somebody else has refreshed it. */
	ConfigurableEnvironment current() {
		ConfigurableEnvironment next = copy(true);
		ConfigurationPropertySources.attach(next);
		return next;
	}

	private ConfigurableEnvironment copy(boolean files) {
		StandardEnvironment copy = new StandardEnvironment();
		MutablePropertySources sources = copy.getPropertySources();
		List.copyOf(sources.stream().toList()).forEach((source) -> sources.remove(source.getName()));
		for (PropertySource<?> source : this.running.getPropertySources()) {
			if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)
					&& (files || !isFile(source))) {
				sources.addLast(source);
			}
		}
		return copy;
	}

	/** As Spring Boot names what it has read itself; others may use the types too. */
	static boolean isFile(PropertySource<?> source) {
		return (source instanceof OriginTrackedMapPropertySource && source.getName().startsWith("Config resource "))
				|| (source instanceof ConfigTreePropertySource && source.getName().startsWith("Config tree "));
	}

	/** Has the running environment tell what was read, so that it says what holds. */
	void adopt(ConfigurableEnvironment next) {
		MutablePropertySources sources = this.running.getPropertySources();
		Set<String> names = new TreeSet<>();
		String previous = null;
		for (PropertySource<?> source : next.getPropertySources()) {
			if (isFile(source)) {
				names.add(source.getName());
				if (sources.contains(source.getName())) {
					sources.replace(source.getName(), source);
				}
				else if (previous != null) {
					sources.addAfter(previous, source);
				}
				else {
					sources.addLast(source);
				}
			}
			if (sources.contains(source.getName())) {
				previous = source.getName();
			}
		}
		for (PropertySource<?> source : new ArrayList<>(sources.stream().toList())) {
			if (isFile(source) && !names.contains(source.getName())) {
				sources.remove(source.getName());
			}
		}
	}

	/** The first YAML file that can't be parsed, if any. */
	@Nullable String broken() {
		YamlPropertySourceLoader yaml = new YamlPropertySourceLoader();
		for (PropertySource<?> source : this.running.getPropertySources()) {
			Resource resource = isFile(source) ? resource(source) : null;
			if (resource != null && resource.isFile() && isYaml(resource.getFilename())) {
				try {
					yaml.load("check", resource);
				}
				catch (Exception ex) {
					return resource.getDescription();
				}
			}
		}
		return null;
	}

	private static boolean isYaml(@Nullable String name) {
		return name != null && (name.endsWith(".yaml") || name.endsWith(".yml"));
	}

	/** The file of a source that has any property. */
	static @Nullable Resource resource(PropertySource<?> source) {
		if (source instanceof OriginTrackedMapPropertySource map) {
			for (String name : map.getPropertyNames()) {
				Origin origin = map.getOrigin(name);
				if (origin instanceof TextResourceOrigin text) {
					return text.getResource();
				}
			}
		}
		return null;
	}

}
