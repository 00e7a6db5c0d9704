package dev.llmproxy.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.OtlpReceiver;
import dev.llmproxy.testkit.OtlpSpan;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What has to do with the front: whose trace a call goes on with, and where it ends. */
class TracingTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String SPAN = "b7ad6b7169203331";

	private static OtlpReceiver collector;

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		collector = OtlpReceiver.start();
		upstream = ScriptedUpstream.start();
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("management.opentelemetry.tracing.export.otlp.endpoint", collector.traces().toString());
		properties.put("management.opentelemetry.tracing.export.schedule-delay", "20ms");
		properties.put("management.tracing.sampling.probability", "0");
		properties.put("llm-proxy.providers.own.type", "openai-compatible");
		properties.put("llm-proxy.providers.own.base-url", upstream.url() + "/v1");
		properties.put("llm-proxy.providers.own.propagate-trace", "true");
		server = TestServer.withUpstream(upstream.url(), properties);
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
		collector.close();
	}

	@Test
	void aSampledCallersTraceGoesOn() {
		upstream.enqueue(Script.json(200, "{\"choices\":[]}"));
		call("own/whole", false, "00-" + TRACE + "-" + SPAN + "-01", "rojo=00f067aa0ba902b7");
		OtlpSpan call = span("server", "chat own/whole");
		OtlpSpan attempt = span("client", "chat whole");
		assertThat(call.traceId()).isEqualTo(TRACE);
		assertThat(call.parentId()).isEqualTo(SPAN);
		assertThat(call.state()).isEqualTo("rojo=00f067aa0ba902b7");
		assertThat(attempt.traceId()).isEqualTo(TRACE);
		assertThat(attempt.parentId()).isEqualTo(call.spanId());
		RecordedRequest sent = upstream.takeRequest(PATIENCE);
		assertThat(sent.header("traceparent")).isEqualTo("00-" + TRACE + "-" + attempt.spanId() + "-01");
		assertThat(sent.header("tracestate")).isEqualTo("rojo=00f067aa0ba902b7");
	}

	@Test
	void theCallsSpanEndsWithItsStream() {
		upstream.enqueue(Script.sse(List.of("""
				data: {"id":"c","choices":[{"index":0,"delta":{"content":"word"},"finish_reason":null}]}""",
				"data: [DONE]")));
		call("up/stream", true, "00-" + TRACE + "-" + SPAN + "-01", null);
		OtlpSpan call = span("server", "chat up/stream");
		OtlpSpan attempt = span("client", "chat stream");
		assertThat(call.attributes()).containsEntry("llm.outcome", "succeeded")
			.containsEntry("http.response.status_code", 200L);
		assertThat(call.events("llm.first_token")).hasSize(1);
		assertThat(call.end()).isGreaterThanOrEqualTo(attempt.end());
		RecordedRequest sent = upstream.takeRequest(PATIENCE);
		assertThat(sent.header("traceparent")).isNull();
		assertThat(sent.header("tracestate")).isNull();
	}

	@Test
	void anUnsampledCallHasATraceAndNoSpan() {
		upstream.enqueue(Script.json(200, "{\"choices\":[]}"), Script.json(200, "{\"choices\":[]}"));
		call("own/unsampled", false, "00-" + TRACE + "-" + SPAN + "-00", null);
		assertThat(upstream.takeRequest(PATIENCE).header("traceparent")).isEqualTo("00-" + TRACE + "-" + SPAN + "-00");
		call("own/nobodys", false, "00-" + TRACE + "-" + SPAN + "-0x", "rojo=1");
		RecordedRequest sent = upstream.takeRequest(PATIENCE);
		assertThat(sent.header("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00").doesNotContain(TRACE);
		assertThat(sent.header("tracestate")).isNull();
		// What is exported after these shows that they are not.
		upstream.enqueue(Script.json(200, "{\"choices\":[]}"));
		call("up/after", false, "00-" + TRACE + "-" + SPAN + "-01", null);
		upstream.takeRequest(PATIENCE);
		span("server", "chat up/after");
		assertThat(collector.spans()).noneMatch((span) -> span.name().matches(".*(unsampled|nobodys)"));
	}

	private static void call(String model, boolean stream, String parent, String state) {
		Map<String, String> headers = new LinkedHashMap<>(TestServer.headers());
		headers.put("traceparent", parent);
		if (state != null) {
			headers.put("tracestate", state);
		}
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", headers, "{\"model\":\"" + model + "\",\"stream\":" + stream
					+ ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			client.readBody(PATIENCE);
		}
	}

	private static OtlpSpan span(String kind, String name) {
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> collector.spans()
				.stream()
				.anyMatch((span) -> span.kind().equals(kind) && span.name().equals(name)));
		return collector.spans()
			.stream()
			.filter((span) -> span.kind().equals(kind) && span.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

}
