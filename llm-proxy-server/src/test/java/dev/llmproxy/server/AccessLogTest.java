package dev.llmproxy.server;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.Gate;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** One event for each request, and headers that say where an answer comes from. */
class AccessLogTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String ANSWER = """
			{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":\
			{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,\
			"completion_tokens":20,"total_tokens":120}}""";

	private static final String CHUNK = """
			{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":\
			{"role":"assistant","content":"Hello"},"finish_reason":%s}]}""";

	private static final String USAGE = """
			{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":\
			{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}}""";

	private static final Map<Boolean, TestServer> SERVERS = new LinkedHashMap<>();

	private static ScriptedUpstream upstream;

	private static AccessEvents events;

	private static int number;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start();
		for (boolean hotLane : new boolean[] { true, false }) {
			SERVERS.put(hotLane,
					TestServer.withUpstream(upstream.url(),
							Map.of("llm-proxy.server.hot-lane", String.valueOf(hotLane), "llm-proxy.access-log.enabled",
									"true", "logging.level.llm-proxy.access", "info", "llm-proxy.web.max-body-size",
									"2KB", "llm-proxy.catalogue.models.[up/m].prices.input", "2.5",
									"llm-proxy.catalogue.models.[up/m].prices.output", "10", "llm-proxy.aliases.twice",
									"up/m,up/m2", "llm-proxy.resilience.breaker.enabled", "false",
									"llm-proxy.resilience.retry.base-delay", "1ms",
									"llm-proxy.web.cors.allowed-origins", "https://app.example.com")));
		}
		events = AccessEvents.capture();
	}

	@AfterAll
	static void stop() {
		events.close();
		SERVERS.values().forEach(TestServer::close);
		upstream.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anAnswer(boolean hotLane) {
		upstream.enqueue(Script.json(200, ANSWER));
		String id = id();
		RawResponse response = post(hotLane, id, request("up/m", false));
		assertThat(response.status()).isEqualTo(200);
		Map<String, Object> fields = events.fieldsOf(id);
		assertThat(fields).containsEntry("llm_proxy.caller", "test")
			.containsEntry("llm_proxy.end", "succeeded")
			.containsEntry("gen_ai.response.finish_reason", "stop")
			.containsEntry("event.outcome", "success")
			.containsEntry("http.response.status_code", 200)
			.containsEntry("gen_ai.request.model", "up/m")
			.containsEntry("llm_proxy.provider", "up")
			.containsEntry("llm_proxy.model", "m")
			.containsEntry("gen_ai.usage.input_tokens", 100L)
			.containsEntry("gen_ai.usage.output_tokens", 20L)
			.containsEntry("llm_proxy.cost_usd", new BigDecimal("0.00045"))
			.containsEntry("llm_proxy.cost_estimated", false)
			.containsKeys("llm_proxy.duration_ms", "llm_proxy.overhead_ms", "llm_proxy.first_token_ms");
		assertThat(response.header("llm-proxy-provider")).isEqualTo("up");
		assertThat(response.header("llm-proxy-model")).isEqualTo("m");
		assertThat(response.header("llm-proxy-attempts")).isEqualTo("1");
		assertThat(response.header("llm-proxy-cost")).isEqualTo("0.00045");
		assertThat(response.header("llm-proxy-overhead-ms")).matches("[0-9]+\\.[0-9]{3}");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aStream(boolean hotLane) {
		upstream.enqueue(Script.sse(List.of(CHUNK.formatted("null"), CHUNK.formatted("\"stop\""), USAGE, "[DONE]")));
		String id = id();
		RawResponse response = post(hotLane, id, request("up/m", true));
		assertThat(response.text()).contains("Hello");
		assertThat(events.fieldsOf(id)).containsEntry("llm_proxy.stream", true)
			.containsEntry("llm_proxy.end", "succeeded")
			.containsEntry("gen_ai.response.finish_reason", "stop")
			.containsEntry("gen_ai.usage.output_tokens", 20L)
			.containsEntry("llm_proxy.cost_usd", new BigDecimal("0.00045"));
		assertThat(response.header("llm-proxy-provider")).isEqualTo("up");
		assertThat(response.headers().contains("llm-proxy-cost")).isFalse();
		assertThat(events.of(id).getFormattedMessage()).startsWith("200 chat up/m -> up/m, ")
			.contains("first token ", ", 100+20 tokens, $0.00045, by test, ");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void attemptsThatFailed(boolean hotLane) {
		upstream.answerWith(Script.json(503, "{\"error\":{\"message\":\"words of a provider\"}}"));
		String id = id();
		RawResponse response = post(hotLane, id, request("twice", false));
		assertThat(response.status()).isEqualTo(503);
		Map<String, Object> fields = events.fieldsOf(id);
		assertThat(fields).containsEntry("llm_proxy.end", "failed")
			.containsEntry("http.response.status_code", 503)
			.containsEntry("error.type", "overloaded")
			.containsEntry("llm_proxy.route", "twice");
		int attempts = ((List<?>) fields.get("llm_proxy.attempts")).size();
		assertThat(attempts).isGreaterThanOrEqualTo(2);
		assertThat(response.header("llm-proxy-attempts")).isEqualTo(String.valueOf(attempts));
		assertThat(response.header("llm-proxy-provider")).isEqualTo("up");
		assertThat(fields.toString() + events.of(id)).doesNotContain("words of a provider");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aCallerWhoLeaves(boolean hotLane) {
		Gate gate = new Gate();
		upstream.enqueue(Script.sseHead().event(CHUNK.formatted("null")).gate(gate).endChunked());
		String id = id();
		try (RawHttpClient client = SERVERS.get(hotLane).client()) {
			client.sendPost("/v1/chat/completions", headers(id), request("up/m", true));
			client.readHead(PATIENCE);
			client.readEvent(PATIENCE);
			client.reset();
			assertThat(events.fieldsOf(id)).containsEntry("llm_proxy.end", "cancelled")
				.containsEntry("event.outcome", "unknown")
				.containsEntry("llm_proxy.cost_estimated", true);
		}
		finally {
			gate.open();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			true  | /v1/chat/completions | {"model":"up/m"  | 400 | invalid_json  | inference | test
			false | /v1/chat/completions | {"model":"up/m"  | 400 | invalid_json  | inference | test
			true  | /v1/nothing          | {}               | 404 | unknown_path  | other     | test
			true  | /v1/models           | {}               | 405 | method_not_allowed | models | test
			true  | /nothing             | {}               | 404 | unknown_path  | other     | test
			""")
	void aRequestThatBecomesNoCall(boolean hotLane, String path, String body, int status, String code, String place,
			String caller) {
		String id = id();
		RawResponse response;
		try (RawHttpClient client = SERVERS.get(hotLane).client()) {
			response = client.post(path, headers(id), body);
		}
		assertThat(response.status()).isEqualTo(status);
		assertThat(events.fieldsOf(id)).containsEntry("llm_proxy.end", "refused")
			.containsEntry("http.response.status_code", status)
			.containsEntry("llm_proxy.place", place)
			.containsEntry("llm_proxy.caller", caller)
			.containsKeys("error.type", "error.code");
		assertThat(response.text()).contains(String.valueOf(events.fieldsOf(id).get("error.code")));
		assertThat(events.all()).filteredOn((event) -> id.equals(AccessEvents.fields(event).get("http.request.id")))
			.hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aCallerWithoutAKeyAndABodyThatIsTooLong(boolean hotLane) {
		String id = id();
		try (RawHttpClient client = SERVERS.get(hotLane).client()) {
			client.post("/v1/chat/completions",
					Map.of("x-request-id", id, "authorization", "Bearer nobodys-0123456789"), "{}");
		}
		assertThat(events.fieldsOf(id)).containsEntry("http.response.status_code", 401)
			.containsEntry("error.code", "invalid_api_key")
			.containsEntry("llm_proxy.place", "inference")
			.doesNotContainKey("llm_proxy.caller");
		String next = id();
		assertThat(post(hotLane, next, request("x".repeat(3000), false)).status()).isEqualTo(413);
		assertThat(events.fieldsOf(next)).containsEntry("http.response.status_code", 413)
			.containsEntry("llm_proxy.caller", "test");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aRequestThatIsNoHttp(boolean hotLane) {
		String id = id();
		try (RawHttpClient client = SERVERS.get(hotLane).client()) {
			RawResponse response = client.send("POST /v1/chat/completions HTTP/1.1\r\nx-request-id: " + id + "\r\n\r\n")
				.readResponse(PATIENCE);
			assertThat(response.status()).isEqualTo(400);
		}
		assertThat(events.fieldsOf(id)).containsEntry("error.code", "invalid_host")
			.containsEntry("http.response.status_code", 400);
	}

	/** What is found out about a request only when it is translated. */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void theStatusIsTheCallers(boolean hotLane) {
		String id = id();
		RawResponse response;
		try (RawHttpClient client = SERVERS.get(hotLane).client()) {
			response = client.post("/v1/messages", headers(id),
					"{\"model\":\"up/m\",\"max_tokens\":5,\"messages\":[{\"role\":\"nobody\",\"content\":7}]}");
		}
		assertThat(events.fieldsOf(id)).containsEntry("http.response.status_code", response.status());
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aPageMayReadTheHeaders(boolean hotLane) {
		upstream.enqueue(Script.json(200, ANSWER));
		Map<String, String> headers = new LinkedHashMap<>(headers(id()));
		headers.put("origin", "https://app.example.com");
		try (RawHttpClient client = SERVERS.get(hotLane).client()) {
			RawResponse response = client.post("/v1/chat/completions", headers, request("up/m", false));
			assertThat(response.header("access-control-expose-headers")).contains("x-request-id", "llm-proxy-provider",
					"llm-proxy-cost", "llm-proxy-trace-id", "llm-proxy-cache");
			assertThat(response.header("llm-proxy-provider")).isEqualTo("up");
		}
	}

	private static String id() {
		return "call-" + (++number);
	}

	private static RawResponse post(boolean hotLane, String id, String body) {
		try (RawHttpClient client = SERVERS.get(hotLane).client()) {
			return client.post("/v1/chat/completions", headers(id), body);
		}
	}

	private static Map<String, String> headers(String id) {
		return Map.of("authorization", "Bearer " + TestServer.KEY, "content-type", "application/json", "x-request-id",
				id);
	}

	private static String request(String model, boolean stream) {
		return "{\"model\":\"" + model + "\",\"stream\":" + stream
				+ (stream ? ",\"stream_options\":{\"include_usage\":true}" : "")
				+ ",\"messages\":[{\"role\":\"user\",\"content\":\"words of a caller\"}]}";
	}

}
