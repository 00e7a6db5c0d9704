package dev.llmproxy.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What callers and operators see of models, and what is known of them. */
class ModelsTest {

	private static final String LIST = """
			{"object":"list","data":[{"id":"gpt-4o","object":"model","created":1715367049},{"id":"gpt-4o-mini","object":"model"},{"id":"o3-mini","object":"model"},{"id":"text-embedding-3-small","object":"model"},{"id":"new-one","object":"model"}]}""";

	private static final String ANSWER = """
			{"id":"x","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}""";

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start()
			.answerWith((request) -> Script.json(200, request.path().endsWith("/models") ? LIST : ANSWER));
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.providers.openai.base-url", upstream.url() + "/v1");
		properties.put("llm-proxy.providers.openai.api-key", "k-0123456789abcdef");
		properties.put("llm-proxy.simulator.enabled", "true");
		properties.put("llm-proxy.aliases.fast", "openai/gpt-4o-mini");
		properties.put("llm-proxy.routes.cheap.strategy", "lowest-cost");
		properties.put("llm-proxy.routes.cheap.targets[0].model", "openai/gpt-4o");
		properties.put("llm-proxy.routes.cheap.targets[1].model", "openai/gpt-4o-mini");
		properties.put("llm-proxy.access.keys[1].id", "narrow");
		properties.put("llm-proxy.access.keys[1].key", "sk-narrow-0123456789abcdef");
		properties.put("llm-proxy.access.keys[1].models", "openai/o3*");
		properties.put("management.endpoints.web.exposure.include", "llmmodels");
		server = TestServer.start(properties);
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			provider=openai&capability=vision       | openai/gpt-4o,openai/gpt-4o-mini
			provider=openai&capability=reasoning    | openai/o3-mini
			capability=tools,reasoning              | openai/o3-mini
			provider=openai&min_context=200000      | openai/o3-mini
			provider=openai&max_input_price=0.15    | openai/gpt-4o-mini,openai/text-embedding-3-small
			provider=openai&q=MINI                  | openai/gpt-4o-mini,openai/o3-mini
			search=new                              | openai/new-one
			provider=openai&limit=2                 | openai/gpt-4o,openai/gpt-4o-mini
			provider=openai&limit=2&after=openai/gpt-4o | openai/gpt-4o-mini,openai/o3-mini
			provider=openai&limit=1&before_id=openai/o3-mini | openai/gpt-4o-mini
			provider=llm-proxy                      | cheap,fast
			q=nothing-like-that                     |
			""")
	void areSearched(String query, String ids) {
		RawResponse response = get("/v1/models?" + query);
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.json().path("data").findValuesAsString("id"))
			.isEqualTo((ids != null) ? List.of(ids.split(",")) : List.of());
	}

	@ParameterizedTest
	@ValueSource(strings = { "limit=0", "limit=1001", "limit=many", "min_context=-1", "max_input_price=cheap",
			"max_input_price=-1", "max_input_price=1E999999999", "capability=flying", "after=nothing", "colour=red" })
	void aWrongSearchIsToldSo(String query) {
		RawResponse response = get("/v1/models?" + query);
		assertThat(response.status()).isEqualTo(400);
		assertThat(response.json().at("/error/code").asString()).isEqualTo("invalid_parameter");
		assertThat(response.json().at("/error/param").asString()).isEqualTo(query.substring(0, query.indexOf('=')));
	}

	@Test
	void pagesHaveTheirMarks() {
		JsonNode page = get("/v1/models?provider=openai&limit=2").json();
		assertThat(page.path("has_more").asBoolean()).isTrue();
		assertThat(page.path("last_id").asString()).isEqualTo("openai/gpt-4o-mini");
		JsonNode last = get("/v1/models?provider=openai&limit=3&after=openai/gpt-4o-mini").json();
		assertThat(last.path("has_more").asBoolean(true)).isFalse();
		JsonNode gemini = get("/v1beta/models?provider=openai&pageSize=1&key=ignored").json();
		assertThat(gemini.path("nextPageToken").asString()).isEqualTo("openai/gpt-4o");
		assertThat(gemini.at("/models/0/inputTokenLimit").asInt()).isEqualTo(128_000);
	}

	@Test
	void comeWithWhatIsKnownOfThem() {
		JsonNode model = get("/v1/models/openai/gpt-4o").json();
		assertThat(model.path("created").asLong()).isEqualTo(1_715_367_049);
		assertThat(model.path("context_window").asInt()).isEqualTo(128_000);
		assertThat(model.path("max_output_tokens").asInt()).isEqualTo(16_384);
		assertThat(model.path("input_modalities").toString()).isEqualTo("[\"image\",\"text\"]");
		assertThat(model.at("/pricing/input").decimalValue()).isEqualByComparingTo("2.5");
		assertThat(model.at("/pricing/output").toString()).isEqualTo("10");
		JsonNode alias = get("/v1/models/fast").json();
		assertThat(alias.at("/pricing/input").decimalValue()).isEqualByComparingTo("0.15");
		JsonNode route = get("/v1/models/cheap").json();
		assertThat(route.path("context_window").asInt()).isEqualTo(128_000);
		assertThat(route.has("pricing")).isFalse();
		assertThat(get("/v1/models/openai/new-one").json().has("context_window")).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "simulator/demo, 200", "simulator/slow+error-503, 200", "openai/not-listed, 200",
			"openai/gpt-4o-2024-08-06, 200", "gpt-4o, 200", "new-one, 200", "not-listed, 404", "nobody/model, 404",
			"openai/, 404" })
	void areFoundByTheNamesThatTheyAreCalledBy(String name, int status) {
		assertThat(get("/v1/models/" + name).status()).isEqualTo(status);
		assertThat(get("/v1/models/" + name.replace("/", "%2F")).status()).isEqualTo(status);
	}

	@Test
	void areShownOnlyToWhomMayUseThem() {
		Map<String, String> narrow = Map.of("authorization", "Bearer sk-narrow-0123456789abcdef");
		try (RawHttpClient client = server.client()) {
			assertThat(client.get("/v1/models", narrow).json().path("data").findValuesAsString("id"))
				.containsExactly("openai/o3-mini");
			assertThat(client.get("/v1/models/openai/gpt-4o", narrow).status()).isEqualTo(404);
			assertThat(client.get("/v1/models/openai/o3-mini", narrow).status()).isEqualTo(200);
		}
	}

	/** It could not be: its messages are none. */
	@ParameterizedTest
	@ValueSource(strings = { "openai/gpt-4o-mini", "fast", "cheap" })
	void aSmallRequestIsNotDecodedForWhatIsKnown(String model) {
		String body = "{\"model\":\"" + model + "\", \"messages\":7}";
		try (RawHttpClient client = server.client()) {
			assertThat(client.post("/v1/chat/completions", TestServer.headers(), body).status()).isEqualTo(200);
		}
		assertThat(upstream.requests()).extracting(RecordedRequest::text)
			.contains("{\"model\":\"gpt-4o-mini\", \"messages\":7}");
	}

	@Test
	void anOperatorSeesWhoKnowsWhatAndHasAProviderAsked() {
		get("/v1/models");
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			JsonNode all = client.get("/actuator/llmmodels?provider=openai&q=mini", Map.of()).json();
			assertThat(all.path("models").valueStream().map((model) -> model.path("id").asString()))
				.containsExactly("openai/gpt-4o-mini", "openai/o3-mini");
			assertThat(all.at("/providers").findValuesAsString("name")).contains("openai", "simulator");
			JsonNode one = client.get("/actuator/llmmodels/openai/gpt-4o-2024-08-06", Map.of()).json();
			assertThat(one.path("source").asString()).isEqualTo("shipped");
			assertThat(one.path("knownAs").asString()).isEqualTo("openai/gpt-4o");
			long before = lists();
			assertThat(client.post("/actuator/llmmodels/openai", Map.of("content-type", "application/json"), "{}")
				.json()
				.path("models")
				.asInt()).isEqualTo(5);
			assertThat(lists()).isEqualTo(before + 1);
			upstream.enqueue(Script.json(500, "{}"));
			JsonNode failing = client
				.post("/actuator/llmmodels/openai", Map.of("content-type", "application/json"), "{}")
				.json();
			assertThat(failing.path("models").asInt()).isEqualTo(5);
			assertThat(failing.path("failingSince").asString()).isNotEmpty();
			assertThat(get("/v1/models/openai/gpt-4o").json().path("stale_since").asLong()).isPositive();
			client.post("/actuator/llmmodels/openai", Map.of("content-type", "application/json"), "{}");
			Awaitility.await().until(() -> !get("/v1/models/openai/gpt-4o").json().has("stale_since"));
		}
	}

	private static long lists() {
		return upstream.requests().stream().filter((request) -> request.path().endsWith("/models")).count();
	}

	private static RawResponse get(String path) {
		try (RawHttpClient client = server.client()) {
			return client.get(path, TestServer.headers());
		}
	}

}
