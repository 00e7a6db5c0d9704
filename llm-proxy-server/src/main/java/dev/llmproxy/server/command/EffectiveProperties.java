package dev.llmproxy.server.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/** What holds under {@code llm-proxy}, and who said so. */
final class EffectiveProperties {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("llm-proxy");

	private static final Pattern VARIABLE = Pattern.compile("LLM_?PROXY_.+");

	/** Names that are spelled out, with nothing behind the colon of a default. */
	private static final Pattern UNSET = Pattern.compile("\\$\\{([^{}:]+)}");

	private final ConfigurableEnvironment environment;

	private final Sanitizer sanitizer;

	private final List<ConfigurationPropertySource> sources = new ArrayList<>();

	EffectiveProperties(ConfigurableEnvironment environment, Sanitizer sanitizer) {
		this.environment = environment;
		this.sanitizer = sanitizer;
		ConfigurationPropertySources.get(environment).forEach(this.sources::add);
	}

	/** All of them, by name; those of the catalogue of properties with their defaults. */
	List<EffectiveProperty> all() {
		Map<String, String> defaults = defaults();
		TreeSet<ConfigurationPropertyName> names = new TreeSet<>();
		defaults.keySet().forEach((name) -> names.add(ConfigurationPropertyName.of(name)));
		for (ConfigurationPropertySource source : this.sources) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream().filter(ROOT::isAncestorOf).forEach(names::add);
			}
		}
		List<EffectiveProperty> all = new ArrayList<>();
		Set<String> variables = new LinkedHashSet<>(variables());
		for (ConfigurationPropertyName name : names) {
			ConfigurationProperty property = find(name);
			if (property != null) {
				String variable = Places.variable(property);
				if (variable != null) {
					variables.remove(variable);
				}
				all.add(new EffectiveProperty(name.toString(), shown(property), Places.of(property),
						!Places.isOurs(property)));
			}
			else if (defaults.containsKey(name.toString()) && names.stream().noneMatch(name::isAncestorOf)) {
				all.add(new EffectiveProperty(name.toString(), String.valueOf(defaults.get(name.toString())), "default",
						false));
			}
		}
		// Parts of lists and maps, whose names variables do not tell for certain.
		for (String variable : variables) {
			all.add(new EffectiveProperty(variable, "******", "environment variable", true));
		}
		return all;
	}

	/** The first source that has it; a list is of one source only. */
	private @Nullable ConfigurationProperty find(ConfigurationPropertyName name) {
		for (ConfigurationPropertySource source : this.sources) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return isReplaced(name, source) ? null : property;
			}
		}
		return null;
	}

	@SuppressWarnings("ReferenceEquality") // this very source
	private boolean isReplaced(ConfigurationPropertyName name, ConfigurationPropertySource owner) {
		for (int i = 1; i < name.getNumberOfElements(); i++) {
			if (name.isNumericIndex(i)) {
				ConfigurationPropertyName first = name.chop(i).append("[0]");
				for (ConfigurationPropertySource source : this.sources) {
					if (source == owner) {
						break;
					}
					if (source.getConfigurationProperty(first) != null
							|| (source instanceof IterableConfigurationPropertySource iterable
									&& iterable.stream().anyMatch(first::isAncestorOf))) {
						return true;
					}
				}
			}
		}
		return false;
	}

	private String shown(ConfigurationProperty property) {
		String value = this.environment.resolvePlaceholders(String.valueOf(property.getValue()));
		PropertySource<?> source = (property.getSource() != null
				&& property.getSource().getUnderlyingSource() instanceof PropertySource<?> underlying) ? underlying
						: null;
		return String
			.valueOf(this.sanitizer.sanitize(new SanitizableData(source, property.getName().toString(), value), true));
	}

	/** Values that name variables which are not there. */
	List<Problem> unset() {
		Map<String, Problem> problems = new LinkedHashMap<>();
		for (ConfigurationPropertySource source : this.sources) {
			if (!(source instanceof IterableConfigurationPropertySource iterable) || !Places.isFile(source)) {
				continue;
			}
			iterable.stream().forEach((name) -> {
				ConfigurationProperty property = source.getConfigurationProperty(name);
				if (property == null || Places.isOurs(property)) {
					return;
				}
				Matcher unset = UNSET
					.matcher(this.environment.resolvePlaceholders(String.valueOf(property.getValue())));
				if (unset.find()) {
					problems.putIfAbsent(name.toString(),
							new Problem(name.toString(), Places.of(property), unset.group(1) + " is not set",
									"Set the environment variable " + unset.group(1) + ", or correct its name."));
				}
			});
		}
		return List.copyOf(problems.values());
	}

	/** Where a property is set, or the next one around it. */
	@Nullable String place(String property) {
		ConfigurationPropertyName name = ConfigurationPropertyName.isValid(property)
				? ConfigurationPropertyName.of(property) : null;
		for (; name != null && name.getNumberOfElements() > 1; name = name.getParent()) {
			for (ConfigurationPropertySource source : this.sources) {
				ConfigurationProperty found = source.getConfigurationProperty(name);
				if (found == null && source instanceof IterableConfigurationPropertySource iterable) {
					found = iterable.stream()
						.filter(name::isAncestorOf)
						.findFirst()
						.map(source::getConfigurationProperty)
						.orElse(null);
				}
				if (found != null) {
					return Places.isOurs(found) ? null : Places.of(found);
				}
			}
		}
		return null;
	}

	private List<String> variables() {
		PropertySource<?> system = this.environment.getPropertySources()
			.get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
		return (system != null && system.getSource() instanceof Map<?, ?> all) ? all.keySet()
			.stream()
			.map(String::valueOf)
			.filter((name) -> VARIABLE.matcher(name).matches())
			.sorted()
			.toList() : List.of();
	}

	/** As the metadata of the properties has them. */
	private static Map<String, String> defaults() {
		Map<String, String> defaults = new TreeMap<>();
		try {
			for (URL url : Collections.list(EffectiveProperties.class.getClassLoader()
				.getResources("META-INF/spring-configuration-metadata.json"))) {
				try (InputStream in = url.openStream()) {
					for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
						String name = property.path("name").asString("");
						JsonNode value = property.path("defaultValue");
						if (name.startsWith("llm-proxy.") && !value.isMissingNode()) {
							defaults.put(name, value.isArray() ? list(value) : value.asString(""));
						}
					}
				}
			}
		}
		catch (IOException ex) {
			throw new CommandException("error: the server's own description of its properties can't be read");
		}
		return defaults;
	}

	private static String list(JsonNode values) {
		List<String> texts = new ArrayList<>();
		values.forEach((value) -> texts.add(value.asString("")));
		return String.join(",", texts);
	}

}
