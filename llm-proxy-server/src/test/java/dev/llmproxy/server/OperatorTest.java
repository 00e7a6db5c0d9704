package dev.llmproxy.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator does to providers through the actuator, and failures that are
 * rehearsed, as callers see them.
 */
@Tag("once")
class OperatorTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static ScriptedUpstream one;

	private static ScriptedUpstream two;

	private static TestServer server;

	@BeforeAll
	static void start() {
		one = ScriptedUpstream.start().answerWith(Script.json(200, "{\"id\":\"one\",\"choices\":[]}"));
		two = ScriptedUpstream.start().answerWith(Script.json(200, "{\"id\":\"two\",\"choices\":[]}"));
		Map<String, String> properties = new LinkedHashMap<>();
		for (Map.Entry<String, ScriptedUpstream> upstream : Map.of("one", one, "two", two).entrySet()) {
			String prefix = "llm-proxy.providers." + upstream.getKey() + ".";
			properties.put(prefix + "type", "openai-compatible");
			properties.put(prefix + "base-url", upstream.getValue().url() + "/v1");
			properties.put(prefix + "api-key", "k-0123456789abcdef");
		}
		properties.put("llm-proxy.aliases.both", "one/m,two/m");
		properties.put("llm-proxy.simulator.enabled", "true");
		properties.put("llm-proxy.fault-injection.enabled", "true");
		properties.put("llm-proxy.fault-injection.seed", "1");
		fault(properties, 0, "status-429", "status", "429", "retry-after", "7s");
		fault(properties, 1, "status-503", "status", "503");
		fault(properties, 2, "cut", "cut-after", "3");
		fault(properties, 3, "half", "status", "500", "percent", "50");
		properties.put("llm-proxy.resilience.retry.max-retries", "0");
		properties.put("llm-proxy.resilience.breaker.enabled", "false");
		properties.put("management.endpoints.web.exposure.include", "llmproviders,llmbreakers");
		server = TestServer.start(properties);
	}

	private static void fault(Map<String, String> properties, int index, String model, String... namesAndValues) {
		String prefix = "llm-proxy.fault-injection.faults[" + index + "].";
		properties.put(prefix + "target", "simulator/" + model);
		for (int i = 0; i < namesAndValues.length; i += 2) {
			properties.put(prefix + namesAndValues[i], namesAndValues[i + 1]);
		}
	}

	@AfterAll
	static void stop() {
		server.close();
		one.close();
		two.close();
	}

	@Test
	void aProviderThatIsTakenOutIsNotCalledUntilItIsPutBack() {
		assertThat(ask("both").text()).contains("\"one\"");
		assertThat(actuator("one", "disable").json().path("status").asString()).isEqualTo("DISABLED");
		assertThat(ask("both").text()).contains("\"two\"");
		RawResponse refused = ask("one/m");
		assertThat(refused.status()).isEqualTo(503);
		assertThat(refused.json().at("/error/message").asString()).contains("taken out by an operator");
		actuator("one", "enable");
		assertThat(ask("both").text()).contains("\"one\"");
	}

	@Test
	void oneProviderIsMadeToServeEverything() {
		actuator("two", "force");
		assertThat(ask("both").text()).contains("\"two\"");
		assertThat(ask("one/m").status()).isEqualTo(503);
		actuator("two", "unforce");
		assertThat(ask("one/m").status()).isEqualTo(200);
	}

	@Test
	void showsHowProvidersDoAndNoSecret() {
		ask("one/m");
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			RawResponse all = client.get("/actuator/llmproviders", Map.of());
			assertThat(all.status()).isEqualTo(200);
			assertThat(all.text()).doesNotContain("k-0123456789abcdef").contains("one/m", "latencyMillis");
		}
		try (RawHttpClient client = server.client()) {
			assertThat(client.get("/actuator/llmproviders", TestServer.headers()).status()).isEqualTo(404);
		}
	}

	@ParameterizedTest
	@CsvSource({ "429, 7", "503, " })
	void anInjectedStatusIsWhatTheProviderWouldHaveSaid(int status, String retryAfter) {
		RawResponse response = ask("simulator/status-" + status);
		assertThat(response.status()).isEqualTo(status);
		assertThat(response.header("retry-after")).isEqualTo(retryAfter);
		assertThat(response.json().at("/error/code").asString()).isEqualTo("injected");
	}

	@Test
	void anInjectedCutEndsAStreamWithAnErrorEvent() {
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request("simulator/cut", true));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			assertThat(new String(client.readBody(PATIENCE), StandardCharsets.UTF_8)).contains("upstream_connection")
				.doesNotContain("[DONE]");
		}
	}

	@Test
	void aFaultMayHappenByChance() {
		int failed = 0;
		for (int i = 0; i < 60; i++) {
			failed += (ask("simulator/half").status() == 500) ? 1 : 0;
		}
		assertThat(failed).isBetween(15, 45);
		assertThat(ask("simulator/demo").status()).isEqualTo(200);
	}

	private static RawResponse ask(String model) {
		try (RawHttpClient client = server.client()) {
			return client.post("/v1/chat/completions", TestServer.headers(), request(model, false));
		}
	}

	private static String request(String model, boolean stream) {
		return "{\"model\":\"" + model + "\",\"stream\":" + stream
				+ ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
	}

	private static RawResponse actuator(String provider, String action) {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			RawResponse response = client.post("/actuator/llmproviders/" + provider,
					Map.of("content-type", "application/json"), "{\"action\":\"" + action + "\"}");
			assertThat(response.status()).isEqualTo(200);
			return response;
		}
	}

}
