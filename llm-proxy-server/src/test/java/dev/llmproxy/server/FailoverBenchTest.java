package dev.llmproxy.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.testkit.DeadEnd;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sixteen kinds of failure that a public benchmark of gateways' failover lists, made
 * anew: a primary that fails in each of these ways and a fallback that is well, behind
 * the whole server. Each case has models of its own, and so breakers of its own.
 */
@Tag("once")
class FailoverBenchTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String FIRST = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}";

	private static final Map<String, Supplier<Script>> PRIMARY = new ConcurrentHashMap<>();

	private static final List<String> TABLE = new ArrayList<>();

	private static ScriptedUpstream primary;

	private static ScriptedUpstream fallback;

	private static DeadEnd refusing;

	private static TestServer server;

	@BeforeAll
	static void start() {
		primary = ScriptedUpstream.start().answerWith((request) -> PRIMARY.get(model(request)).get());
		fallback = ScriptedUpstream.start()
			.answerWith(
					(request) -> request.text().contains("\"stream\":true") ? stream("fallback") : whole("fallback"));
		refusing = ScriptedUpstream.refusing();
		Map<String, String> properties = new LinkedHashMap<>();
		provider(properties, "primary", primary.url().toString());
		provider(properties, "fallback", fallback.url().toString());
		provider(properties, "refused", refusing.url().toString());
		for (int i = 1; i <= 16; i++) {
			properties.put("llm-proxy.aliases.case" + i, (i == 1 || i == 14) ? "refused/m" + i + ",fallback/m" + i
					: (i == 16) ? "primary/m16,refused/m16" : "primary/m" + i + ",fallback/m" + i);
		}
		properties.put("llm-proxy.resilience.breaker.open-for", "1s");
		properties.put("llm-proxy.resilience.retry.base-delay", "10ms");
		server = TestServer.start(properties);
	}

	private static void provider(Map<String, String> properties, String name, String url) {
		String prefix = "llm-proxy.providers." + name + ".";
		properties.put(prefix + "type", "openai-compatible");
		properties.put(prefix + "base-url", url + "/v1");
		properties.put(prefix + "api-key", "k-0123456789abcdef");
		properties.put(prefix + "timeouts.connect", "1s");
		properties.put(prefix + "timeouts.response-headers", "400ms");
		properties.put(prefix + "timeouts.first-token", "500ms");
		properties.put(prefix + "timeouts.idle", "500ms");
		properties.put(prefix + "timeouts.total", "700ms");
	}

	@AfterAll
	static void stop() throws Exception {
		server.close();
		primary.close();
		fallback.close();
		refusing.close();
		StringBuilder table = new StringBuilder("\nFailover: " + TABLE.size() + " of 16\n");
		TABLE.forEach((row) -> table.append("  ").append(row).append('\n'));
		System.out.println(table);
	}

	@Test
	void case01_refused() {
		recovers(1, false);
		recovers(1, true);
		passed(1, "connection refused", "fallback answers");
	}

	@Test
	void case02_tooManyRequests() {
		PRIMARY.put("m2",
				() -> Script.script()
					.status(429)
					.header("retry-after", "30")
					.body("{\"error\":{\"message\":\"slow\"}}"));
		recovers(2, false);
		recovers(2, true);
		assertThat(calls("m2")).isEqualTo(1);
		passed(2, "429 with Retry-After", "fallback answers; the primary rests");
	}

	@Test
	void case03_burstOf500() {
		PRIMARY.put("m3", () -> Script.json(500, "{\"error\":{\"message\":\"boom\"}}"));
		for (int i = 0; i < 10; i++) {
			recovers(3, i % 2 == 0);
		}
		passed(3, "burst of 500s", "fallback answers");
	}

	@Test
	void case04_silentProvider() {
		PRIMARY.put("m4", () -> Script.script().stall());
		recovers(4, false);
		recovers(4, true);
		passed(4, "a provider that says nothing", "fallback answers");
	}

	@Test
	void case05_slowHeaders() {
		PRIMARY.put("m5", () -> Script.script().delay(Duration.ofSeconds(3)).then(stream("late")));
		recovers(5, true);
		passed(5, "slow headers", "fallback answers");
	}

	@Test
	void case06_stallBeforeTheFirstToken() {
		PRIMARY.put("m6", () -> Script.sseHead().event(FIRST).event(": ping").stall());
		recovers(6, true);
		passed(6, "stall before the first token", "fallback answers");
	}

	@Test
	void case07_stallAfterTheFirstToken() {
		PRIMARY.put("m7", () -> Script.sseHead().event(FIRST).event(token("primary")).stall());
		endsWithAnError(7, "upstream_idle_timeout");
		passed(7, "stall after the first token", "typed error event, nothing replayed");
	}

	@Test
	void case08_cutBeforeTheFirstToken() {
		PRIMARY.put("m8", () -> Script.sseHead().event(FIRST).reset());
		recovers(8, true);
		passed(8, "cut before the first token", "fallback answers");
	}

	@Test
	void case09_cutAfterTheFirstToken() {
		PRIMARY.put("m9", () -> Script.sseHead().event(FIRST).event(token("primary")).reset());
		endsWithAnError(9, "upstream_connection");
		passed(9, "cut after the first token", "typed error event, nothing replayed");
	}

	@Test
	void case10_truncatedJson() {
		PRIMARY.put("m10", () -> Script.json(200, "{\"id\":\"c\",\"choices\":[{\"index\":0,\"message\":{\"con"));
		recovers(10, false);
		PRIMARY.put("m10",
				() -> Script.script()
					.status(200)
					.header("content-type", "application/json")
					.chunked()
					.chunk("{\"id\"")
					.fin());
		recovers(10, false);
		passed(10, "truncated JSON", "fallback answers");
	}

	@Test
	void case11_malformedEvent() {
		PRIMARY.put("m11",
				() -> Script.sse(List.of("data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\"", "data: [DONE]")));
		recovers(11, true);
		passed(11, "malformed event", "fallback answers");
	}

	@Test
	void case12_errorInA200() {
		PRIMARY.put("m12", () -> Script.json(200,
				"{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":\"503\"}}"));
		recovers(12, false);
		recovers(12, true);
		PRIMARY.put("m12",
				() -> Script.sse(List.of("data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}")));
		recovers(12, true);
		passed(12, "error in a 200", "fallback answers");
	}

	@Test
	void case13_errorAfterLifecycleFrames() {
		PRIMARY.put("m13", () -> Script
			.sse(List.of(FIRST, ": ping", "data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}")));
		recovers(13, true);
		passed(13, "error after life-cycle frames only", "fallback answers");
	}

	@Test
	void case14_deadPrimaryOverFifteenRequests() {
		for (int i = 0; i < 15; i++) {
			recovers(14, i % 2 == 0);
		}
		assertThat(attempts("refused/m14")).isLessThanOrEqualTo(9);
		passed(14, "dead primary, fifteen requests", "all answered; breaker opens");
	}

	@Test
	void case15_halfOpenRecovery() {
		PRIMARY.put("m15", () -> Script.json(503, "{\"error\":{\"message\":\"down\"}}"));
		for (int i = 0; i < 8; i++) {
			recovers(15, false);
		}
		int whileDown = calls("m15");
		assertThat(whileDown).isEqualTo(5);
		PRIMARY.put("m15", () -> whole("primary"));
		Awaitility.await().untilAsserted(() -> assertThat(answer(15, false)).contains("primary"));
		assertThat(answer(15, false)).contains("primary");
		passed(15, "half-open recovery", "the primary gets its traffic back");
	}

	@Test
	void case16_allDead() {
		PRIMARY.put("m16", () -> Script.json(500,
				"{\"error\":{\"message\":\"the primary's own words\",\"type\":\"server_error\",\"code\":\"own\"}}"));
		try (RawHttpClient client = server.client()) {
			RawResponse response = client.post("/v1/chat/completions", TestServer.headers(), request(16, false));
			assertThat(response.status()).isEqualTo(500);
			assertThat(response.text()).contains("the primary's own words");
		}
		passed(16, "all dead", "the primary's error");
	}

	private static void recovers(int number, boolean stream) {
		assertThat(answer(number, stream)).as("case %s, streamed: %s", number, stream)
			.contains("fallback")
			.doesNotContain("primary", "late");
	}

	private static String answer(int number, boolean stream) {
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request(number, stream));
			int status = client.readHead(PATIENCE).status();
			String body = new String(client.readBody(PATIENCE), StandardCharsets.UTF_8);
			assertThat(status).as(body).isEqualTo(200);
			assertThat(!stream || body.endsWith("data: [DONE]\n\n")).as(body).isTrue();
			return body;
		}
	}

	private static void endsWithAnError(int number, String code) {
		int before = fallback.requests().size();
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request(number, true));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			String body = new String(client.readBody(PATIENCE), StandardCharsets.UTF_8);
			assertThat(body).contains("primary", code).doesNotContain("[DONE]", "fallback");
		}
		assertThat(fallback.requests()).hasSize(before);
	}

	private static void passed(int number, String failure, String outcome) {
		TABLE.add("%2d  %-38s %s".formatted(number, failure, outcome));
		TABLE.sort(null);
	}

	private static int calls(String model) {
		return (int) primary.requests().stream().filter((request) -> model(request).equals(model)).count();
	}

	private static long attempts(String target) {
		return server.context().getBean(StatisticsGate.class).all().get(target).failedCount();
	}

	private static String model(RecordedRequest request) {
		return request.json().path("model").asString();
	}

	private static String request(int number, boolean stream) {
		return "{\"model\":\"case" + number + "\",\"stream\":" + stream
				+ ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
	}

	private static String token(String text) {
		return "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text
				+ "\"},\"finish_reason\":null}]}";
	}

	private static Script stream(String text) {
		return Script.sse(List.of(FIRST, token(text),
				"data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
				"data: [DONE]"));
	}

	private static Script whole(String text) {
		return Script.json(200,
				"{\"id\":\"c\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + text
						+ "\"},\"finish_reason\":\"stop\"}]}");
	}

}
