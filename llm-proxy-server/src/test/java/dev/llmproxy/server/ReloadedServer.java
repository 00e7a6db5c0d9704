package dev.llmproxy.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;

/** A server that is configured by a file, as operators have it. */
final class ReloadedServer implements AutoCloseable {

	static final String KEY = "first-key-0123456789abcdef";

	private final Path directory;

	private final TestServer server;

	private ReloadedServer(Path directory, TestServer server) {
		this.directory = directory;
		this.server = server;
	}

	/** With {@code application.yaml} in a directory. */
	static ReloadedServer start(Path directory, String yaml, Map<String, String> more) {
		replace(directory.resolve("application.yaml"), yaml);
		return in(directory, more);
	}

	/** With what is in a directory. */
	static ReloadedServer in(Path directory, Map<String, String> more) {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("server.port", "0");
		properties.put("management.server.port", "0");
		properties.put("management.endpoints.web.exposure.include", "llmreload,llmroutes,llmproviders,prometheus");
		properties.put("spring.config.additional-location", "file:" + directory + "/");
		properties.put("llm-proxy.detect-providers", "false");
		properties.put("llm-proxy.reload.interval", "20ms");
		properties.put("llm-proxy.reload.quiet-period", "20ms");
		properties.putAll(more);
		ReloadedServer server = new ReloadedServer(directory, TestServer.exactly(properties));
		if (!"false".equals(properties.get("llm-proxy.reload.watch"))) {
			// The first look would take what a test writes next for what was there.
			Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !server.outcome().isEmpty());
		}
		return server;
	}

	/** The usual file: one key, one provider, and one alias for it. */
	static String yaml(String name, ScriptedUpstream upstream) {
		return yaml(name, upstream, key("first", KEY));
	}

	static String yaml(String name, ScriptedUpstream upstream, String keys) {
		return """
				llm-proxy:
				  access:
				    keys:
				%s  aliases:
				    fast: %s/m
				  providers:
				%s""".formatted(keys, name, provider(name, upstream));
	}

	static String provider(String name, ScriptedUpstream upstream) {
		return """
				    %s:
				      type: openai-compatible
				      base-url: %s/v1
				      api-key: upstream-secret-0123456789
				""".formatted(name, upstream.url());
	}

	static String key(String id, String key) {
		return """
				      - id: %s
				        key: %s
				""".formatted(id, key);
	}

	/** As editors do: by another file that takes its place. */
	void write(String yaml) {
		replace(this.directory.resolve("application.yaml"), yaml);
	}

	static void replace(Path file, String content) {
		try {
			Path draft = Files.createTempFile(file.getParent(), ".draft", null);
			Files.writeString(draft, content);
			Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	TestServer server() {
		return this.server;
	}

	RawResponse ask(String model) {
		return ask(KEY, model);
	}

	RawResponse ask(String key, String model) {
		try (RawHttpClient client = this.server.client()) {
			return client.post("/v1/chat/completions", headers(key), request(model, false));
		}
	}

	static Map<String, String> headers(String key) {
		return Map.of("authorization", "Bearer " + key, "content-type", "application/json");
	}

	static String request(String model, boolean stream) {
		return "{\"model\":\"" + model + "\",\"stream\":" + stream
				+ ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
	}

	/** What the endpoint tells. */
	RawResponse state() {
		try (RawHttpClient client = RawHttpClient.connect(this.server.managementPort())) {
			return client.get("/actuator/llmreload", Map.of());
		}
	}

	/** Has it reload by the endpoint. */
	RawResponse reload() {
		try (RawHttpClient client = RawHttpClient.connect(this.server.managementPort())) {
			return client.post("/actuator/llmreload", Map.of("content-type", "application/json"), "{}");
		}
	}

	/** The outcome of the last reload; empty before the first. */
	String outcome() {
		return state().json().at("/last/outcome").asString("");
	}

	long generation() {
		return state().json().at("/generation").asLong();
	}

	double counted(String outcome) {
		return this.server.context()
			.getBean(MeterRegistry.class)
			.get("llm.proxy.config.reloads")
			.tag("outcome", outcome)
			.counter()
			.count();
	}

	@Override
	public void close() {
		this.server.close();
	}

}
