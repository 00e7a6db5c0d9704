package dev.llmproxy.server.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.yaml.snakeyaml.Yaml;

/** A migrated configuration, as an operator would have it: a file and an environment. */
record Migrated(Migration migration) {

	static final String KEY = "sk-test-0123456789abcdef0123456789abcdef";

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z0-9_]+)[:}]");

	static Migrated litellm(String name) {
		return new Migrated(Migration.litellm(resource("litellm/" + name)));
	}

	static String resource(String name) {
		try (var in = Objects.requireNonNull(Migrated.class.getResourceAsStream("/migration/" + name), name)) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The variables that it asks for. */
	Set<String> variables() {
		Set<String> names = new LinkedHashSet<>();
		Matcher placeholders = PLACEHOLDER.matcher(this.migration.yaml());
		while (placeholders.find()) {
			names.add(placeholders.group(1));
		}
		return names;
	}

	/** Values for these, as arguments; every key is a different one. */
	List<String> environment() {
		List<String> arguments = new ArrayList<>();
		for (String name : variables()) {
			arguments.add("--" + name + "=" + switch (name) {
				case "LITELLM_MASTER_KEY" -> KEY;
				case "REDIS_HOST" -> "127.0.0.1";
				case "REDIS_PORT" -> "9";
				case "SLACK_WEBHOOK_URL" -> "http://127.0.0.1:9/slack";
				case "OTEL_EXPORTER_OTLP_ENDPOINT" -> "http://127.0.0.1:9/v1/traces";
				default -> name.endsWith("_BASE") || name.endsWith("_ENDPOINT") ? "https://models.example.com"
						: "key-of-" + name;
			});
		}
		return arguments;
	}

	Path write(Path directory) {
		try {
			return Files.writeString(directory.resolve("application.yaml"), this.migration.yaml());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@SuppressWarnings("unchecked")
	Map<String, Object> at(String path) {
		Map<String, Object> map = new Yaml().load(this.migration.yaml());
		for (String name : path.split("/")) {
			map = (Map<String, Object>) Objects.requireNonNull(map.get(name), path);
		}
		return map;
	}

	/** Names of providers, without brackets, and their types. */
	Map<String, String> providers() {
		Map<String, String> types = new LinkedHashMap<>();
		at("llm-proxy/providers").forEach((key, value) -> {
			String name = key.replaceAll("[\\[\\]]", "");
			types.put(name, (value instanceof Map<?, ?> map && map.get("type") != null)
					? String.valueOf(map.get("type")) : name);
		});
		return types;
	}

	/** Items that did not map. */
	List<String> items() {
		return this.migration.leftovers().stream().map(Leftover::item).toList();
	}

}
