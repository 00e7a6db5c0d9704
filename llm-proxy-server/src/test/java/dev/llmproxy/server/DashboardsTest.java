package dev.llmproxy.server;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.fake.FakeProvider;
import dev.llmproxy.testkit.fake.Fakes;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The dashboard and the alerts in {@code config/} ask for what the server tells: every
 * metric and every label of their queries is in a scrape.
 */
@Tag("once")
class DashboardsTest {

	private static final Path CONFIG = Path.of("..", "config");

	/** Labels that Prometheus itself adds to what it scrapes. */
	private static final Set<String> SCRAPED = Set.of("job", "instance");

	private static final Pattern SERIES = Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

	private static FakeProvider upstream;

	private static TestServer server;

	private static Map<String, Set<String>> known;

	@BeforeAll
	static void start() {
		upstream = Fakes.openAi();
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.access-log.enabled", "true");
		properties.put("llm-proxy.providers.openai.type", "openai");
		properties.put("llm-proxy.providers.openai.base-url", upstream.url() + "/v1");
		properties.put("llm-proxy.providers.openai.api-key", upstream.apiKey());
		properties.put("llm-proxy.providers.dead.type", "openai-compatible");
		properties.put("llm-proxy.providers.dead.base-url", "http://127.0.0.1:9/v1");
		properties.put("llm-proxy.providers.dead.api-key", "none-0123456789");
		properties.put("llm-proxy.routes.smart.targets[0].model", "dead/m");
		properties.put("llm-proxy.routes.smart.targets[1].model", "openai/gpt-4.1-mini");
		properties.put("llm-proxy.simulator.enabled", "true");
		properties.put("llm-proxy.simulator.first-token-delay", "0ms");
		properties.put("llm-proxy.simulator.tokens-per-second", "0");
		// Nobody waits for a Redis that is not there when the server stops.
		properties.put("logging.level.io.netty.util.concurrent.DefaultPromise.rejectedExecution", "off");
		properties.put("llm-proxy.cache.enabled", "true");
		properties.put("llm-proxy.cache.max-size", "64KB");
		properties.put("llm-proxy.context.strategy", "trim");
		properties.put("llm-proxy.context.max-tokens", "1000");
		properties.put("llm-proxy.limits.store", "redis");
		properties.put("spring.data.redis.url", "redis://127.0.0.1:9");
		properties.put("llm-proxy.limits.rules.few.per", "key");
		properties.put("llm-proxy.limits.rules.few.models", "simulator/few");
		properties.put("llm-proxy.limits.rules.few.requests", "1");
		properties.put("management.endpoints.web.exposure.include", "prometheus");
		server = TestServer.start(properties);
		drive();
		known = new TreeMap<>();
		Awaitility.await().ignoreExceptions().untilAsserted(() -> {
			scrape();
			assertThat(known).containsKeys("gen_ai_client_operation_duration_seconds_count",
					"llm_proxy_limit_fallbacks_total");
		});
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	/**
	 * Streams, fallbacks, errors, hits, refusals, answers that make room, and a trimmed
	 * conversation.
	 */
	private static void drive() {
		for (int i = 0; i < 4; i++) {
			ask("smart", "question " + i % 2, i % 2 == 0, 1);
			ask("simulator/few", "question " + i, false, 1);
			ask("simulator/error-500", "question", false, 1);
			ask("simulator/words-20", "question " + i, true, 1);
		}
		for (int i = 0; i < 30; i++) {
			ask("simulator/words-500", "question " + i, false, 1);
		}
		ask("simulator/instant", "words that are many ".repeat(4), false, 101);
	}

	private static RawResponse ask(String model, String question, boolean stream, int turns) {
		List<String> messages = new ArrayList<>();
		for (int i = 0; i < turns; i++) {
			messages.add("{\"role\":\"" + ((i % 2 == 0) ? "user" : "assistant") + "\",\"content\":\"" + question + i
					+ "\"}");
		}
		try (RawHttpClient client = server.client()) {
			return client.post("/v1/chat/completions", TestServer.headers(),
					"{\"model\":\"" + model + "\",\"temperature\":0,\"stream\":" + stream + ",\"messages\":["
							+ String.join(",", messages) + "]}");
		}
	}

	private static void scrape() {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			Matcher series = SERIES.matcher(client.get("/actuator/prometheus", Map.of()).text());
			while (series.find()) {
				Set<String> labels = known.computeIfAbsent(series.group(1), (name) -> new TreeSet<>());
				if (series.group(2) != null) {
					LABEL.matcher(series.group(2)).results().forEach((label) -> labels.add(label.group(1)));
				}
			}
		}
	}

	@Test
	void theDashboardAsksForWhatThereIs() throws IOException {
		JsonNode dashboard = new JsonMapper().readTree(CONFIG.resolve("grafana/llm-proxy.json").toFile());
		List<String> queries = new ArrayList<>();
		Set<Integer> ids = new TreeSet<>();
		for (JsonNode panel : dashboard.path("panels")) {
			assertThat(ids.add(panel.path("id").asInt())).isTrue();
			for (JsonNode target : panel.path("targets")) {
				assertThat(target.at("/datasource/uid").asString()).isEqualTo("${datasource}");
				queries.add(target.path("expr").asString());
			}
		}
		assertThat(queries).hasSizeGreaterThan(40);
		queries.forEach(DashboardsTest::assertKnown);
		for (JsonNode variable : dashboard.at("/templating/list")) {
			Matcher values = Pattern.compile("label_values\\((.*), (\\w+)\\)")
				.matcher(variable.path("definition").asString());
			if (values.matches()) {
				assertKnown(values.group(1));
				assertKnown("sum by (" + values.group(2) + ") (" + values.group(1) + ")");
			}
		}
		Set<String> variables = new TreeSet<>();
		dashboard.at("/templating/list").forEach((variable) -> variables.add(variable.path("name").asString()));
		assertThat(variables).containsExactly("datasource", "job", "provider", "route");
	}

	@Test
	void thePanelsDoNotOverlap() throws IOException {
		JsonNode dashboard = new JsonMapper().readTree(CONFIG.resolve("grafana/llm-proxy.json").toFile());
		Set<String> taken = new TreeSet<>();
		for (JsonNode panel : dashboard.path("panels")) {
			JsonNode place = panel.path("gridPos");
			for (int x = place.path("x").asInt(); x < place.path("x").asInt() + place.path("w").asInt(); x++) {
				assertThat(x).isLessThan(24);
				for (int y = place.path("y").asInt(); y < place.path("y").asInt() + place.path("h").asInt(); y++) {
					assertThat(taken.add(x + "/" + y)).as(panel.path("title").asString()).isTrue();
				}
			}
		}
	}

	@Test
	@SuppressWarnings("unchecked")
	void theAlertsAskForWhatThereIs() throws IOException {
		Map<String, List<Map<String, Object>>> file;
		try (Reader reader = Files.newBufferedReader(CONFIG.resolve("prometheus/llm-proxy-alerts.yaml"))) {
			file = new Yaml().load(reader);
		}
		List<Map<String, Object>> rules = (List<Map<String, Object>>) file.get("groups").get(0).get("rules");
		Set<String> names = new TreeSet<>();
		for (Map<String, Object> rule : rules) {
			String query = (String) rule.get("expr");
			assertKnown(query);
			assertThat(names.add((String) rule.get("alert"))).isTrue();
			assertThat(((Map<String, String>) rule.get("labels")).get("severity")).isIn("warning", "critical");
			Map<String, String> annotations = (Map<String, String>) rule.get("annotations");
			assertThat(annotations).containsOnlyKeys("summary", "description");
			Pattern.compile("\\$labels\\.(\\w+)")
				.matcher(annotations.toString())
				.results()
				.forEach((label) -> assertThat(PromQl.of(query).groups()).as(query).contains(label.group(1)));
		}
		assertThat(names).contains("LlmProxyErrors", "LlmProxyProviderDown", "LlmProxyBreakerOpen", "LlmProxySlow",
				"LlmProxyMemoryPressure", "LlmProxyLimitsNotShared", "LlmProxyLogDropped", "LlmProxyLedgerDropped");
	}

	@Test
	void namesInQueriesAreFound() {
		PromQl query = PromQl
			.of("histogram_quantile(0.95, sum by (le, llm_route) (rate(a_bucket{job=~\"$job\", b!=\"c d\"}"
					+ "[$__rate_interval]))) / on (e) 2 * count(f == 0) or vector(0) and max(g) by (h)");
		assertThat(query.metrics()).containsOnlyKeys("a_bucket", "f", "g");
		assertThat(query.metrics().get("a_bucket")).containsExactly("job", "b");
		assertThat(query.groups()).containsExactly("le", "llm_route", "e", "h");
	}

	private static void assertKnown(String query) {
		PromQl names = PromQl.of(query);
		assertThat(names.metrics()).as(query).isNotEmpty();
		Set<String> labels = new TreeSet<>(SCRAPED);
		names.metrics().forEach((metric, chosen) -> {
			assertThat(known).as(query).containsKey(metric);
			Set<String> there = known.get(metric);
			assertThat(chosen).as("labels of " + metric)
				.allMatch((label) -> SCRAPED.contains(label) || there.contains(label));
			labels.addAll(there);
		});
		assertThat(labels).as(query).containsAll(names.groups());
		assertThat(query.chars().filter((sign) -> sign == '(').count()).as(query)
			.isEqualTo(query.chars().filter((sign) -> sign == ')').count());
	}

}
