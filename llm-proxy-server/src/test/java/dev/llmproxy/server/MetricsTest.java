package dev.llmproxy.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.llmproxy.cache.CacheListener;
import dev.llmproxy.context.ContextListener;
import dev.llmproxy.context.ContextListener.SummaryEvent;
import dev.llmproxy.limit.FailureMode;
import dev.llmproxy.limit.LimitListener;
import dev.llmproxy.testkit.OtlpMetric;
import dev.llmproxy.testkit.OtlpReceiver;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * What {@code src-docs/metrics.md} says is what there is, in Prometheus and by OTLP: all
 * of it, and nothing else, after calls of every kind, with the values that these make.
 */
@Tag("once")
class MetricsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String ANSWER = """
			{"id":"x","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30%s}}""";

	private static final String DETAILS = """
			,"prompt_tokens_details":{"cached_tokens":4,"audio_tokens":3},"completion_tokens_details":{"reasoning_tokens":5,"audio_tokens":2}""";

	private static final String VECTORS = """
			{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,0.2]}],"model":"e","usage":{"prompt_tokens":6,"total_tokens":6}}""";

	private static final String CHUNK = """
			data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"word"},"finish_reason":%s}]}""";

	private static final String USAGE = """
			data: {"id":"c","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}""";

	private static final AtomicInteger FLAKY = new AtomicInteger();

	private static ScriptedUpstream one;

	private static ScriptedUpstream two;

	private static OtlpReceiver collector;

	private static TestServer server;

	private static List<MetricTable.Row> table;

	private static PrometheusText scraped;

	@BeforeAll
	static void start() throws IOException {
		one = ScriptedUpstream.start().answerWith(MetricsTest::answer);
		two = ScriptedUpstream.start().answerWith(MetricsTest::answer);
		collector = OtlpReceiver.start();
		table = MetricTable.read(Files.readString(Path.of("..", "src-docs", "metrics.md")));
		server = TestServer.start(properties());
		drive();
		scraped = settled();
	}

	private static Map<String, String> properties() {
		Map<String, String> properties = new LinkedHashMap<>();
		provider(properties, "one", one);
		provider(properties, "two", two);
		route(properties, "plain", "one/plain");
		properties.put("llm-proxy.access-log.enabled", "true");
		properties.put("llm-proxy.routes.plain.targets[0].prices.input", "1.5");
		properties.put("llm-proxy.routes.plain.targets[0].prices.output", "2");
		route(properties, "streamed", "one/streamed");
		route(properties, "retried", "one/flaky");
		properties.put("llm-proxy.routes.retried.retry.max-retries", "1");
		route(properties, "relieved", "one/down", "two/stand-in");
		route(properties, "hedged", "one/slow", "two/quick");
		properties.put("llm-proxy.routes.hedged.hedging.min-delay", "20ms");
		properties.put("llm-proxy.routes.hedged.hedging.max-delay", "20ms");
		properties.put("llm-proxy.routes.hedged.hedging.max-percent", "100");
		route(properties, "mirrored", "one/mirrored");
		properties.put("llm-proxy.routes.mirrored.mirror.target", "two/shadow");
		route(properties, "limited", "one/limited");
		properties.put("llm-proxy.routes.limited.limits.requests-per-minute", "1");
		route(properties, "broken", "one/broken");
		route(properties, "left", "one/left");
		route(properties, "left-early", "one/silent");
		route(properties, "refused", "one/refused");
		route(properties, "breaking", "one/breaking");
		route(properties, "vectors", "one/vectors");
		route(properties, "narrow", "one/narrow");
		properties.put("llm-proxy.routes.narrow.context.strategy", "trim");
		properties.put("llm-proxy.routes.narrow.context.max-tokens", "200");
		properties.put("llm-proxy.cache.enabled", "true");
		properties.put("llm-proxy.resilience.retry.max-retries", "0");
		properties.put("llm-proxy.resilience.retry.base-delay", "10ms");
		properties.put("llm-proxy.resilience.breaker.failures-in-a-row", "3");
		properties.put("management.otlp.metrics.export.url", collector.metricsUrl().toString());
		properties.put("management.otlp.metrics.export.step", "1s");
		return properties;
	}

	private static void provider(Map<String, String> properties, String name, ScriptedUpstream upstream) {
		String prefix = "llm-proxy.providers." + name + ".";
		properties.put(prefix + "type", "openai-compatible");
		properties.put(prefix + "base-url", upstream.url() + "/v1");
		properties.put(prefix + "api-key", "k-0123456789abcdef");
	}

	private static void route(Map<String, String> properties, String name, String... targets) {
		for (int i = 0; i < targets.length; i++) {
			properties.put("llm-proxy.routes." + name + ".targets[" + i + "].model", targets[i]);
		}
	}

	private static Script answer(RecordedRequest request) {
		return switch (request.json().path("model").asString()) {
			case "streamed", "quick" -> Script.sse(List.of(CHUNK.formatted("null"), CHUNK.formatted("null"),
					CHUNK.formatted("\"stop\""), USAGE, "data: [DONE]"));
			case "flaky" -> (FLAKY.getAndIncrement() == 0) ? failure(503) : whole("");
			case "down" -> failure(502);
			case "breaking" -> failure(500);
			case "refused" -> failure(400);
			case "slow" -> Script.sseHead().stall();
			case "silent" -> Script.script().stall();
			case "left" -> Script.sseHead().event(CHUNK.formatted("null")).event(CHUNK.formatted("null")).stall();
			case "broken" -> Script.sseHead().event(CHUNK.formatted("null")).event(CHUNK.formatted("null")).reset();
			case "details" -> whole(DETAILS);
			case "vectors" -> Script.json(200, VECTORS);
			default -> whole("");
		};
	}

	private static Script failure(int status) {
		return Script.json(status, "{\"error\":{\"message\":\"no\"}}");
	}

	private static Script whole(String details) {
		return Script.json(200, ANSWER.formatted(details));
	}

	/** One call of each kind. */
	private static void drive() {
		assertThat(ask("plain", false).header("llm-proxy-cache")).isEqualTo("miss");
		assertThat(ask("plain", false).header("llm-proxy-cache")).isEqualTo("hit");
		assertThat(ask("streamed", true).status()).isEqualTo(200);
		assertThat(ask("retried", false).status()).isEqualTo(200);
		assertThat(ask("relieved", false).status()).isEqualTo(200);
		assertThat(ask("hedged", true).status()).isEqualTo(200);
		assertThat(ask("mirrored", false).status()).isEqualTo(200);
		assertThat(ask("limited", false).status()).isEqualTo(200);
		assertThat(ask("limited", false, "again").status()).isEqualTo(429);
		assertThat(ask("broken", true).text()).contains("upstream_connection");
		assertThat(ask("refused", false).status()).isEqualTo(400);
		for (int i = 0; i < 3; i++) {
			assertThat(ask("breaking", false).status()).isEqualTo(500);
		}
		assertThat(ask("breaking", false).status()).isEqualTo(503);
		assertThat(ask("one/details", false).status()).isEqualTo(200);
		assertThat(ask("nobody-knows-it", false).status()).isEqualTo(404);
		assertThat(post("/v1/embeddings", "{\"model\":\"vectors\",\"input\":\"some words\"}").status()).isEqualTo(200);
		assertThat(post("/v1/chat/completions", conversation()).header("llm-proxy-context")).startsWith("trimmed");
		leave("left", true);
		leave("left-early", false);
		// What takes a Redis that is down, or a second model; other tests have these.
		server.context().getBean(LimitListener.class).uncounted(FailureMode.LOCAL);
		server.context().getBean(CacheListener.class).sharedFault("timeout");
		server.context().getBean(CacheListener.class).evicted();
		server.context().getBean(ContextListener.class).summary(SummaryEvent.MADE);
	}

	private static RawResponse ask(String model, boolean stream) {
		return ask(model, stream, "hi");
	}

	private static RawResponse ask(String model, boolean stream, String text) {
		return post("/v1/chat/completions", request(model, stream, text));
	}

	private static RawResponse post(String path, String body) {
		try (RawHttpClient client = server.client()) {
			client.sendPost(path, TestServer.headers(), body);
			return client.readResponse(PATIENCE);
		}
	}

	private static String request(String model, boolean stream, String text) {
		return "{\"model\":\"" + model + "\",\"temperature\":0,\"stream\":" + stream
				+ ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
	}

	private static String conversation() {
		String words = "many more words than anybody wants to read ".repeat(5);
		return "{\"model\":\"narrow\",\"messages\":[" + ("{\"role\":\"user\",\"content\":\"" + words
				+ "\"},{\"role\":\"assistant\",\"content\":\"" + words + "\"},")
			.repeat(10) + "{\"role\":\"user\",\"content\":\"And now?\"}]}";
	}

	private static void leave(String model, boolean stream) {
		int before = one.requests().size();
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request(model, stream, "hi"));
			Awaitility.await().until(() -> one.requests().size() > before);
			if (stream) {
				client.readHead(PATIENCE);
				client.readEvent(PATIENCE);
				client.readEvent(PATIENCE);
			}
		}
	}

	private static PrometheusText settled() {
		Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
			PrometheusText now = scrape();
			assertThat(now.sum("llm_proxy_requests_active", Map.of())).isZero();
			assertThat(now.sum("llm_proxy_attempts_total", Map.of("kind", "mirror"))).isEqualTo(1);
			assertThat(now.sum("llm_proxy_attempts_total", Map.of("outcome", "cancelled"))).isEqualTo(3);
		});
		return scrape();
	}

	private static PrometheusText scrape() {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			return PrometheusText.read(client.get("/actuator/prometheus", Map.of()).text());
		}
	}

	@AfterAll
	static void stop() {
		server.close();
		one.close();
		two.close();
		collector.close();
	}

	@Test
	void prometheusHasWhatTheTableSays() {
		assertThat(table).hasSizeGreaterThan(35);
		for (MetricTable.Row row : table) {
			assertThat(scraped.type(row.prometheus())).as(row.prometheus()).isEqualTo(row.type());
			Collection<PrometheusText.Sample> samples = scraped
				.samples(row.type().equals("histogram") ? row.prometheus() + "_bucket" : row.prometheus());
			assertThat(samples).as(row.prometheus()).isNotEmpty().allSatisfy((sample) -> {
				Set<String> labels = new TreeSet<>(sample.labels().keySet());
				labels.remove("le");
				assertThat(labels).as(row.prometheus()).isEqualTo(row.labels());
			});
			assertThat(scraped.bounds(row.prometheus())).as(row.prometheus()).isEqualTo(row.buckets());
		}
	}

	@Test
	void theTableHasWhatPrometheusHas() {
		Set<String> known = table.stream()
			.map(MetricTable.Row::prometheus)
			.collect(Collectors.toCollection(TreeSet::new));
		table.stream()
			.filter((row) -> row.type().equals("histogram"))
			.forEach((row) -> known.add(row.prometheus() + "_max"));
		assertThat(scraped.families()).filteredOn((name) -> name.startsWith("llm_proxy_") || name.startsWith("gen_ai_"))
			.isSubsetOf(known);
	}

	@Test
	void aCollectorHasTheSame() {
		Set<String> expected = table.stream().map(MetricTable.Row::otlp).collect(Collectors.toCollection(TreeSet::new));
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(collector.metrics()).extracting(OtlpMetric::name).containsAll(expected));
		Map<String, OtlpMetric> last = new LinkedHashMap<>();
		collector.metrics().forEach((metric) -> last.put(metric.name(), metric));
		Set<String> known = new TreeSet<>(expected);
		table.stream().filter((row) -> row.type().equals("histogram")).forEach((row) -> known.add(row.otlp() + ".max"));
		assertThat(last.keySet()).filteredOn((name) -> name.startsWith("llm.proxy.") || name.startsWith("gen_ai."))
			.isSubsetOf(known);
		for (MetricTable.Row row : table) {
			OtlpMetric metric = last.get(row.otlp());
			assertThat(metric.unit()).as(row.otlp()).isEqualTo(row.unit());
			assertThat(metric.type()).as(row.otlp()).isEqualTo(row.type().equals("counter") ? "sum" : row.type());
			assertThat(metric.points()).as(row.otlp()).isNotEmpty().allSatisfy((point) -> {
				assertThat(point.attributes().keySet().stream().map((label) -> label.replace('.', '_'))).as(row.otlp())
					.containsExactlyInAnyOrderElementsOf(row.labels());
				assertThat(point.bounds()).as(row.otlp()).isEqualTo(row.buckets());
			});
		}
		assertThat(last.get("llm.proxy.cost").points()).filteredOn((point) -> point.value() > 0)
			.singleElement()
			.satisfies((point) -> assertThat(Math.round(point.value() * 1e9)).isEqualTo(55_000));
		assertThat(last.get("gen_ai.server.request.duration").points())
			.filteredOn((point) -> "streamed".equals(point.attributes().get("llm.route")))
			.singleElement()
			.satisfies((point) -> {
				assertThat(point.count()).isEqualTo(1);
				assertThat(point.sum()).isCloseTo(
						scraped.sum("gen_ai_server_request_duration_seconds_sum", Map.of("llm_route", "streamed")),
						within(1e-6));
			});
	}

	@ParameterizedTest(name = "{0}: {1}")
	@CsvSource(delimiter = '|',
			textBlock = """
					llm_proxy_requests_total | llm_route=plain outcome=succeeded error_type=none | 2
					llm_proxy_requests_total | llm_route=retried outcome=succeeded | 1
					llm_proxy_requests_total | llm_route=relieved outcome=succeeded | 1
					llm_proxy_requests_total | llm_route=hedged outcome=succeeded | 1
					llm_proxy_requests_total | llm_route=limited outcome=succeeded | 1
					llm_proxy_requests_total | llm_route=limited outcome=failed error_type=rate_limit | 1
					llm_proxy_requests_total | llm_route=broken outcome=broken error_type=upstream | 1
					llm_proxy_requests_total | llm_route=refused outcome=failed error_type=invalid_request | 1
					llm_proxy_requests_total | llm_route=breaking outcome=failed error_type=upstream | 3
					llm_proxy_requests_total | llm_route=breaking outcome=failed error_type=overloaded | 1
					llm_proxy_requests_total | llm_route=left outcome=cancelled error_type=cancelled | 1
					llm_proxy_requests_total | llm_route=left-early outcome=cancelled error_type=cancelled | 1
					llm_proxy_requests_total | llm_route=one/details outcome=succeeded | 1
					llm_proxy_requests_total | outcome=failed error_type=not_found | 1
					llm_proxy_requests_total | | 21
					llm_proxy_requests_active | | 0
					llm_proxy_streams_active | | 0
					llm_proxy_request_overhead_seconds_count | llm_route=plain | 2
					llm_proxy_request_overhead_seconds_count | llm_route=left | 1
					llm_proxy_request_overhead_seconds_count | llm_route=left-early | 0
					gen_ai_server_request_duration_seconds_count | | 21
					gen_ai_server_request_duration_seconds_count | gen_ai_request_model=plain gen_ai_provider_name=none | 1
					gen_ai_server_request_duration_seconds_count | gen_ai_request_model=vectors gen_ai_operation_name=embeddings | 1
					gen_ai_server_request_duration_seconds_count | llm_route=none gen_ai_request_model=other error_type=not_found | 1
					gen_ai_server_time_to_first_token_seconds_count | | 2
					gen_ai_server_time_per_output_token_seconds_count | llm_route=streamed | 1
					gen_ai_server_time_per_output_token_seconds_count | llm_route=broken | 0
					llm_proxy_attempts_total | llm_route=plain provider=one kind=first outcome=success | 1
					llm_proxy_attempts_total | llm_route=retried kind=first outcome=overloaded | 1
					llm_proxy_attempts_total | llm_route=retried kind=retry outcome=success | 1
					llm_proxy_attempts_total | llm_route=relieved provider=one kind=first outcome=upstream | 1
					llm_proxy_attempts_total | llm_route=relieved provider=two kind=fallback outcome=success | 1
					llm_proxy_attempts_total | llm_route=hedged provider=one kind=first outcome=cancelled | 1
					llm_proxy_attempts_total | llm_route=hedged provider=two kind=hedge outcome=success | 1
					llm_proxy_attempts_total | llm_route=mirrored provider=two kind=mirror outcome=success | 1
					llm_proxy_attempts_total | llm_route=left outcome=cancelled | 1
					llm_proxy_attempts_total | llm_route=broken outcome=upstream | 1
					llm_proxy_attempts_total | llm_route=breaking | 3
					gen_ai_client_operation_duration_seconds_count | gen_ai_request_model=shadow llm_route=mirrored | 1
					gen_ai_client_operation_duration_seconds_count | gen_ai_request_model=slow error_type=cancelled | 1
					gen_ai_client_operation_time_to_first_chunk_seconds_count | llm_route=streamed | 1
					gen_ai_client_operation_time_to_first_chunk_seconds_count | llm_route=plain | 0
					gen_ai_client_operation_time_per_output_chunk_seconds_count | llm_route=left | 1
					gen_ai_client_token_usage_token_sum | gen_ai_request_model=plain gen_ai_token_type=input | 10
					gen_ai_client_token_usage_token_sum | gen_ai_request_model=plain gen_ai_token_type=output | 20
					gen_ai_client_token_usage_token_sum | gen_ai_request_model=vectors gen_ai_token_type=input | 6
					llm_proxy_usage_estimated_total | llm_route=streamed | 0
					llm_proxy_usage_estimated_total | llm_route=left | 1
					llm_proxy_usage_estimated_total | llm_route=left-early | 1
					llm_proxy_tokens_total | provider=one model=plain llm_route=plain type=input | 10
					llm_proxy_tokens_total | provider=one model=plain llm_route=plain type=output | 20
					llm_proxy_tokens_total | llm_route=streamed type=output | 3
					llm_proxy_tokens_total | llm_route=left type=output | 2
					llm_proxy_tokens_total | model=details type=cache_read | 4
					llm_proxy_tokens_total | model=details type=reasoning | 5
					llm_proxy_tokens_total | model=details type=audio_input | 3
					llm_proxy_tokens_total | model=details type=audio_output | 2
					llm_proxy_cost_usd_total | llm_route=plain estimated=false | 0.000055
					llm_proxy_cost_usd_total | estimated=true | 0
					llm_proxy_cost_unknown_total | llm_route=plain | 0
					llm_proxy_cost_unknown_total | llm_route=mirrored | 2
					llm_proxy_provider_up | provider=one | 1
					llm_proxy_breaker_state | target=one/breaking state=open | 1
					llm_proxy_breaker_state | target=one/breaking state=closed | 0
					llm_proxy_breaker_state | target=two/shadow state=closed | 1
					llm_proxy_breaker_transitions_total | target=one/breaking to=open | 1
					llm_proxy_breaker_transitions_total | | 1
					llm_proxy_bulkhead_limit | target=one/plain | 200
					llm_proxy_bulkhead_calls | | 0
					llm_proxy_upstream_connections | state=active | 0
					llm_proxy_upstream_connections | state=pending | 0
					llm_proxy_limit_decisions_total | outcome=admitted | 1
					llm_proxy_limit_decisions_total | outcome=refused limited=requests | 1
					llm_proxy_cache_requests_total | outcome=hit | 1
					llm_proxy_context_conversations_total | action=trimmed | 1
					llm_proxy_memory_pressure | | 0
					""")
	void countsWhatWasDone(String name, String labels, double value) {
		assertThat(scraped.sum(name, labels(labels))).isCloseTo(value, within(1e-12));
	}

	private static Map<String, String> labels(String labels) {
		Map<String, String> map = new LinkedHashMap<>();
		if (labels != null) {
			for (String label : labels.split(" ")) {
				map.put(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
			}
		}
		return map;
	}

	@Test
	void connectionsStayIdleAndTokensAreSaved() {
		assertThat(scraped.sum("llm_proxy_upstream_connections", Map.of("provider", "one", "state", "idle")))
			.isPositive();
		assertThat(scraped.sum("llm_proxy_context_tokens_saved_tokens_total", Map.of())).isPositive();
		assertThat(scraped.sum("llm_proxy_cache_answers", Map.of())).isPositive();
	}

	@Test
	void timesAreInSeconds() {
		List<String> timers = new ArrayList<>();
		for (MetricTable.Row row : table) {
			if (row.unit().equals("seconds")) {
				timers.add(row.prometheus());
				assertThat(scraped.sum(row.prometheus() + "_sum", Map.of())).as(row.prometheus())
					.isPositive()
					.isLessThan(60);
			}
		}
		assertThat(timers).hasSize(7);
	}

}
