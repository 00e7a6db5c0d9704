package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps {@code src-docs/configuration.md} what the configuration metadata says. After a
 * change of properties write it anew with
 * {@code ./mvnw -pl llm-proxy-autoconfigure test -Dtest=ConfigurationReferenceTest -Ddocs.write=true}.
 */
class ConfigurationReferenceTest {

	private static final Path REFERENCE = Path.of("..", "src-docs", "configuration.md");

	@Test
	void theReferenceIsWhatTheMetadataSays() throws IOException {
		String reference = render();
		if (Boolean.getBoolean("docs.write")) {
			Files.writeString(REFERENCE, reference);
		}
		assertThat(Files.readString(REFERENCE)).isEqualTo(reference);
	}

	@Test
	void everyPropertyIsDescribed() throws IOException {
		assertThat(properties())
			.allSatisfy((name, property) -> assertThat(property.description()).as(name).isNotBlank());
	}

	private static String render() throws IOException {
		StringBuilder text = new StringBuilder(
				"""
						# Configuration reference

						Generated from the sources of the properties. Durations are written as `10s` or `500ms`, sizes as `32MB`. Everything
						of Spring Boot's own (`server.*`, `management.*`, `spring.ssl.bundle.*`, `logging.*`) applies as well. Every
						property can be an environment variable: `llm-proxy.web.strict` is `LLM_PROXY_WEB_STRICT`.
						""");
		String group = "";
		for (Map.Entry<String, RecordDocs.Component> entry : properties().entrySet()) {
			String name = entry.getKey();
			if (!group(name).equals(group)) {
				group = group(name);
				text.append("\n## `")
					.append(group)
					.append("`\n\n| Property | Default | Description |\n|---|---|---|\n");
			}
			String value = entry.getValue().defaultValue();
			text.append("| `")
				.append(name)
				.append("` | ")
				.append((value == null || value.isEmpty()) ? "" : "`" + value + "`")
				.append(" | ")
				.append(plain(entry.getValue().description()))
				.append(" |\n");
		}
		return text.toString();
	}

	private static String plain(String description) {
		return description.replaceAll("\\{@code ([^}]*)}", "`$1`").replaceAll("\\s+", " ").replace("|", "\\|");
	}

	private static String group(String name) {
		int end = name.indexOf('.', "llm-proxy.".length());
		if (name.startsWith("llm-proxy.providers.") || name.startsWith("llm-proxy.routes.")) {
			end = name.indexOf('.', end + 1);
		}
		return (end < 0) ? "llm-proxy" : name.substring(0, end);
	}

	private static Map<String, RecordDocs.Component> properties() throws IOException {
		Map<String, RecordDocs.Component> properties = new TreeMap<>(
				Comparator.comparing(ConfigurationReferenceTest::group).thenComparing(Comparator.naturalOrder()));
		try (InputStream metadata = ConfigurationReferenceTest.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			JsonNode root = JsonMapper.shared().readTree(Objects.requireNonNull(metadata));
			for (JsonNode property : root.path("properties")) {
				properties.put(property.path("name").asString(), new RecordDocs.Component(
						property.path("defaultValue").asString(null), property.path("description").asString("")));
			}
		}
		properties.putAll(RecordDocs.of("ProviderProperties", "Settings", "llm-proxy.providers.<name>"));
		properties.putAll(RecordDocs.of("RouteProperties", "RouteProperties", "llm-proxy.routes.<name>"));
		properties.putAll(RecordDocs.of("RouteProperties", "Target", "llm-proxy.routes.<name>.targets[]"));
		properties.putAll(RecordDocs.of("RouteProperties", "Branch", "llm-proxy.routes.<name>.conditions[]"));
		properties.putAll(RecordDocs.of("AccessProperties", "Key", "llm-proxy.access.keys[]"));
		properties.putAll(RecordDocs.of("EventProperties", "Webhook", "llm-proxy.events.webhooks.<name>"));
		properties.putAll(RecordDocs.of("AlertProperties", "Rule", "llm-proxy.alerts.rules.<name>"));
		properties.putAll(RecordDocs.of("AlertProperties", "Channel", "llm-proxy.alerts.channels.<name>"));
		return properties;
	}

}
