package dev.llmproxy.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import dev.llmproxy.testkit.Gate;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.SmartLifecycle;

import static org.assertj.core.api.Assertions.assertThat;

/** How providers do, as health, readiness, the endpoint and a meter tell. */
@Tag("once")
class HealthTest {

	private static final String KEY = "k-0123456789abcdef";

	private static final String MODELS = "{\"object\":\"list\",\"data\":[{\"id\":\"m\"}]}";

	private static final Map<String, String> PROBES = Map.of("llm-proxy.health.probe.enabled", "true",
			"llm-proxy.health.probe.interval", "50ms", "llm-proxy.health.probe.timeout", "2s");

	private ScriptedUpstream one;

	private ScriptedUpstream two;

	@BeforeEach
	void start() {
		this.one = ScriptedUpstream.start().answerWith(Script.json(200, MODELS));
		this.two = ScriptedUpstream.start().answerWith(Script.json(200, MODELS));
	}

	@AfterEach
	void stop() {
		this.one.close();
		this.two.close();
	}

	@Test
	void aProbeThatFailsIsToldEverywhereAndOnceAndSoIsItsEnd() {
		try (TestServer server = server(PROBES); Logs logs = Logs.capture()) {
			awaitStatus(server, "one", "UP");
			awaitStatus(server, "two", "UP");
			assertThat(metrics(server)).contains("llm_proxy_provider_up{provider=\"one\"} 1.0");
			this.one.answerWith(Script.json(503, "{\"error\":{\"message\":\"down, said " + KEY + "\"}}"));
			awaitStatus(server, "one", "DOWN");
			RawResponse state = actuator(server, "llmproviders/one");
			assertThat(state.json().at("/probe/lastError").asString()).isEqualTo("upstream_status_503");
			assertThat(metrics(server)).contains("llm_proxy_provider_up{provider=\"one\"} 0.0",
					"llm_proxy_provider_up{provider=\"two\"} 1.0");
			RawResponse health = actuator(server, "health");
			assertThat(health.status()).isEqualTo(200);
			assertThat(health.json().path("status").asString()).isEqualTo("UP");
			assertThat(health.json().at("/components/llmProviders/components/one/status").asString())
				.isEqualTo("UNAVAILABLE");
			assertThat(health.json().at("/components/llmProviders/components/two/status").asString()).isEqualTo("UP");
			assertThat(health.text() + state.text()).doesNotContain(KEY, "127.0.0.1");
			int failures = this.one.requests().size();
			Awaitility.await().until(() -> this.one.requests().size() > failures + 3);
			this.one.answerWith(Script.json(200, MODELS));
			awaitStatus(server, "one", "UP");
			assertThat(told(logs)).containsExactly(
					"Provider 'one' can't be asked for its models (upstream_status_503): UP -> DEGRADED",
					"Provider 'one' can't be asked for its models (upstream_status_503): DEGRADED -> DOWN",
					"Provider 'one' can be asked for its models again: DOWN -> UP");
			assertThat(String.join("", logs.from(Level.INFO))).doesNotContain(KEY);
		}
		assertThat(this.one.requests()).extracting(RecordedRequest::method).containsOnly("GET");
		assertThat(this.one.requests()).extracting(RecordedRequest::path).containsOnly("/v1/models");
	}

	@Test
	void probesDoNotOverlapAndStop() {
		Gate gate = new Gate();
		this.one.answerWith((request) -> Script.script().gate(gate).then(Script.json(200, MODELS)));
		try (TestServer server = server(PROBES)) {
			Awaitility.await().until(() -> this.two.requests().size() > 5);
			assertThat(this.one.requests()).hasSize(1);
			gate.open();
			Awaitility.await().until(() -> this.one.requests().size() > 2);
			// What closing the context does first.
			server.context().getBean("llmProviderProbes", SmartLifecycle.class).stop();
			// Two may be under way.
			int asked = asked();
			Awaitility.await().during(Duration.ofMillis(400)).until(() -> asked() <= asked + 2);
		}
	}

	private int asked() {
		return this.one.requests().size() + this.two.requests().size();
	}

	@Test
	void nobodyIsProbedUnlessThatIsAskedFor() {
		try (TestServer server = server(Map.of())) {
			assertThat(status(server, "one")).isEqualTo("UNKNOWN");
			assertThat(actuator(server, "health").json().at("/components/llmProviders/status").asString())
				.isEqualTo("UNKNOWN");
		}
		assertThat(this.one.requests()).isEmpty();
	}

	@Test
	void aListOfModelsThatCallersAskForIsAProbeAndMissingModelsAreLogged() {
		this.one.answerWith(Script.json(401, "{\"error\":{\"message\":\"wrong key " + KEY + "\"}}"));
		try (TestServer server = server(Map.of()); Logs logs = Logs.capture()) {
			try (RawHttpClient client = server.client()) {
				assertThat(client.get("/v1/models", TestServer.headers()).text()).contains("two/m")
					.doesNotContain("one/m");
			}
			assertThat(status(server, "one")).isEqualTo("DEGRADED");
			assertThat(status(server, "two")).isEqualTo("UP");
			assertThat(told(logs)).containsExactly(
					"Provider 'one' can't be asked for its models (upstream_status_401): UNKNOWN -> DEGRADED");
		}
	}

	@Test
	void whoServesCallsIsNotDownThoughItsListFails() {
		this.one.answerWith((request) -> request.method().equals("GET") ? Script.json(403, "{}")
				: Script.json(200, "{\"id\":\"c\",\"choices\":[]}"));
		try (TestServer server = server(PROBES)) {
			awaitStatus(server, "one", "DOWN");
			assertThat(ask(server, "one/m")).isEqualTo(200);
			assertThat(status(server, "one")).isEqualTo("DEGRADED");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 404, 429, 501 })
	void whoHasNoListIsWellAllTheSame(int status) {
		this.one.answerWith(Script.json(status, "{}"));
		try (TestServer server = server(PROBES)) {
			awaitStatus(server, "one", "UP");
		}
	}

	@Test
	void aTargetWhoseBreakerIsOpenMakesItsProviderUnavailable() {
		this.one.answerWith(Script.json(500, "{}"));
		try (TestServer server = server(Map.of("llm-proxy.resilience.retry.max-retries", "0",
				"llm-proxy.resilience.breaker.minimum-calls", "2"))) {
			ask(server, "one/m");
			ask(server, "one/m");
			assertThat(status(server, "one")).isEqualTo("DOWN");
			assertThat(actuator(server, "health").json()
				.at("/components/llmProviders/components/one/details/unavailable/one~1m")
				.asString()).isEqualTo("breaker_open");
			assertThat(actuator(server, "health").status()).isEqualTo(200);
		}
	}

	@Test
	void aServerIsReadyThoughAllProvidersAreDown() {
		this.one.goDown();
		this.two.goDown();
		try (TestServer server = server(PROBES)) {
			awaitStatus(server, "one", "DOWN");
			awaitStatus(server, "two", "DOWN");
			assertThat(actuator(server, "health/readiness").status()).isEqualTo(200);
			assertThat(actuator(server, "health").status()).isEqualTo(200);
		}
	}

	@Test
	void readinessMayDemandThatAnyProviderIsThere() {
		Map<String, String> properties = new LinkedHashMap<>(PROBES);
		properties.put("llm-proxy.health.readiness", "any-provider");
		this.one.goDown();
		this.two.goDown();
		try (TestServer server = server(properties)) {
			Awaitility.await().until(() -> actuator(server, "health/readiness").status() == 503);
			assertThat(actuator(server, "health/liveness").status()).isEqualTo(200);
			this.two.comeBack();
			Awaitility.await().until(() -> actuator(server, "health/readiness").status() == 200);
			assertThat(status(server, "one")).isEqualTo("DOWN");
		}
	}

	@Test
	void readinessMayDemandThatEveryRouteHasATarget() {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.health.readiness", "all-routes");
		properties.put("llm-proxy.aliases.both", "one/m,two/m");
		properties.put("llm-proxy.aliases.single", "two/m");
		try (TestServer server = server(properties)) {
			assertThat(actuator(server, "health/readiness").status()).isEqualTo(200);
			change(server, "one", "disable");
			assertThat(actuator(server, "health/readiness").status()).isEqualTo(200);
			change(server, "one", "enable");
			change(server, "two", "disable");
			assertThat(actuator(server, "health/readiness").status()).isEqualTo(503);
			change(server, "two", "enable");
			assertThat(actuator(server, "health/readiness").status()).isEqualTo(200);
		}
	}

	private static List<String> told(Logs logs) {
		return logs.from(Level.INFO)
			.stream()
			.filter((line) -> line.contains("be asked for its models"))
			.map((line) -> line.substring(line.indexOf(": ") + 2))
			.toList();
	}

	private static void awaitStatus(TestServer server, String provider, String status) {
		Awaitility.await().until(() -> status(server, provider).equals(status));
	}

	private static String status(TestServer server, String provider) {
		return actuator(server, "llmproviders/" + provider).json().path("status").asString();
	}

	private static String metrics(TestServer server) {
		return actuator(server, "prometheus").text();
	}

	private static RawResponse actuator(TestServer server, String path) {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			return client.get("/actuator/" + path, Map.of());
		}
	}

	private static void change(TestServer server, String provider, String action) {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			assertThat(client
				.post("/actuator/llmproviders/" + provider, Map.of("content-type", "application/json"),
						"{\"action\":\"" + action + "\"}")
				.status()).isEqualTo(200);
		}
	}

	private static int ask(TestServer server, String model) {
		try (RawHttpClient client = server.client()) {
			return client
				.post("/v1/chat/completions", TestServer.headers(),
						"{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
				.status();
		}
	}

	private TestServer server(Map<String, String> more) {
		Map<String, String> properties = new LinkedHashMap<>();
		provider(properties, "one", this.one);
		provider(properties, "two", this.two);
		properties.put("logging.level.dev.llmproxy", "info");
		properties.put("management.endpoints.web.exposure.include", "health,prometheus,llmproviders");
		properties.put("management.endpoint.health.show-components", "always");
		properties.put("management.endpoint.health.show-details", "always");
		properties.putAll(more);
		return TestServer.start(properties);
	}

	private static void provider(Map<String, String> properties, String name, ScriptedUpstream upstream) {
		String prefix = "llm-proxy.providers." + name + ".";
		properties.put(prefix + "type", "openai-compatible");
		properties.put(prefix + "base-url", upstream.url() + "/v1");
		properties.put(prefix + "api-key", KEY);
	}

}
