package dev.llmproxy.server;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What callers see of limits. Each test has models, keys or users of its own, because
 * what was used stays used.
 */
class LimitsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String ANSWER = """
			{"id":"x","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}""";

	private static final String CHUNK = """
			data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"word"},"finish_reason":null}]}""";

	private static ScriptedUpstream upstream;

	private static ScriptedUpstream other;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start().answerWith(Script.json(200, ANSWER));
		other = ScriptedUpstream.start().answerWith(Script.json(200, ANSWER.replace("\"x\"", "\"other\"")));
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.providers.other.type", "openai-compatible");
		properties.put("llm-proxy.providers.other.base-url", other.url() + "/v1");
		properties.put("llm-proxy.providers.other.api-key", "k-0123456789abcdef");
		properties.put("management.endpoints.web.exposure.include", "llmlimits,prometheus");
		properties.put("llm-proxy.resilience.retry.max-retries", "0");
		for (String key : List.of("five", "mate-a", "mate-b", "few")) {
			key(properties, key);
		}
		rule(properties, "by-model", "per", "model", "models", "up/requests*", "requests", "2");
		rule(properties, "by-tokens", "per", "model", "models", "up/tokens*", "tokens", "100");
		rule(properties, "by-calls", "per", "model", "models", "up/calls*", "concurrency", "1");
		rule(properties, "by-user", "per", "user,model", "models", "up/user*", "requests", "1");
		rule(properties, "by-team", "per", "team", "teams", "team-*", "models", "up/team", "requests", "2");
		properties.put("llm-proxy.routes.narrow.targets[0].model", "up/narrow");
		properties.put("llm-proxy.routes.narrow.limits.requests-per-minute", "1");
		route(properties, "spread", "ordered", 0, "up/spread", "requests-per-minute", "2");
		route(properties, "spread", "ordered", 1, "other/spread", "requests-per-minute", "1");
		route(properties, "roomiest", "usage-aware", 0, "up/roomiest", "requests-per-minute", "10");
		route(properties, "roomiest", "usage-aware", 1, "other/roomiest", "requests-per-minute", "5");
		route(properties, "thrifty", "ordered", 0, "up/thrifty", "tokens-per-minute", "60");
		route(properties, "thrifty", "ordered", 1, "other/thrifty", "tokens-per-minute", "1000");
		server = TestServer.withUpstream(upstream.url(), properties);
	}

	private static void key(Map<String, String> properties, String id) {
		long index = 1 + properties.keySet().stream().filter((name) -> name.endsWith("].id")).count();
		String prefix = "llm-proxy.access.keys[" + index + "].";
		properties.put(prefix + "id", id);
		properties.put(prefix + "key", secret(id));
		if (id.startsWith("mate")) {
			properties.put(prefix + "team", "team-x");
		}
		if (id.equals("five")) {
			properties.put(prefix + "limits.requests-per-minute", "5");
		}
		if (id.equals("few")) {
			properties.put(prefix + "limits.tokens-per-minute", "50");
		}
	}

	private static String secret(String id) {
		return "sk-" + id + "-0123456789abcdef0123456789";
	}

	private static void rule(Map<String, String> properties, String name, String... namesAndValues) {
		for (int i = 0; i < namesAndValues.length; i += 2) {
			properties.put("llm-proxy.limits.rules." + name + "." + namesAndValues[i], namesAndValues[i + 1]);
		}
	}

	private static void route(Map<String, String> properties, String route, String strategy, int index, String model,
			String limit, String amount) {
		properties.put("llm-proxy.routes." + route + ".strategy", strategy);
		String prefix = "llm-proxy.routes." + route + ".targets[" + index + "].";
		properties.put(prefix + "model", model);
		properties.put(prefix + "limits." + limit, amount);
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
		other.close();
	}

	@Test
	void tellsWhereOneStandsAndRefusesOneMoreThanTheLimit() {
		RawResponse first = ask("up/requests");
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.header("x-ratelimit-limit-requests")).isEqualTo("2");
		assertThat(first.header("x-ratelimit-remaining-requests")).isEqualTo("1");
		assertThat(first.header("x-ratelimit-reset-requests")).matches("(1m)?\\d+(\\.\\d+)?s");
		assertThat(first.header("x-ratelimit-limit-tokens")).isNull();
		assertThat(ask("up/requests").header("x-ratelimit-remaining-requests")).isEqualTo("0");
		RawResponse refused = ask("up/requests");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.json().at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
		assertThat(refused.json().at("/error/message").asString())
			.startsWith("The limit 'by-model' of 2 requests in 1m0s");
		assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(50, 61);
		assertThat(refused.header("x-ratelimit-remaining-requests")).isEqualTo("0");
		assertThat(refused.header("rate_limit_type")).isEqualTo("requests");
		assertThat(Instant.ofEpochSecond(Long.parseLong(refused.header("reset_at"))))
			.isBetween(Instant.now().plusSeconds(45), Instant.now().plusSeconds(65));
		assertThat(ask("up/requests-of-others").status()).isEqualTo(200);
		assertThat(ask("up/unlimited").header("x-ratelimit-limit-requests")).isNull();
	}

	@Test
	void anthropicCallersAreToldInTheirWords() {
		String body = "{\"model\":\"up/requests-anthropic\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
		RawResponse first = post("/v1/messages", TestServer.KEY, body);
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.header("anthropic-ratelimit-requests-remaining")).isEqualTo("1");
		assertThat(Instant.parse(first.header("anthropic-ratelimit-requests-reset"))).isAfter(Instant.now());
		post("/v1/messages", TestServer.KEY, body);
		RawResponse refused = post("/v1/messages", TestServer.KEY, body);
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.json().at("/error/type").asString()).isEqualTo("rate_limit_error");
		assertThat(refused.header("retry-after")).isNotNull();
	}

	@Test
	void theProvidersOwnLimitsAreNotTakenForOurs() {
		upstream.enqueue(Script.script()
			.rawBytes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-ratelimit-limit-tokens: 777\r\n"
					+ "content-length: " + ANSWER.length() + "\r\n\r\n" + ANSWER));
		RawResponse limited = ask("up/requests-headers");
		assertThat(limited.header("x-ratelimit-limit-tokens")).isNull();
		assertThat(limited.header("x-ratelimit-limit-requests")).isEqualTo("2");
	}

	@Test
	void settlesOnTheTokensThatTheProviderTells() {
		// 10 + 20 tokens are charged; what was set aside is given back.
		assertThat(ask("up/tokens", 40).header("x-ratelimit-limit-tokens")).isEqualTo("100");
		assertThat(ask("up/tokens", 40).status()).isEqualTo(200);
		RawResponse refused = ask("up/tokens", 40);
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("rate_limit_type")).isEqualTo("tokens");
		assertThat(ask("up/tokens", 1).status()).isEqualTo(200);
	}

	@Test
	void saysThatOneRequestIsTooMuch() {
		RawResponse refused = ask("up/tokens-one", 5000);
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("retry-after")).isNull();
		assertThat(refused.json().at("/error/message").asString())
			.contains("is less than what this one request may use");
	}

	@Test
	void aFailedCallIsChargedNoTokens() {
		upstream.enqueue(Script.json(400, "{\"error\":{\"message\":\"no\"}}"));
		assertThat(ask("up/tokens-failed", 50).status()).isEqualTo(400);
		assertThat(ask("up/tokens-failed", 50).status()).isEqualTo(200);
	}

	@Test
	void aStreamThatIsCutIsChargedForWhatCame() {
		upstream.enqueue(Script.sseHead().event(CHUNK).event(CHUNK).stall());
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request("up/tokens-cut", 50, true));
			assertThat(client.readHead(PATIENCE).header("x-ratelimit-remaining-tokens")).isNotNull();
			client.readEvent(PATIENCE);
			client.readEvent(PATIENCE);
		}
		// About 12 of the prompt and 2 of the answer were charged.
		Awaitility.await().untilAsserted(() -> assertThat(used("by-tokens", "up/tokens-cut")).isBetween(5L, 40L));
	}

	@ParameterizedTest
	@CsvSource({ "false", "true" })
	void holdsTheNumberOfCallsUnderWayUntilTheBodyEnded(boolean stream) {
		String model = "up/calls-" + stream;
		upstream.enqueue(stream ? Script.sseHead().event(CHUNK).stall() : Script.script().stall());
		int before = upstream.requests().size();
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request(model, 5, stream));
			Awaitility.await().until(() -> upstream.requests().size() > before);
			RawResponse refused = ask(model);
			assertThat(refused.status()).isEqualTo(429);
			assertThat(refused.header("rate_limit_type")).isEqualTo("concurrent_requests");
		}
		Awaitility.await().until(() -> ask(model).status() == 200);
		assertThat(ask(model).status()).isEqualTo(200);
	}

	@Test
	void aUserIsFoundWhereverTheDialectHasIt() {
		assertThat(askAs("alice", "up/user").status()).isEqualTo(200);
		assertThat(askAs("alice", "up/user").status()).isEqualTo(429);
		assertThat(askAs("bob", "up/user").status()).isEqualTo(200);
		String anthropic = "{\"model\":\"up/user\",\"max_tokens\":5,\"metadata\":{\"user_id\":\"alice\"},"
				+ "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
		assertThat(post("/v1/messages", TestServer.KEY, anthropic).status()).isEqualTo(429);
		Map<String, String> headers = new LinkedHashMap<>(TestServer.headers());
		headers.put("llm-proxy-user", "bob");
		try (RawHttpClient client = server.client()) {
			assertThat(client.post("/v1/chat/completions", headers, request("up/user", 5, false)).status())
				.isEqualTo(429);
		}
		for (int i = 0; i < 3; i++) {
			assertThat(ask("up/user").status()).isEqualTo(200);
		}
	}

	@Test
	void keysOfATeamShare() {
		String body = request("up/team", 5, false);
		assertThat(post("/v1/chat/completions", secret("mate-a"), body).status()).isEqualTo(200);
		assertThat(post("/v1/chat/completions", secret("mate-b"), body).status()).isEqualTo(200);
		assertThat(post("/v1/chat/completions", secret("mate-a"), body).status()).isEqualTo(429);
		assertThat(post("/v1/chat/completions", TestServer.KEY, body).status()).isEqualTo(200);
	}

	@Test
	void aKeyHasItsOwnLimits() {
		for (int i = 0; i < 5; i++) {
			assertThat(post("/v1/chat/completions", secret("five"), request("up/m", 5, false)).status()).isEqualTo(200);
		}
		RawResponse refused = post("/v1/chat/completions", secret("five"), request("up/m", 5, false));
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.text()).contains("'key'").doesNotContain(secret("five"));
		assertThat(post("/v1/chat/completions", secret("few"), request("up/m", 500, false)).status()).isEqualTo(429);
	}

	@Test
	void aRouteHasItsOwnLimits() {
		assertThat(ask("narrow").status()).isEqualTo(200);
		assertThat(ask("narrow").status()).isEqualTo(429);
		assertThat(ask("up/narrow").status()).isEqualTo(200);
	}

	@Test
	void anotherTargetIsAskedBeforeOneHasToRefuse() {
		assertThat(ask("spread").text()).contains("\"x\"");
		assertThat(ask("spread").text()).contains("\"x\"");
		assertThat(ask("spread").text()).contains("\"other\"");
		RawResponse refused = ask("spread");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.header("retry-after")).isNotNull();
		assertThat(refused.json().at("/error/message").asString()).contains("has used its limit of requests");
	}

	@Test
	void aTargetsTokensAreSetAsideAndSettled() {
		assertThat(ask("thrifty", 30).text()).contains("\"x\"");
		// 30 were charged, and 30 are left.
		assertThat(ask("thrifty", 30).text()).contains("\"other\"");
		assertThat(ask("thrifty", 1).text()).contains("\"x\"");
	}

	@Test
	void whoHasMostLeftIsAskedFirst() {
		for (int i = 0; i < 12; i++) {
			assertThat(ask("roomiest").status()).isEqualTo(200);
		}
		assertThat(used("target", "up/roomiest", "requests")).isEqualTo(8);
		assertThat(used("target", "other/roomiest", "requests")).isEqualTo(4);
	}

	@Test
	void anOperatorSeesWhoIsClosestAndForgetsWhatWasUsed() {
		ask("up/requests/shown");
		ask("up/requests/shown");
		assertThat(ask("up/requests/shown").status()).isEqualTo(429);
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			JsonNode all = client.get("/actuator/llmlimits", Map.of()).json();
			assertThat(all.at("/store/store").asString()).isEqualTo("memory");
			assertThat(all.at("/rules").valueStream().map((rule) -> rule.path("name").asString())).contains("by-model",
					"key", "route");
			assertThat(used("by-model", "up/requests/shown", "requests")).isEqualTo(2);
			assertThat(reset(client, "by-model/up/requests/shown")).isEqualTo(204);
			assertThat(reset(client, "by-model/nobody")).isEqualTo(404);
		}
		assertThat(ask("up/requests/shown").status()).isEqualTo(200);
		try (RawHttpClient client = server.client()) {
			assertThat(client.get("/actuator/llmlimits", TestServer.headers()).status()).isEqualTo(404);
		}
	}

	@Test
	void decisionsAreCounted() {
		for (int i = 0; i < 3; i++) {
			ask("up/requests-counted");
		}
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			assertThat(client.get("/actuator/prometheus", Map.of()).text())
				.contains("llm_proxy_limit_decisions_total{limit=\"by-model\",limited=\"none\",outcome=\"admitted\"}")
				.contains(
						"llm_proxy_limit_decisions_total{limit=\"by-model\",limited=\"requests\",outcome=\"refused\"}");
		}
	}

	private static int reset(RawHttpClient client, String path) {
		return client.send("DELETE", "/actuator/llmlimits/" + path, Map.of(), new byte[0]).readResponse().status();

	}

	private static long used(String rule, String subject) {
		return used(rule, subject, "tokens");
	}

	private static long used(String rule, String subject, String what) {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			return client.get("/actuator/llmlimits", Map.of())
				.json()
				.path("used")
				.valueStream()
				.filter((use) -> use.path("rule").asString().equals(rule)
						&& use.path("subject").asString().equals(subject))
				.mapToLong((use) -> use.path(what).asLong())
				.sum();
		}
	}

	private static RawResponse ask(String model) {
		return ask(model, 5);
	}

	private static RawResponse ask(String model, int maxTokens) {
		return post("/v1/chat/completions", TestServer.KEY, request(model, maxTokens, false));
	}

	private static RawResponse askAs(String user, String model) {
		return post("/v1/chat/completions", TestServer.KEY,
				request(model, 5, false).replace("\"stream\"", "\"user\":\"" + user + "\",\"stream\""));
	}

	private static RawResponse post(String path, String key, String body) {
		try (RawHttpClient client = server.client()) {
			return client.post(path, Map.of("authorization", "Bearer " + key, "content-type", "application/json"),
					body);
		}
	}

	private static String request(String model, int maxTokens, boolean stream) {
		return "{\"model\":\"" + model + "\",\"max_tokens\":" + maxTokens + ",\"stream\":" + stream
				+ ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
	}

}
