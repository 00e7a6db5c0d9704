package dev.llmproxy.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Faults that callers ask for in a header, on both fronts. */
@Tag("once")
class FaultHeaderTest {

	private ScriptedUpstream one;

	private ScriptedUpstream two;

	@BeforeEach
	void start() {
		this.one = ScriptedUpstream.start().answerWith(Script.json(200, "{\"id\":\"one\",\"choices\":[]}"));
		this.two = ScriptedUpstream.start().answerWith(Script.json(200, "{\"id\":\"two\",\"choices\":[]}"));
	}

	@AfterEach
	void stop() {
		this.one.close();
		this.two.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aCallerBringsItsFaultWhichNoProviderSees(boolean hotLane) {
		try (TestServer server = server(hotLane, true)) {
			assertThat(ask(server, "error=503").status()).isEqualTo(503);
			RawResponse limited = ask(server, "rate-limit=7s");
			assertThat(limited.status()).isEqualTo(429);
			assertThat(limited.header("retry-after")).isEqualTo("7");
			assertThat(ask(server, "stall").status()).isEqualTo(504);
			assertThat(this.one.requests()).isEmpty();
			long start = System.nanoTime();
			assertThat(ask(server, "delay=300ms").text()).contains("\"one\"");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
			assertThat(ask(server, "target=one/*, error=500").text()).contains("\"two\"");
			assertThat(this.one.requests()).hasSize(1)
				.allSatisfy((request) -> assertThat(request.header("llm-proxy-fault")).isNull());
			assertThat(this.two.requests()).hasSize(1)
				.allSatisfy((request) -> assertThat(request.header("llm-proxy-fault")).isNull());
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aCutEndsAStreamWithAnErrorEvent(boolean hotLane) {
		this.one.answerWith(
				Script.sse(List.of("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}", "[DONE]")));
		try (TestServer server = server(hotLane, true); RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", headers("cut"), request(true));
			assertThat(client.readHead(Duration.ofSeconds(10)).status()).isEqualTo(200);
			assertThat(new String(client.readBody(Duration.ofSeconds(10)), StandardCharsets.UTF_8))
				.contains("upstream_connection");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whatIsNotUnderstoodIsRefusedByName(boolean hotLane) {
		try (TestServer server = server(hotLane, true)) {
			for (String fault : List.of("errr=503", "error", "error=200", "error=5xx", "delay=2", "delay=6m", "stall=1",
					"cut=-1", "error=503,")) {
				RawResponse response = ask(server, fault);
				assertThat(response.status()).as(fault).isEqualTo(400);
				assertThat(response.json().at("/error/message").asString()).contains("'llm-proxy-fault'");
			}
			assertThat(this.one.requests()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void theHeaderMeansNothingUnlessItIsAllowed(boolean hotLane) {
		try (TestServer server = server(hotLane, false)) {
			assertThat(ask(server, "error=503").status()).isEqualTo(200);
			assertThat(ask(server, "nonsense").status()).isEqualTo(200);
		}
	}

	private TestServer server(boolean hotLane, boolean header) {
		Map<String, String> properties = new LinkedHashMap<>();
		for (Map.Entry<String, ScriptedUpstream> upstream : Map.of("one", this.one, "two", this.two).entrySet()) {
			String prefix = "llm-proxy.providers." + upstream.getKey() + ".";
			properties.put(prefix + "type", "openai-compatible");
			properties.put(prefix + "base-url", upstream.getValue().url() + "/v1");
			properties.put(prefix + "api-key", "k-0123456789abcdef");
		}
		properties.put("llm-proxy.routes.both.targets[0].model", "one/m");
		properties.put("llm-proxy.routes.both.targets[1].model", "two/m");
		properties.put("llm-proxy.routes.both.timeouts.first-token", "200ms");
		properties.put("llm-proxy.server.hot-lane", String.valueOf(hotLane));
		properties.put("llm-proxy.fault-injection.enabled", "true");
		properties.put("llm-proxy.fault-injection.header", String.valueOf(header));
		properties.put("llm-proxy.resilience.retry.max-retries", "0");
		properties.put("llm-proxy.resilience.breaker.enabled", "false");
		properties.put("llm-proxy.resilience.cooldown.enabled", "false");
		return TestServer.start(properties);
	}

	private static RawResponse ask(TestServer server, String fault) {
		try (RawHttpClient client = server.client()) {
			return client.post("/v1/chat/completions", headers(fault), request(false));
		}
	}

	private static Map<String, String> headers(String fault) {
		Map<String, String> headers = new LinkedHashMap<>(TestServer.headers());
		headers.put("llm-proxy-fault", fault);
		return headers;
	}

	private static String request(boolean stream) {
		return "{\"model\":\"both\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
	}

}
