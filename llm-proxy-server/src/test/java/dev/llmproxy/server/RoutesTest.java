package dev.llmproxy.server;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Routes through the whole server, with an upstream each for two providers. */
class RoutesTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String ANSWER = """
			{"id":"c","object":"chat.completion","created":1,"model":"%s","choices":[{"index":0,"message":\
			{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,\
			"completion_tokens":1,"total_tokens":2}}""";

	private static final String CHUNK = """
			data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":\
			{"content":"Hello"},"finish_reason":%s}]}""";

	private static ScriptedUpstream one;

	private static ScriptedUpstream two;

	private static TestServer server;

	@BeforeAll
	static void start() {
		one = ScriptedUpstream.start();
		two = ScriptedUpstream.start();
		Map<String, String> properties = new LinkedHashMap<>();
		provider(properties, "one", one);
		provider(properties, "two", two);
		properties.put("management.endpoints.web.exposure.include", "health,llmroutes");
		properties.put("llm-proxy.routing.allow-forced", "true");
		nested(properties);
		special(properties);
		racing(properties);
		server = TestServer.start(properties);
	}

	private static void provider(Map<String, String> properties, String name, ScriptedUpstream upstream) {
		String prefix = "llm-proxy.providers." + name + ".";
		properties.put(prefix + "type", "openai-compatible");
		properties.put(prefix + "base-url", upstream.url() + "/v1");
		properties.put(prefix + "api-key", "k-" + name + "-0123456789abcdef");
		properties.put(prefix + "models", "m");
	}

	/** Searchers get a group of their own; all others the small model. */
	private static void nested(Map<String, String> properties) {
		String route = "llm-proxy.routes.nested.";
		properties.put(route + "strategy", "conditional");
		properties.put(route + "conditions[0].query.headers.x-team.regex", "^search");
		properties.put(route + "conditions[0].query.metadata.plan.in", "paid,trial");
		properties.put(route + "conditions[0].then", "large");
		properties.put(route + "default-target", "one/small");
		properties.put(route + "targets[0].name", "large");
		properties.put(route + "targets[0].strategy", "priority");
		properties.put(route + "targets[0].targets[0].model", "two/second");
		properties.put(route + "targets[0].targets[0].priority", "2");
		properties.put(route + "targets[0].targets[1].model", "one/first");
		properties.put(route + "targets[0].targets[1].priority", "1");
		properties.put(route + "targets[1].model", "one/small");
		properties.put(route + "targets[1].region", "eu-central-1");
		properties.put(route + "fallbacks", "two/last");
		properties.put(route + "retry.max-retries", "0");
	}

	private static void special(Map<String, String> properties) {
		String route = "llm-proxy.routes.special.";
		properties.put(route + "targets[0].model", "one/narrow");
		properties.put(route + "targets[0].capabilities.context-window", "1000");
		properties.put(route + "context-window-fallbacks", "wide");
		properties.put(route + "content-policy-fallbacks", "two/lax");
		properties.put(route + "retry.max-retries", "0");
		properties.put("llm-proxy.routes.wide.targets[0].model", "two/wide");
	}

	private static void racing(Map<String, String> properties) {
		String mirrored = "llm-proxy.routes.mirrored.";
		properties.put(mirrored + "targets[0].model", "one/m");
		properties.put(mirrored + "targets[0].region", "eu-west-1");
		properties.put(mirrored + "mirror.target", "two/shadow");
		String hedged = "llm-proxy.routes.hedged.";
		properties.put(hedged + "targets[0].model", "one/slow");
		properties.put(hedged + "targets[1].model", "two/quick");
		properties.put(hedged + "hedging.min-delay", "20ms");
		properties.put(hedged + "hedging.max-delay", "20ms");
		properties.put(hedged + "hedging.max-percent", "100");
		String impatient = "llm-proxy.routes.impatient.";
		properties.put(impatient + "targets[0].model", "one/silent");
		properties.put(impatient + "targets[1].model", "two/m");
		properties.put(impatient + "timeouts.first-token", "300ms");
		properties.put(impatient + "timeouts.total", "300ms");
		properties.put(impatient + "timeouts.idle", "300ms");
		properties.put(impatient + "retry.max-retries", "0");
	}

	@AfterAll
	static void stop() {
		server.close();
		one.close();
		two.close();
	}

	private int seen;

	private int taken;

	@BeforeEach
	void remember() {
		this.seen = one.requests().size() + two.requests().size();
	}

	@AfterEach
	void nobodyElseWasAsked() {
		assertThat(one.requests().size() + two.requests().size() - this.seen).isEqualTo(this.taken);
		assertThat(one.failures()).isEmpty();
		assertThat(two.failures()).isEmpty();
	}

	@Test
	void conditionsOnHeadersAndMetadataLeadIntoAGroup() {
		one.enqueue(answer("first"));
		assertThat(ask("nested", Map.of("x-team", "search-1", "llm-proxy-metadata", "{\"plan\":\"paid\"}")).status())
			.isEqualTo(200);
		assertThat(model(one)).isEqualTo("first");
		one.enqueue(answer("small"));
		assertThat(ask("nested", Map.of("x-team", "search-1", "llm-proxy-metadata", "{\"plan\":\"free\"}")).status())
			.isEqualTo(200);
		assertThat(model(one)).isEqualTo("small");
		one.enqueue(answer("small"));
		assertThat(ask("nested", Map.of()).status()).isEqualTo(200);
		assertThat(model(one)).isEqualTo("small");
	}

	@Test
	void aGroupGoesOnWithinItselfAndThenWithFallbacks() {
		Map<String, String> searcher = Map.of("x-team", "search", "llm-proxy-metadata", "{\"plan\":\"trial\"}");
		one.enqueue(Script.json(503, "{\"error\":{\"message\":\"down\"}}"));
		two.enqueue(Script.json(503, "{\"error\":{\"message\":\"down too\"}}"));
		two.enqueue(answer("last"));
		RawResponse response = ask("nested", searcher);
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.json().at("/model").asString()).isEqualTo("last");
		assertThat(model(one)).isEqualTo("first");
		assertThat(model(two)).isEqualTo("second");
		assertThat(model(two)).isEqualTo("last");
	}

	@Test
	void whatRoutesDecideByDoesNotTravelOn() {
		one.enqueue(answer("small"));
		ask("nested", Map.of("x-team", "other", "llm-proxy-metadata", "{}", "llm-proxy-region", "eu"));
		RecordedRequest request = take(one);
		assertThat(request.headers().toString().toLowerCase(java.util.Locale.ROOT)).doesNotContain("x-team",
				"llm-proxy-", TestServer.KEY);
	}

	@Test
	void aDemandedRegionIsKeptOrRefused() {
		one.enqueue(answer("small"));
		assertThat(ask("nested", Map.of("llm-proxy-region", "eu")).status()).isEqualTo(200);
		assertThat(model(one)).isEqualTo("small");
		RawResponse refused = ask("nested", Map.of("llm-proxy-region", "us"));
		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.json().at("/error/code").asString()).isEqualTo("region");
		assertThat(ask("one/anything", Map.of("llm-proxy-region", "eu")).status()).isEqualTo(400);
	}

	@Test
	void aPromptThatIsEstimatedTooLongGoesToTheWideWindow() {
		two.enqueue(answer("wide"));
		RawResponse response = ask("special", "word ".repeat(2000), Map.of());
		assertThat(response.status()).isEqualTo(200);
		assertThat(model(two)).isEqualTo("wide");
	}

	@Test
	void aPromptThatTheProviderFindsTooLongGoesThereToo() {
		one.enqueue(Script.json(400, "{\"error\":{\"message\":\"too long\",\"type\":\"invalid_request_error\","
				+ "\"code\":\"context_length_exceeded\"}}"));
		two.enqueue(answer("wide"));
		RawResponse response = ask("special", Map.of());
		assertThat(response.json().at("/model").asString()).isEqualTo("wide");
		assertThat(model(one)).isEqualTo("narrow");
		assertThat(model(two)).isEqualTo("wide");
	}

	@Test
	void aPromptThatAPolicyRefusesGoesToAnother() {
		one.enqueue(Script.json(400, "{\"error\":{\"message\":\"filtered\",\"type\":\"invalid_request_error\","
				+ "\"code\":\"content_filter\"}}"));
		two.enqueue(answer("lax"));
		RawResponse response = ask("special", Map.of());
		assertThat(response.json().at("/model").asString()).isEqualTo("lax");
		assertThat(model(one)).isEqualTo("narrow");
		assertThat(model(two)).isEqualTo("lax");
	}

	@Test
	void aMirrorGetsACopyAndItsFailureReachesNobody() {
		one.enqueue(answer("m"));
		two.enqueue(Script.json(500, "{\"error\":{\"message\":\"shadow is broken\"}}"));
		RawResponse response = ask("mirrored", Map.of());
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.json().at("/model").asString()).isEqualTo("m");
		assertThat(model(one)).isEqualTo("m");
		assertThat(model(two)).isEqualTo("shadow");
	}

	@Test
	void nobodyWaitsForAMirror() {
		CountDownLatch never = new CountDownLatch(1);
		one.enqueue(answer("m"));
		two.enqueue(Script.script().await(never).then(answer("shadow")));
		assertThat(ask("mirrored", Map.of()).status()).isEqualTo(200);
		assertThat(model(one)).isEqualTo("m");
		assertThat(model(two)).isEqualTo("shadow");
		never.countDown();
	}

	@Test
	void aMirrorGetsNothingThatMayNotGoThere() {
		one.enqueue(answer("m"));
		assertThat(ask("mirrored", Map.of("llm-proxy-region", "eu")).status()).isEqualTo(200);
		assertThat(model(one)).isEqualTo("m");
	}

	@Test
	void aSlowTargetIsOvertakenByTheNextAndCancelled() {
		one.enqueue(Script.sseHead().stall());
		two.enqueue(Script.sse(List.of(CHUNK.formatted("null"), CHUNK.formatted("\"stop\""), "data: [DONE]")));
		RawResponse response = post("hedged", true, "Hi", Map.of());
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.text()).contains("Hello");
		RecordedRequest slow = take(one);
		assertThat(slow.json().at("/model").asString()).isEqualTo("slow");
		assertThat(model(two)).isEqualTo("quick");
		assertThat(one.connections()).filteredOn((connection) -> connection.number() == slow.connection())
			.singleElement()
			.satisfies((connection) -> assertThat(connection.awaitPeerClosed(PATIENCE)).isNotNull());
	}

	@Test
	void aRoutesClocksTakeThePlaceOfTheProviders() {
		one.enqueue(Script.sseHead().stall());
		two.enqueue(Script.sse(List.of(CHUNK.formatted("null"), CHUNK.formatted("\"stop\""), "data: [DONE]")));
		assertThat(post("impatient", true, "Hi", Map.of()).text()).contains("Hello");
		assertThat(model(one)).isEqualTo("silent");
		assertThat(model(two)).isEqualTo("m");
		one.enqueue(Script.script().stall());
		two.enqueue(answer("m"));
		assertThat(ask("impatient", Map.of()).status()).isEqualTo(200);
		assertThat(model(one)).isEqualTo("silent");
		assertThat(model(two)).isEqualTo("m");
		one.enqueue(Script.sseHead().event(CHUNK.formatted("null")).stall());
		assertThat(post("impatient", true, "Hi", Map.of()).text()).contains("Hello", "upstream_idle_timeout");
		assertThat(model(one)).isEqualTo("silent");
	}

	@Test
	void aTargetMayBeForced() {
		two.enqueue(answer("second"));
		assertThat(ask("nested", Map.of("llm-proxy-force-target", "two/second")).status()).isEqualTo(200);
		assertThat(model(two)).isEqualTo("second");
		two.enqueue(answer("wide"));
		assertThat(ask("special", Map.of("llm-proxy-force-provider", "two")).status()).isEqualTo(200);
		assertThat(model(two)).isEqualTo("wide");
	}

	@Test
	void routesAreModels() {
		try (RawHttpClient client = server.client()) {
			assertThat(client.get("/v1/models/nested", TestServer.headers()).status()).isEqualTo(200);
		}
	}

	@Test
	void theActuatorShowsRoutesAndRehearses() {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			JsonNode route = client.get("/actuator/llmroutes/nested", Map.of()).json();
			assertThat(route.at("/root/strategy").asString()).isEqualTo("conditional");
			assertThat(route.at("/root/targets/0/strategy").asString()).isEqualTo("priority");
			assertThat(route.path("targets").path("one/small").at("/region").asString()).isEqualTo("eu-central-1");
			assertThat(route.at("/retry/maxDelay").asString()).isEqualTo("PT5S");
			assertThat(client.get("/actuator/llmroutes/gone", Map.of()).status()).isEqualTo(404);
			RawResponse all = client.get("/actuator/llmroutes", Map.of());
			assertThat(all.json().at("/routes").size()).isEqualTo(6);
			assertThat(all.text()).doesNotContain("0123456789abcdef");
			RawResponse rehearsal = client.post("/actuator/llmroutes", Map.of("content-type", "application/json"),
					"{\"model\":\"nested\",\"headers\":\"x-team: search\\nllm-proxy-metadata: {\\\"plan\\\":\\\"paid\\\"}\"}");
			assertThat(rehearsal.status()).isEqualTo(200);
			assertThat(rehearsal.json().at("/candidates").findValuesAsString("target")).containsExactly("one/first",
					"two/second", "two/last");
			RawResponse wrong = client.post("/actuator/llmroutes", Map.of("content-type", "application/json"),
					"{\"body\":\"{}\"}");
			assertThat(wrong.status()).isEqualTo(400);
			assertThat(wrong.json().at("/code").asString()).isEqualTo("missing_model");
		}
		try (RawHttpClient client = server.client()) {
			assertThat(client.get("/actuator/llmroutes", TestServer.headers()).status()).isEqualTo(404);
		}
	}

	private static Script answer(String model) {
		return Script.json(200, ANSWER.formatted(model));
	}

	private static RawResponse ask(String model, Map<String, String> headers) {
		return ask(model, "Hi", headers);
	}

	private static RawResponse ask(String model, String prompt, Map<String, String> headers) {
		return post(model, false, prompt, headers);
	}

	private static RawResponse post(String model, boolean stream, String prompt, Map<String, String> headers) {
		Map<String, String> all = new HashMap<>(TestServer.headers());
		all.putAll(headers);
		try (RawHttpClient client = server.client()) {
			return client.post("/v1/chat/completions", all, "{\"model\":\"" + model + "\",\"stream\":" + stream
					+ ",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}");
		}
	}

	private String model(ScriptedUpstream upstream) {
		return take(upstream).json().at("/model").asString();
	}

	private RecordedRequest take(ScriptedUpstream upstream) {
		this.taken++;
		return upstream.takeRequest(PATIENCE);
	}

}
