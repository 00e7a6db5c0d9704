package dev.llmproxy.server.migration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.server.LlmProxyServer;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The server with a migrated configuration, all of whose vendors are one upstream. */
final class MigratedServer implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String CHAT = """
			{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":\
			{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,\
			"completion_tokens":1,"total_tokens":2}}""";

	private static final String MESSAGE = """
			{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hello"}],\
			"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}""";

	private static final String GENERATED = """
			{"candidates":[{"content":{"role":"model","parts":[{"text":"Hello"}]},"finishReason":"STOP","index":0}],\
			"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2},"modelVersion":"m"}""";

	private static final String CONVERSED = """
			{"output":{"message":{"role":"assistant","content":[{"text":"Hello"}]}},"stopReason":"end_turn",\
			"usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},"metrics":{"latencyMs":1}}""";

	private static final String VECTORS = """
			{"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.1,0.2]}],\
			"usage":{"prompt_tokens":1,"total_tokens":1}}""";

	private final ScriptedUpstream upstream;

	private final ConfigurableApplicationContext context;

	private int calls;

	private MigratedServer(ScriptedUpstream upstream, ConfigurableApplicationContext context) {
		this.upstream = upstream;
		this.context = context;
	}

	static MigratedServer start(Migrated migrated, Path directory, String... more) {
		ScriptedUpstream upstream = ScriptedUpstream.start().answerWith(MigratedServer::answer);
		List<String> arguments = new ArrayList<>(List.of("--spring.config.additional-location=file:" + directory + "/",
				"--server.port=0", "--management.server.port=0", "--logging.level.root=off"));
		arguments.addAll(migrated.environment());
		migrated.providers()
			.keySet()
			.forEach((name) -> arguments
				.add("--llm-proxy.providers" + (name.matches("[a-z0-9-]+") ? "." + name : "[" + name + "]")
						+ ".base-url=" + upstream.url() + "/" + name + "/v1"));
		arguments.addAll(List.of(more));
		SpringApplication application = new SpringApplication(LlmProxyServer.class);
		return new MigratedServer(upstream, application.run(arguments.toArray(String[]::new)));
	}

	private static Script answer(RecordedRequest request) {
		String path = request.path();
		if (path.endsWith("/chat/completions")) {
			return Script.json(200, CHAT);
		}
		if (path.endsWith("/messages")) {
			return Script.json(200, MESSAGE);
		}
		if (path.endsWith(":generateContent")) {
			return Script.json(200, GENERATED);
		}
		if (path.endsWith("/converse")) {
			return Script.json(200, CONVERSED);
		}
		return path.endsWith("/embeddings") ? Script.json(200, VECTORS) : Script.json(404, "{}");
	}

	RawResponse chat(String key, String model, Map<String, String> headers) {
		Map<String, String> all = new HashMap<>(headers);
		all.put("authorization", "Bearer " + key);
		all.put("content-type", "application/json");
		this.calls++;
		try (RawHttpClient client = RawHttpClient.connect(port())) {
			return client.post("/v1/chat/completions", all, "{\"model\":\"" + model
					+ "\",\"messages\":[{\"role\":\"user\",\"content\":\"Question " + this.calls + "\"}]}");
		}
	}

	RawResponse embed(String key, String model) {
		try (RawHttpClient client = RawHttpClient.connect(port())) {
			return client.post("/v1/embeddings",
					Map.of("authorization", "Bearer " + key, "content-type", "application/json"),
					"{\"model\":\"" + model + "\",\"input\":\"Hello\"}");
		}
	}

	/** The next call that reached a vendor. */
	RecordedRequest request() {
		return this.upstream.takeRequest(PATIENCE);
	}

	private int port() {
		return Objects.requireNonNull(((WebServerApplicationContext) this.context).getWebServer()).getPort();
	}

	@Override
	public void close() {
		this.context.close();
		this.upstream.close();
	}

}
