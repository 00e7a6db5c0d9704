package dev.llmproxy.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.llmproxy.testkit.OtlpReceiver;
import dev.llmproxy.testkit.OtlpSpan;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a collector gets of calls that go well and of calls that don't, as the table in
 * {@code src-docs/tracing.md} says, and nothing else. Each call has a model of its own.
 */
@Tag("once")
class TracedCallsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String CANARY = "canary-5d27";

	private static final String NARROW_KEY = "sk-narrow-0123456789abcdef0123456789";

	private static final String WHOLE = """
			{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"fine %s"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}"""
		.formatted(CANARY + "-answer");

	private static final String CHUNK = """
			data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"word"},"finish_reason":%s}]}""";

	private static final String USAGE = """
			data: {"id":"c","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":40},"completion_tokens_details":{"reasoning_tokens":30}}}""";

	private static final String ERROR = """
			{"error":{"message":"%s","type":"server_error","code":"%s"}}""".formatted(CANARY + "-error",
			CANARY + "-code");

	private static final Map<String, Integer> ASKED = new HashMap<>();

	private static OtlpReceiver collector;

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		collector = OtlpReceiver.start();
		upstream = ScriptedUpstream.start().answerWith(TracedCallsTest::answer);
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("management.opentelemetry.tracing.export.otlp.endpoint", collector.traces().toString());
		properties.put("management.opentelemetry.tracing.export.schedule-delay", "20ms");
		properties.put("management.tracing.sampling.probability", "1");
		properties.put("llm-proxy.providers.up.headers.x-private", CANARY + "-configured");
		properties.put("llm-proxy.access.keys[1].id", "narrow");
		properties.put("llm-proxy.access.keys[1].key", NARROW_KEY);
		properties.put("llm-proxy.access.keys[1].models[0]", "priced");
		properties.put("llm-proxy.cache.enabled", "true");
		properties.put("llm-proxy.resilience.breaker.enabled", "false");
		properties.put("llm-proxy.routes.priced.targets[0].model", "up/priced-1");
		properties.put("llm-proxy.routes.priced.targets[0].prices.input", "2");
		properties.put("llm-proxy.routes.priced.targets[0].prices.output", "8");
		properties.put("llm-proxy.routes.retried.targets[0].model", "up/retried-1");
		properties.put("llm-proxy.routes.retried.retry.base-delay", "1ms");
		properties.put("llm-proxy.routes.fallen.targets[0].model", "up/failing-fallen");
		properties.put("llm-proxy.routes.fallen.fallbacks[0]", "up/fallback");
		properties.put("llm-proxy.routes.hedged.targets[0].model", "up/slow");
		properties.put("llm-proxy.routes.hedged.targets[1].model", "up/quick");
		properties.put("llm-proxy.routes.hedged.hedging.min-delay", "1ms");
		properties.put("llm-proxy.routes.hedged.hedging.max-delay", "50ms");
		properties.put("llm-proxy.routes.hedged.hedging.max-percent", "100");
		properties.put("llm-proxy.routes.mirrored.targets[0].model", "up/real");
		properties.put("llm-proxy.routes.mirrored.mirror.target", "up/shadow");
		properties.put("llm-proxy.routes.mirrored.mirror.percent", "100");
		server = TestServer.withUpstream(upstream.url(), properties);
	}

	@AfterAll
	static void everySpanIsAsDocumented() throws IOException {
		server.close();
		upstream.close();
		collector.close();
		Documented documented = Documented.read(Path.of("..", "src-docs", "tracing.md"));
		assertThat(collector.spans()).isNotEmpty().allSatisfy(documented::check);
		documented.checkAllSeen();
		assertThat(collector.spans()).allSatisfy((span) -> assertThat(
				span.name() + span.attributes() + span.events() + span.message() + span.state() + span.resource())
			.doesNotContain(CANARY, TestServer.KEY, TestServer.UPSTREAM_KEY));
		assertThat(collector.bodies()).noneMatch((body) -> body.contains(CANARY) || body.contains(TestServer.KEY)
				|| body.contains(TestServer.UPSTREAM_KEY));
	}

	private static synchronized Script answer(RecordedRequest request) {
		String model = request.json().path("model").asString("");
		int times = ASKED.merge(model, 1, Integer::sum);
		return switch (model) {
			case "streamed" ->
				Script.sse(List.of(CHUNK.formatted("null"), CHUNK.formatted("\"stop\""), USAGE, "data: [DONE]"));
			case "left" -> Script.sseHead().event(CHUNK.formatted("null")).stall();
			case "broken" -> Script.sseHead().event(CHUNK.formatted("null")).reset();
			case "wrong" -> Script.json(200, WHOLE.replace("\"total_tokens\":30", "\"total_tokens\":3"));
			case "slow" -> Script.script().stall();
			case "retried-1" -> Script.json((times == 1) ? 503 : 200, (times == 1) ? ERROR : WHOLE);
			case "refused" -> Script.json(400, ERROR);
			default -> model.startsWith("failing") ? Script.json(500, ERROR) : Script.json(200, WHOLE);
		};
	}

	@Test
	void aCallThatSucceeds() {
		call("priced", false, Map.of("llm-proxy-session", "session-1"));
		List<OtlpSpan> trace = trace("chat priced", 2);
		OtlpSpan call = trace.get(0);
		OtlpSpan attempt = trace.get(1);
		assertThat(call.root()).isTrue();
		assertThat(call.kind()).isEqualTo("server");
		assertThat(call.scope()).isEqualTo("dev.llmproxy");
		assertThat(call.resource()).containsEntry("service.name", "llm-proxy");
		assertThat(call.status()).isEqualTo("unset");
		assertThat(call.events()).isEmpty();
		assertThat(call.attributes()).containsAllEntriesOf(Map.ofEntries(Map.entry("gen_ai.operation.name", "chat"),
				Map.entry("gen_ai.request.model", "priced"), Map.entry("gen_ai.conversation.id", "session-1"),
				Map.entry("gen_ai.usage.input_tokens", 10L), Map.entry("gen_ai.usage.output_tokens", 20L),
				Map.entry("gen_ai.response.finish_reasons", List.of("stop")),
				Map.entry("http.response.status_code", 200L), Map.entry("llm.caller", "test"),
				Map.entry("llm.dialect", "openai"), Map.entry("llm.stream", false), Map.entry("llm.route", "priced"),
				Map.entry("llm.attempts", 1L), Map.entry("llm.outcome", "succeeded"),
				Map.entry("llm.cost.nano_usd", 180_000L)));
		assertThat(attempt.parentId()).isEqualTo(call.spanId());
		assertThat(attempt.name()).isEqualTo("chat priced-1");
		assertThat(attempt.kind()).isEqualTo("client");
		assertThat(attempt.status()).isEqualTo("unset");
		assertThat(attempt.start()).isGreaterThanOrEqualTo(call.start());
		assertThat(attempt.end()).isLessThanOrEqualTo(call.end());
		assertThat(attempt.attributes()).isEqualTo(
				Map.ofEntries(Map.entry("gen_ai.operation.name", "chat"), Map.entry("gen_ai.provider.name", "openai"),
						Map.entry("gen_ai.request.model", "priced-1"), Map.entry("gen_ai.conversation.id", "session-1"),
						Map.entry("gen_ai.usage.input_tokens", 10L), Map.entry("gen_ai.usage.output_tokens", 20L),
						Map.entry("gen_ai.response.finish_reasons", List.of("stop")),
						Map.entry("http.response.status_code", 200L), Map.entry("server.address", "127.0.0.1"),
						Map.entry("server.port", (long) upstream.port()), Map.entry("llm.stream", false),
						Map.entry("llm.route", "priced"), Map.entry("llm.provider", "up"),
						Map.entry("llm.target", "up/priced-1"), Map.entry("llm.attempt.number", 1L),
						Map.entry("llm.attempt.kind", "first"), Map.entry("llm.outcome", "succeeded"),
						Map.entry("llm.cost.nano_usd", 180_000L)));
	}

	@Test
	void aStream() {
		call("up/streamed", true, Map.of());
		List<OtlpSpan> trace = trace("chat up/streamed", 2);
		assertThat(trace).allSatisfy((span) -> {
			assertThat(span.events("llm.first_token")).hasSize(1);
			assertThat(span.events("llm.first_token").get(0).time()).isBetween(span.start(), span.end());
			assertThat(span.attributes()).containsEntry("llm.stream", true)
				.containsEntry("gen_ai.usage.input_tokens", 100L)
				.containsEntry("gen_ai.usage.output_tokens", 50L)
				.containsEntry("gen_ai.usage.cache_read.input_tokens", 40L)
				.containsEntry("gen_ai.usage.reasoning.output_tokens", 30L)
				.doesNotContainKey("llm.cost.nano_usd");
		});
	}

	@Test
	void tokensThatAreAnEstimate() {
		call("up/wrong", false, Map.of());
		assertThat(trace("chat up/wrong", 2))
			.allSatisfy((span) -> assertThat(span.attributes()).containsEntry("llm.usage.estimated", true));
	}

	@Test
	void aRetry() {
		call("retried", false, Map.of());
		List<OtlpSpan> trace = trace("chat retried", 3);
		assertThat(trace.get(0).attributes()).containsEntry("llm.attempts", 2L)
			.containsEntry("llm.outcome", "succeeded")
			.doesNotContainKey("error.type");
		assertThat(trace.get(0).events("llm.retry")).singleElement()
			.satisfies((event) -> assertThat(event.attributes())
				.isEqualTo(Map.of("llm.attempt.number", 2L, "llm.target", "up/retried-1", "error.type", "overloaded")));
		assertThat(trace.get(1).attributes()).containsEntry("llm.attempt.number", 1L)
			.containsEntry("llm.attempt.kind", "first")
			.containsEntry("llm.outcome", "failed")
			.containsEntry("error.type", "overloaded")
			.containsEntry("http.response.status_code", 503L)
			.doesNotContainKey("gen_ai.usage.input_tokens");
		assertThat(trace.get(1).status()).isEqualTo("error");
		assertThat(trace.get(2).attributes()).containsEntry("llm.attempt.number", 2L)
			.containsEntry("llm.attempt.kind", "retry")
			.containsEntry("llm.outcome", "succeeded");
		assertThat(trace.get(2).start()).isGreaterThanOrEqualTo(trace.get(1).end());
	}

	@Test
	void aFallback() {
		call("fallen", false, Map.of());
		List<OtlpSpan> trace = trace("chat fallen", 3);
		assertThat(trace.get(0).events("llm.fallback")).singleElement()
			.satisfies((event) -> assertThat(event.attributes())
				.isEqualTo(Map.of("llm.attempt.number", 2L, "llm.target", "up/fallback", "error.type", "upstream")));
		assertThat(trace.get(1).attributes()).containsEntry("error.type", "upstream")
			.containsEntry("http.response.status_code", 500L);
		assertThat(trace.get(2).attributes()).containsEntry("llm.attempt.kind", "fallback")
			.containsEntry("gen_ai.request.model", "fallback");
	}

	@Test
	void aHedge() {
		call("hedged", false, Map.of());
		List<OtlpSpan> trace = trace("chat hedged", 3);
		assertThat(trace.get(0).events("llm.hedge")).singleElement()
			.satisfies((event) -> assertThat(event.attributes())
				.isEqualTo(Map.of("llm.attempt.number", 2L, "llm.target", "up/quick")));
		assertThat(trace.get(1).attributes()).containsEntry("llm.outcome", "cancelled");
		assertThat(trace.get(2).attributes()).containsEntry("llm.outcome", "succeeded")
			.containsEntry("llm.attempt.kind", "hedge");
	}

	@Test
	void aMirroredCopy() {
		call("mirrored", false, Map.of());
		List<OtlpSpan> trace = trace("chat mirrored", 3);
		assertThat(trace.subList(1, 3))
			.allSatisfy((span) -> assertThat(span.parentId()).isEqualTo(trace.get(0).spanId()))
			.extracting((span) -> span.attributes().get("llm.attempt.kind"))
			.containsExactlyInAnyOrder("first", "mirror");
		assertThat(trace.get(0).attributes()).containsEntry("llm.attempts", 1L);
	}

	@Test
	void anAnswerFromTheCache() {
		String body = request("up/kept", false).replace("{\"model\"", "{\"temperature\":0,\"model\"");
		post(body, Map.of());
		trace("chat up/kept", 2);
		post(body, Map.of());
		Awaitility.await().atMost(PATIENCE).until(() -> named("chat up/kept").size() == 2);
		OtlpSpan hit = named("chat up/kept").get(1);
		assertThat(collector.spans()).filteredOn((span) -> span.traceId().equals(hit.traceId())).hasSize(1);
		assertThat(hit.attributes()).containsEntry("llm.cache", "hit")
			.containsEntry("llm.attempts", 0L)
			.containsEntry("llm.outcome", "succeeded")
			.doesNotContainKey("llm.cost.nano_usd");
	}

	@Test
	void aCallerWhoLeaves() {
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request("up/left", true));
			client.readHead(PATIENCE);
			client.readEvent(PATIENCE);
		}
		assertThat(trace("chat up/left", 2)).allSatisfy((span) -> {
			assertThat(span.attributes()).containsEntry("llm.outcome", "cancelled").doesNotContainKey("error.type");
			assertThat(span.status()).isEqualTo("unset");
		});
		assertThat(trace("chat up/left", 2).get(1).attributes()).containsEntry("llm.usage.estimated", true)
			.containsEntry("gen_ai.usage.output_tokens", 1L);
	}

	@Test
	void aStreamThatBreaksOff() {
		call("up/broken", true, Map.of());
		assertThat(trace("chat up/broken", 2)).allSatisfy((span) -> {
			assertThat(span.attributes()).containsEntry("llm.outcome", "broken").containsKey("error.type");
			assertThat(span.status()).isEqualTo("error");
			assertThat(span.message()).isEmpty();
		});
	}

	@Test
	void failures() {
		call("up/refused", false, Map.of());
		List<OtlpSpan> trace = trace("chat up/refused", 2);
		assertThat(trace.get(0).status()).isEqualTo("unset");
		assertThat(trace.get(0).attributes()).containsEntry("error.type", "invalid_request")
			.containsEntry("http.response.status_code", 400L)
			.containsEntry("llm.outcome", "failed");
		assertThat(trace.get(1).status()).isEqualTo("error");
		call("forbidden", false, Map.of("authorization", "Bearer " + NARROW_KEY));
		assertThat(trace("chat forbidden", 1).get(0).attributes()).containsEntry("error.type", "permission")
			.containsEntry("http.response.status_code", 403L)
			.containsEntry("llm.caller", "narrow")
			.containsEntry("llm.attempts", 0L)
			.doesNotContainKeys("llm.route");
		call("up/failing-always", false, Map.of());
		OtlpSpan failed = trace("chat up/failing-always", -1).get(0);
		assertThat(failed.status()).isEqualTo("error");
		assertThat(failed.message()).isEmpty();
		assertThat(failed.attributes()).containsEntry("error.type", "upstream");
	}

	@Test
	void plantedSecretsAreInNoSpan() {
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = 0; i < 10; i++) {
			headers.put("x-secret-" + i, CANARY + "-header-" + i);
		}
		headers.put("cookie", "session=" + CANARY + "-cookie");
		headers.put("user-agent", CANARY + "-agent");
		headers.put("baggage", "secret=" + CANARY + "-baggage");
		headers.put("x-request-secret", CANARY + "-more");
		call("up/planted", false, headers);
		call("up/planted", true, headers);
		post(request("up/planted", false), Map.of("authorization", "Bearer " + CANARY + "-key"));
		Awaitility.await().atMost(PATIENCE).until(() -> named("chat up/planted").size() == 2);
	}

	private static void call(String model, boolean stream, Map<String, String> more) {
		post(request(model, stream), more);
	}

	private static void post(String body, Map<String, String> more) {
		Map<String, String> headers = new LinkedHashMap<>(TestServer.headers());
		headers.putAll(more);
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", headers, body);
			client.readHead(PATIENCE);
			client.readBody(PATIENCE);
		}
	}

	private static String request(String model, boolean stream) {
		return "{\"model\":\"" + model + "\",\"stream\":" + stream + ",\"stream_options\":{\"include_usage\":" + stream
				+ "},\"user\":\"" + CANARY + "-user\",\"messages\":[{\"role\":\"system\",\"content\":\"" + CANARY
				+ "-system\"},{\"role\":\"user\",\"content\":\"" + CANARY + "-prompt\"}]}";
	}

	private static List<OtlpSpan> named(String name) {
		return collector.spans().stream().filter((span) -> span.name().equals(name)).toList();
	}

	/**
	 * The spans of a call, its own first and then those of its attempts.
	 * @param count how many there are; negative for any number
	 */
	private static List<OtlpSpan> trace(String name, int count) {
		Awaitility.await().atMost(PATIENCE).until(() -> !named(name).isEmpty());
		String trace = named(name).get(0).traceId();
		if (count >= 0) {
			Awaitility.await().atMost(PATIENCE).until(() -> of(trace).size() >= count);
			assertThat(of(trace)).hasSize(count);
		}
		return of(trace);
	}

	private static List<OtlpSpan> of(String trace) {
		return collector.spans()
			.stream()
			.filter((span) -> span.traceId().equals(trace))
			.sorted(Comparator.comparing((OtlpSpan span) -> !span.kind().equals("server"))
				.thenComparing(OtlpSpan::start))
			.toList();
	}

	/** What the page says there is. */
	private static final class Documented {

		/** Are not to be seen here: none of these calls has them. */
		private static final Set<String> ELSEWHERE = Set.of("gen_ai.response.model",
				"gen_ai.usage.cache_creation.input_tokens", "gen_ai.input.messages", "gen_ai.output.messages",
				"llm.context");

		private final Map<String, Map<String, String[]>> attributes = new HashMap<>();

		private final Map<String, Set<String>> events = new HashMap<>();

		private final Map<String, Set<String>> seen = new TreeMap<>();

		static Documented read(Path page) throws IOException {
			Documented documented = new Documented();
			for (String line : Files.readAllLines(page)) {
				String[] cells = Stream.of(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
				if (cells.length == 8 && cells[1].startsWith("`")) {
					IntStream.of(2, 3)
						.filter((i) -> cells[i].equals("yes"))
						.forEach((i) -> documented.attributes.computeIfAbsent(kind(i), (kind) -> new TreeMap<>())
							.put(cells[1].replace("`", ""), cells));
				}
				if (cells.length == 7 && cells[1].startsWith("`llm.")) {
					IntStream.of(2, 3)
						.filter((i) -> cells[i].equals("yes"))
						.forEach((i) -> documented.events.computeIfAbsent(kind(i), (kind) -> new TreeSet<>())
							.add(cells[1].replace("`", "")));
				}
			}
			return documented;
		}

		private static String kind(int column) {
			return (column == 2) ? "server" : "client";
		}

		void check(OtlpSpan span) {
			Map<String, String[]> known = this.attributes.getOrDefault(span.kind(), Map.of());
			assertThat(known.keySet()).as(span.name()).containsAll(span.attributes().keySet());
			known.forEach((name, cells) -> {
				Object value = span.attributes().get(name);
				if (value == null) {
					assertThat(cells[6]).as("%s of %s", name, span).isNotEmpty();
				}
				else {
					assertThat(value).as(name).isInstanceOf(type(cells[4]));
				}
			});
			span.events().forEach((event) -> assertThat(this.events.get(span.kind())).contains(event.name()));
			this.seen.computeIfAbsent(span.kind(), (kind) -> new TreeSet<>()).addAll(span.attributes().keySet());
			span.events().forEach((event) -> this.seen.get(span.kind()).add(event.name()));
		}

		private static Class<?> type(String name) {
			return switch (name) {
				case "text" -> String.class;
				case "texts" -> List.class;
				case "number" -> Long.class;
				case "truth" -> Boolean.class;
				default -> throw new AssertionError("No type: " + name);
			};
		}

		void checkAllSeen() {
			for (String kind : List.of("server", "client")) {
				Set<String> expected = new HashSet<>(this.attributes.get(kind).keySet());
				expected.addAll(this.events.get(kind));
				expected.removeAll(ELSEWHERE);
				assertThat(this.seen.get(kind)).as(kind).containsAll(expected);
			}
		}

	}

}
