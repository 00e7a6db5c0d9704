package dev.llmproxy.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.testkit.Gate;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What callers see of the cache. Each test asks something of its own. */
class CacheTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String OTHER_KEY = "sk-other-0123456789abcdef0123456789";

	private static final String JSON = """
			{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"answer %d"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}""";

	private static final String VECTORS = """
			{"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.5,1]}],"usage":{"prompt_tokens":1,"total_tokens":1}}""";

	@TempDir
	private static Path files;

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start().answerWith(CacheTest::answer);
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.cache.enabled", "true");
		properties.put("llm-proxy.cache.warm-directory", files.toString());
		properties.put("llm-proxy.routes.uncached.targets[0].model", "up/m");
		properties.put("llm-proxy.routes.uncached.cache.enabled", "false");
		properties.put("llm-proxy.access.keys[1].id", "other");
		properties.put("llm-proxy.access.keys[1].key", OTHER_KEY);
		properties.put("llm-proxy.limits.rules.tokens.per", "key");
		properties.put("llm-proxy.limits.rules.tokens.tokens", "100000000");
		properties.put("management.endpoints.web.exposure.include", "llmcache,prometheus");
		server = TestServer.withUpstream(upstream.url(), properties);
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	private static Script answer(RecordedRequest request) {
		String body = request.text();
		if (request.path().endsWith("/embeddings")) {
			return Script.json(200, VECTORS);
		}
		if (body.contains("\"broken\"")) {
			return Script.sseHead().event(chunk("part", "null")).reset();
		}
		return body.contains("\"stream\":true") ? Script.sse(stream(20))
				: Script.json(200, JSON.formatted(upstream.requests().size()));
	}

	private static List<String> stream(int words) {
		List<String> events = new ArrayList<>();
		for (int i = 0; i < words; i++) {
			events.add(chunk("word" + i + " ", "null"));
		}
		events.add(chunk("", "\"stop\""));
		events.add("data: [DONE]");
		return events;
	}

	private static String chunk(String text, String finish) {
		return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
				+ "[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":" + finish + "}]}";
	}

	private static String chat(String text, String more) {
		return "{\"model\":\"up/m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]"
				+ more + "}";
	}

	private static RawResponse ask(String body) {
		return ask("/v1/chat/completions", TestServer.headers(), body);
	}

	private static RawResponse ask(String path, Map<String, String> headers, String body) {
		try (RawHttpClient client = server.client()) {
			return client.post(path, headers, body);
		}
	}

	@Test
	void answersTheSameQuestionWithoutAProvider() {
		RawResponse first = ask(chat("same", ""));
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.header("llm-proxy-cache")).isEqualTo("miss");
		int calls = upstream.requests().size();
		RawResponse again = ask(chat("same", "").replace(",", " ,\n"));
		assertThat(again.header("llm-proxy-cache")).isEqualTo("hit");
		assertThat(again.header("age")).isEqualTo("0");
		assertThat(again.text()).isEqualTo(first.text());
		assertThat(upstream.requests()).hasSize(calls);
		// Nobody pays for it.
		assertThat(again.header("x-ratelimit-remaining-tokens")).isNotNull();
	}

	@Test
	void aHitCostsNoTokens() {
		Map<String, String> headers = new HashMap<>(TestServer.headers());
		headers.put("authorization", "Bearer " + OTHER_KEY);
		ask("/v1/chat/completions", headers, chat("costs", ""));
		String before = ask("/v1/chat/completions", headers, chat("costs", "")).header("x-ratelimit-remaining-tokens");
		for (int i = 0; i < 5; i++) {
			RawResponse hit = ask("/v1/chat/completions", headers, chat("costs", ""));
			assertThat(hit.header("llm-proxy-cache")).isEqualTo("hit");
			assertThat(hit.header("x-ratelimit-remaining-tokens")).isEqualTo(before);
		}
	}

	@Test
	void fault65_noTenantGetsAnothersAnswer() {
		ask(chat("secret", ""));
		Map<String, String> headers = new HashMap<>(TestServer.headers());
		headers.put("authorization", "Bearer " + OTHER_KEY);
		assertThat(ask("/v1/chat/completions", headers, chat("secret", "")).header("llm-proxy-cache"))
			.isEqualTo("miss");
	}

	@Test
	void fault65_anAnswerThatBrokeOffIsNotKept() {
		for (int i = 0; i < 2; i++) {
			RawResponse broken = ask(chat("x", ",\"stream\":true,\"user\":\"broken\""));
			assertThat(broken.header("llm-proxy-cache")).isEqualTo("miss");
			assertThat(broken.text()).contains("\"error\"").doesNotContain("[DONE]");
		}
	}

	@Test
	void givesAStreamAgainAsAStreamAndAsADocumentInAnyDialect() {
		RawResponse first = ask(chat("stream", ",\"stream\":true"));
		RawResponse again = ask(chat("stream", ",\"stream\":true"));
		assertThat(again.header("llm-proxy-cache")).isEqualTo("hit");
		assertThat(again.header("content-type")).isEqualTo(first.header("content-type"));
		assertThat(again.text()).isEqualTo(first.text()).endsWith("data: [DONE]\n\n");
		RawResponse whole = ask(chat("stream", ""));
		assertThat(whole.header("llm-proxy-cache")).isEqualTo("hit");
		assertThat(whole.json().at("/choices/0/message/content").asString()).startsWith("word0 word1 ");
		ask(chat("whole", ""));
		RawResponse streamed = ask(chat("whole", ",\"stream\":true"));
		assertThat(streamed.header("llm-proxy-cache")).isEqualTo("hit");
		assertThat(streamed.text()).contains("chat.completion.chunk").endsWith("data: [DONE]\n\n");
	}

	@Test
	void keepsAnswersToAnthropicsCallers() {
		Map<String, String> headers = Map.of("x-api-key", TestServer.KEY, "anthropic-version", "2023-06-01",
				"content-type", "application/json");
		String body = "{\"model\":\"up/m\",\"max_tokens\":9,\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
		RawResponse first = ask("/v1/messages", headers, body);
		assertThat(first.header("llm-proxy-cache")).isEqualTo("miss");
		RawResponse again = ask("/v1/messages", headers, body);
		assertThat(again.header("llm-proxy-cache")).isEqualTo("hit");
		assertThat(again.json().at("/content/0/text")).isEqualTo(first.json().at("/content/0/text"));
		RawResponse streamed = ask("/v1/messages", headers, body.replace("9,", "9,\"stream\":true,"));
		assertThat(streamed.header("llm-proxy-cache")).isEqualTo("hit");
		assertThat(streamed.text()).contains("event: message_stop");
	}

	@Test
	void keepsEmbeddings() {
		String body = "{\"model\":\"up/m\",\"input\":\"hi\"}";
		assertThat(ask("/v1/embeddings", TestServer.headers(), body).header("llm-proxy-cache")).isEqualTo("miss");
		RawResponse hit = ask("/v1/embeddings", TestServer.headers(), body);
		assertThat(hit.header("llm-proxy-cache")).isEqualTo("hit");
		assertThat(hit.json().at("/data/0/embedding/1").asDouble()).isEqualTo(1);
	}

	@Test
	void fault64_aThousandWhoStreamTheSameMakeOneCall() {
		Gate gate = new Gate();
		String body = chat("many", ",\"stream\":true");
		int calls = upstream.requests().size();
		List<String> events = stream(20);
		Script script = Script.sseHead().event(events.get(0)).gate(gate);
		for (String event : events.subList(1, events.size())) {
			script = script.event(event);
		}
		upstream.enqueue(script.endChunked());
		List<RawHttpClient> clients = new ArrayList<>();
		try {
			for (int i = 0; i < 1000; i++) {
				clients.add(server.client().sendPost("/v1/chat/completions", TestServer.headers(), body));
				if (i == 0) {
					gate.awaitReached(PATIENCE);
				}
			}
			gate.open();
			Map<String, Integer> outcomes = new HashMap<>();
			List<String> texts = new ArrayList<>();
			for (RawHttpClient client : clients) {
				RawResponse response = client.readResponse(PATIENCE);
				outcomes.merge(Objects.requireNonNull(response.header("llm-proxy-cache")), 1, Integer::sum);
				texts.add(response.text());
			}
			assertThat(texts.stream().distinct()).hasSize(1);
			assertThat(outcomes).containsEntry("miss", 1);
			assertThat(outcomes.getOrDefault("coalesced", 0)).isPositive();
		}
		finally {
			clients.forEach(RawHttpClient::close);
		}
		assertThat(upstream.requests()).hasSize(calls + 1);
	}

	@Test
	void leavesARouteAloneThatIsNotCached() {
		String body = chat("route", "").replace("up/m", "uncached");
		for (int i = 0; i < 2; i++) {
			RawResponse response = ask(body);
			assertThat(response.status()).isEqualTo(200);
			assertThat(response.header("llm-proxy-cache")).isNull();
		}
	}

	@Test
	void refusesACacheControlThatIsNone() {
		RawResponse refused = ask(chat("bad", ",\"cache\":{\"ttl\":\"long\"}"));
		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.json().at("/error/param").asString()).isEqualTo("cache.ttl");
		assertThat(refused.json().at("/error/code").asString()).isEqualTo("invalid_cache_control");
	}

	@Test
	void letsAnOperatorLookForgetAndWarm() throws IOException {
		String key = Objects.requireNonNull(ask(chat("operator", "")).header("llm-proxy-cache-key"));
		assertThat(operator("GET", "", "").json().at("/memory/answers").asLong()).isPositive();
		RawResponse answer = operator("GET", "/" + key, "");
		assertThat(answer.json().at("/tenant").asString()).isEqualTo("key:test");
		assertThat(answer.text()).doesNotContain("answer ").contains("\"store\":\"memory\"");
		assertThat(operator("GET", "/zz", "").status()).isEqualTo(400);
		assertThat(operator("DELETE", "/" + key, "").status()).isEqualTo(204);
		assertThat(ask(chat("operator", "")).header("llm-proxy-cache")).isEqualTo("miss");
		RawResponse forgotten = operator("DELETE", "?tenant=key:test&model=up/*", "");
		assertThat(forgotten.json().at("/memory").asLong()).isPositive();
		assertThat(ask(chat("operator", "")).header("llm-proxy-cache")).isEqualTo("miss");
		Files.writeString(files.resolve("warm.jsonl"),
				chat("warm one", "") + "\n" + chat("warm two", "") + "\n{\"model\":\n");
		RawResponse warmed = operator("POST", "", "{\"file\":\"warm.jsonl\",\"caller\":\"test\"}");
		assertThat(warmed.json().at("/fetched").asInt()).isEqualTo(2);
		assertThat(warmed.json().at("/failed").asInt()).isEqualTo(1);
		assertThat(operator("POST", "", "{\"file\":\"../warm.jsonl\",\"caller\":\"test\"}").status()).isEqualTo(400);
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			assertThat(client.get("/actuator/prometheus", Map.of()).text())
				.contains("llm_proxy_cache_requests_total{outcome=\"hit\"}")
				.contains("llm_proxy_cache_size_bytes");
		}
		assertThat(ask(chat("warm two", "")).header("llm-proxy-cache")).isEqualTo("hit");
	}

	/** Each on a connection of its own. */
	private static RawResponse operator(String method, String path, String body) {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			return client
				.send(method, "/actuator/llmcache" + path, Map.of("content-type", "application/json"),
						body.getBytes(StandardCharsets.UTF_8))
				.readResponse();
		}
	}

}
