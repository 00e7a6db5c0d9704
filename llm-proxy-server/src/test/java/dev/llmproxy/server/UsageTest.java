package dev.llmproxy.server;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What callers and operators are told of what was spent. */
@Tag("once")
class UsageTest {

	private static final String OTHER_KEY = "sk-other-0123456789abcdef0123456789abcdef";

	private static final String ANSWER = """
			{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":40},"completion_tokens_details":{"reasoning_tokens":5}}}""";

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start().answerWith(Script.json(200, ANSWER));
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.web.base-path", "/llm");
		properties.put("llm-proxy.access.keys[0].team", "red");
		properties.put("llm-proxy.access.keys[1].id", "other");
		properties.put("llm-proxy.access.keys[1].key", OTHER_KEY);
		properties.put("llm-proxy.routes.priced.targets[0].model", "up/m");
		properties.put("llm-proxy.routes.priced.targets[0].prices.input", "2.5");
		properties.put("llm-proxy.routes.priced.targets[0].prices.output", "10");
		properties.put("management.endpoints.web.exposure.include", "llmusage,prometheus");
		server = TestServer.withUpstream(upstream.url(), properties);
		call(TestServer.KEY, "priced");
		call(TestServer.KEY, "priced");
		call(TestServer.KEY, "up/=cmd");
		call(OTHER_KEY, "priced");
		Awaitility.await().until(() -> actuator("/actuator/llmusage").json().at("/total/attempts").asInt() == 4);
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	@Test
	void aCallerSeesItsOwnSpendingAndNobodyElses() {
		JsonNode own = usage("").json();
		assertThat(own.path("caller").asString()).isEqualTo("test");
		assertThat(own.path("total").path("requests").asInt()).isEqualTo(3);
		assertThat(own.path("total").path("input_tokens").asInt()).isEqualTo(300);
		assertThat(own.path("total").path("cache_read_tokens").asInt()).isEqualTo(120);
		assertThat(own.path("total").path("unpriced_attempts").asInt()).isEqualTo(1);
		JsonNode other = get("/llm/v1/usage", Map.of("authorization", "Bearer " + OTHER_KEY)).json();
		assertThat(other.path("caller").asString()).isEqualTo("other");
		assertThat(other.path("total").path("requests").asInt()).isEqualTo(1);
		assertThat(usage("?caller=other").status()).isEqualTo(400);
		assertThat(usage("?model=m&model=n").status()).isEqualTo(400);
		try (RawHttpClient client = server.client()) {
			assertThat(client.get("/llm/v1/usage", Map.of()).status()).isEqualTo(401);
			assertThat(client.post("/llm/v1/usage", TestServer.headers(), "{}").status()).isEqualTo(405);
		}
	}

	@Test
	void toldApartByTimeAndName() {
		JsonNode report = usage("?period=day&by=model,route").json();
		assertThat(report.path("data")
			.valueStream()
			.map((row) -> row.path("model").asString() + " " + row.path("route").asString() + " "
					+ row.path("attempts").asInt() + " " + row.path("cost_usd").asString()))
			.containsExactly("=cmd up/=cmd 1 0.000000000", "m priced 2 " + "0.000900000");
		assertThat(report.at("/data/1/time").asString()).endsWith("T00:00:00Z");
		assertThat(report.at("/data/1/cost_nano_usd").asLong()).isEqualTo(2 * (100 * 2500L + 20 * 10_000L));
		assertThat(usage("?model=m").json().at("/total/attempts").asInt()).isEqualTo(2);
		assertThat(usage("?to=2020-01-31").json().at("/total/attempts").asInt()).isZero();
	}

	@Test
	void asCsvOnDemand() {
		for (RawResponse csv : List.of(usage("?by=model&format=csv"), get("/llm/v1/usage?by=model",
				Map.of("authorization", "Bearer " + TestServer.KEY, "accept", "text/csv")))) {
			assertThat(csv.header("content-type")).startsWith("text/csv");
			// Not a formula.
			assertThat(csv.text().lines()).containsExactly(
					"model,requests,attempts,estimated_attempts,unpriced_attempts,input_tokens,output_tokens,"
							+ "cache_read_tokens,cache_write_tokens,reasoning_tokens,audio_input_tokens,"
							+ "audio_output_tokens,cost_nano_usd,cost_usd",
					"'=cmd,1,1,0,1,100,20,40,0,5,0,0,0,0.000000000", "m,2,2,0,0,200,40,80,0,10,0,0,900000,0.000900000");
		}
	}

	@ParameterizedTest
	@CsvSource({ "from=yesterday, from", "to=2026-13-01, to", "from=2026-02-01&to=2026-01-01, from",
			"from=2020-01-01&to=2026-01-01, from", "from=2026-01-01&to=2026-03-01&period=hour, from",
			"from=-999999999-01-01T00:00:00Z, from", "period=week, period", "by=caller, by", "by=model;drop, by",
			"limit=0, limit", "limit=10001, limit", "limit=x, limit", "format=xml, format", "team=red, team",
			"evil=1, evil" })
	void saysWhichParameterIsWrong(String query, String parameter) {
		RawResponse response = usage("?" + query);
		assertThat(response.status()).isEqualTo(400);
		assertThat(response.json().at("/error/param").asString()).isEqualTo(parameter);
		assertThat(response.json().at("/error/code").asString()).isEqualTo("invalid_parameter");
	}

	@Test
	void anOperatorSeesAll() {
		JsonNode all = actuator("/actuator/llmusage?by=caller,team").json();
		assertThat(all.path("data")
			.valueStream()
			.map((row) -> row.path("caller").asString() + "/" + row.path("team").asString() + " "
					+ row.path("requests").asInt()))
			.containsExactly("other/ 1", "test/red 3");
		assertThat(actuator("/actuator/llmusage?by=caller&team=red&format=csv").text().lines().skip(1)).singleElement()
			.satisfies((line) -> assertThat(line).startsWith("test,3,3,"));
		RawResponse wrong = actuator("/actuator/llmusage?by=colour");
		assertThat(wrong.status()).isEqualTo(400);
		assertThat(wrong.json().path("parameter").asString()).isEqualTo("by");
		assertThat(actuator("/actuator/llmusage/entries?caller=test&limit=2").text().lines()).hasSize(2)
			.allMatch((line) -> line.startsWith("{\"id\":\"") && line.contains("\"caller\":\"test\""));
		assertThat(actuator("/actuator/llmusage/writer").json().path("dropped").asInt()).isZero();
		assertThat(actuator("/actuator/prometheus").text()).contains("llm_proxy_ledger_written_total 4.0",
				"llm_proxy_ledger_dropped_total 0.0", "llm_proxy_ledger_waiting 0.0");
	}

	private static void call(String key, String model) {
		try (RawHttpClient client = server.client()) {
			assertThat(client
				.post("/llm/v1/chat/completions",
						Map.of("authorization", "Bearer " + key, "content-type", "application/json"),
						"{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
				.status()).isEqualTo(200);
		}
	}

	private static RawResponse usage(String query) {
		return get("/llm/v1/usage" + query, TestServer.headers());
	}

	private static RawResponse get(String path, Map<String, String> headers) {
		try (RawHttpClient client = server.client()) {
			return client.get(path, headers);
		}
	}

	private static RawResponse actuator(String path) {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			return client.get(path, Map.of());
		}
	}

}
