package dev.llmproxy.server;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fault 58, and what is settled in faults 36 to 38: calls are counted with the tokens the
 * provider told, or with an estimate that is flagged, exactly once. Each test has a model
 * of its own, whose meters nobody else writes.
 */
class UsageSettlementTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String CHUNK = """
			data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"word"},"finish_reason":%s}]}""";

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start();
		server = TestServer.withUpstream(upstream.url(), Map.of());
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					absent        | {"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}]}
					negative      | {"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],"usage":{"prompt_tokens":-4,"completion_tokens":-1}}
					""")
	void fault58_usageThatAWholeAnswerTellsNotOrWrongly(String name, String answer) {
		upstream.enqueue(Script.json(200, answer.formatted("some words ".repeat(100))));
		call("whole-" + name, false);
		assertEstimated("whole-" + name, 1);
		assertThat(tokens("whole-" + name, "input")).isPositive();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					absent    |
					zero      | data: {"id":"c","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":0}}
					parts     | data: {"id":"c","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"completion_tokens_details":{"reasoning_tokens":70}}}
					""")
	void fault58_usageThatAStreamTellsNotOrWrongly(String name, String usage) {
		Script script = Script.sse(events(CHUNK.formatted("null"), CHUNK.formatted("null"), CHUNK.formatted("null"),
				CHUNK.formatted("\"stop\""), usage, "data: [DONE]"));
		upstream.enqueue(script);
		call("stream-" + name, true);
		assertEstimated("stream-" + name, 1);
		assertThat(tokens("stream-" + name, "output")).isEqualTo(4);
	}

	@Test
	void whatTheProviderTellsIsNoEstimate() {
		upstream.enqueue(Script.sse(events(CHUNK.formatted("\"stop\""),
				"data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":70}}",
				"data: [DONE]")));
		call("told", true);
		assertEstimated("told", 0);
		assertThat(tokens("told", "input")).isEqualTo(9);
		assertThat(tokens("told", "output")).isEqualTo(70);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fault36_fault38_aCallerWhoLeavesBeforeTheAnswerIsChargedForThePrompt(boolean stream) {
		String model = "left-before-" + stream;
		upstream.enqueue(Script.script().stall());
		int before = upstream.requests().size();
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request(model, stream));
			Awaitility.await().until(() -> upstream.requests().size() > before);
		}
		assertEstimated(model, 1);
		assertThat(tokens(model, "input")).isPositive();
		assertThat(tokens(model, "output")).isZero();
	}

	@Test
	void fault37_aCallerWhoLeavesMidStreamIsChargedForWhatCame() {
		upstream.enqueue(Script.sseHead().event(CHUNK.formatted("null")).event(CHUNK.formatted("null")).stall());
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request("left-amid", true));
			client.readHead(PATIENCE);
			client.readEvent(PATIENCE);
			client.readEvent(PATIENCE);
		}
		assertEstimated("left-amid", 1);
		assertThat(tokens("left-amid", "output")).isEqualTo(2);
	}

	private static List<String> events(String... events) {
		return Arrays.stream(events).filter((event) -> event != null).toList();
	}

	private static void call(String model, boolean stream) {
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request(model, stream));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			client.readBody(PATIENCE);
		}
	}

	private static String request(String model, boolean stream) {
		return "{\"model\":\"up/" + model + "\",\"stream\":" + stream
				+ ",\"messages\":[{\"role\":\"user\",\"content\":\"What is the answer to everything?\"}]}";
	}

	private static void assertEstimated(String model, int times) {
		Awaitility.await().untilAsserted(() -> {
			DistributionSummary input = meters().find("gen_ai.client.token.usage")
				.tags("gen_ai.request.model", model, "gen_ai.token.type", "input")
				.summaries()
				.stream()
				.filter((summary) -> summary.count() > 0)
				.findFirst()
				.orElse(null);
			assertThat(input).isNotNull();
			assertThat(input.count()).isEqualTo(1);
			assertThat(meters().find("llm.proxy.usage.estimated")
				.tags("gen_ai.request.model", model)
				.counters()
				.stream()
				.mapToDouble(Counter::count)
				.sum()).isEqualTo(times);
		});
	}

	private static double tokens(String model, String type) {
		return meters().find("gen_ai.client.token.usage")
			.tags("gen_ai.request.model", model, "gen_ai.token.type", type)
			.summaries()
			.stream()
			.mapToDouble(DistributionSummary::totalAmount)
			.sum();
	}

	private static MeterRegistry meters() {
		return server.context().getBean(MeterRegistry.class);
	}

}
