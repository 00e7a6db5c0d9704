package dev.llmproxy.server;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.SseEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The server with no provider but the simulator. */
class SimulatorTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static TestServer server;

	@BeforeAll
	static void start() {
		server = TestServer.start(Map.of("llm-proxy.simulator.first-token-delay", "0ms",
				"llm-proxy.simulator.tokens-per-second", "200",
				// Models that fail are asked again and again.
				"llm-proxy.resilience.cooldown.enabled", "false", "llm-proxy.resilience.breaker.enabled", "false"));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void answersToAnyModelsName() {
		RawResponse response = ask("gpt-4o", "");
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.headers().first("llm-proxy-simulated")).isEqualTo("true");
		assertThat(response.json().at("/choices/0/message/content").asString()).contains("You said: \"Hi\"");
		assertThat(response.json().path("model").asString()).isEqualTo("gpt-4o");
	}

	@Test
	void streamsTokenByTokenAndEndsProperly() {
		List<SseEvent> events = stream("chat", ",\"stream_options\":{\"include_usage\":true}");
		assertThat(events).hasSizeGreaterThan(15);
		assertThat(events.get(events.size() - 1).data()).isEqualTo("[DONE]");
		StringBuilder text = new StringBuilder();
		for (SseEvent event : events.subList(0, events.size() - 1)) {
			text.append(json(event).at("/choices/0/delta/content").asString(""));
		}
		assertThat(text.toString()).endsWith("You said: \"Hi\".");
		assertThat(json(events.get(events.size() - 2)).at("/usage/completion_tokens").asInt()).isPositive();
	}

	@Test
	void aStreamThatIsCutEndsWithAnErrorEvent() {
		List<SseEvent> events = stream("simulator/cut-mid-stream", "");
		assertThat(events).hasSizeGreaterThan(3);
		assertThat(json(events.get(events.size() - 1)).at("/error/code").asString()).isEqualTo("upstream_connection");
	}

	@ParameterizedTest
	@CsvSource({ "error-400,400", "error-401,502", "error-429,429", "error-500,500", "error-529,529",
			"context-length,400", "content-policy,400" })
	void failsByName(String model, int status) {
		assertThat(ask(model, "").status()).isEqualTo(status);
	}

	@Test
	void asksToWait() {
		assertThat(ask("error-429", "").headers().first("retry-after")).isEqualTo("2");
	}

	@Test
	void callsTools() {
		RawResponse response = ask("chat",
				",\"tool_choice\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"add\","
						+ "\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}}}]");
		assertThat(response.json().at("/choices/0/finish_reason").asString()).isEqualTo("tool_calls");
		assertThat(response.json().at("/choices/0/message/tool_calls/0/function/arguments").asString())
			.isEqualTo("{\"a\":1}");
	}

	@Test
	void embedsAndRanks() {
		try (RawHttpClient client = server.client()) {
			assertThat(client
				.post("/v1/embeddings", TestServer.headers(), "{\"model\":\"e\",\"input\":\"a\",\"dimensions\":4}")
				.json()
				.at("/data/0/embedding")
				.size()).isEqualTo(4);
			assertThat(client
				.post("/v1/rerank", TestServer.headers(),
						"{\"model\":\"r\",\"query\":\"b\",\"documents\":[\"a\",\"b\"]}")
				.json()
				.at("/results/0/index")
				.asInt()).isEqualTo(1);
		}
	}

	private static RawResponse ask(String model, String more) {
		try (RawHttpClient client = server.client()) {
			return client.post("/v1/chat/completions", TestServer.headers(), body(model, more));
		}
	}

	private static List<SseEvent> stream(String model, String more) {
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), body(model, ",\"stream\":true" + more));
			assertThat(client.readHead().status()).isEqualTo(200);
			return client.readEvents(PATIENCE);
		}
	}

	private static String body(String model, String more) {
		return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + more + "}";
	}

	private static JsonNode json(SseEvent event) {
		return JsonMapper.shared().readTree(event.data());
	}

}
