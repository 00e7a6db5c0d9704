package dev.llmproxy.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import ch.qos.logback.classic.Level;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.observability.trace.AttemptTracing;
import dev.llmproxy.observability.trace.CallTracing;
import dev.llmproxy.testkit.OtlpReceiver;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A collector that is dead, hangs or is slow: calls go on, and what is lost is counted
 * and told of once.
 */
@Tag("once")
class CollectorFaultsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final int QUEUE = 16;

	@Test
	void callsGoOnWhateverTheCollectorDoes() {
		OtlpReceiver first = OtlpReceiver.start();
		int port = first.port();
		try (ScriptedUpstream upstream = ScriptedUpstream.start().answerWith(Script.json(200, "{\"choices\":[]}"));
				TestServer server = TestServer.withUpstream(upstream.url(), properties(first));
				Logs logs = Logs.capture()) {
			first.hang();
			call(server, 100);
			assertThat(spans(server, "dropped")).isGreaterThan(100);
			first.goOn();
			Awaitility.await()
				.atMost(PATIENCE)
				.untilAsserted(
						() -> assertThat(spans(server, "exported") + spans(server, "failed") + spans(server, "dropped"))
							.isEqualTo(200));
			double failed = spans(server, "failed");
			first.close();
			for (int i = 1; i <= 3; i++) {
				call(server, 1);
				double expected = failed + 2 * i;
				Awaitility.await().atMost(PATIENCE).until(() -> spans(server, "failed") == expected);
			}
			try (OtlpReceiver second = OtlpReceiver.start(port)) {
				second.answerWith(500);
				call(server, 1);
				Awaitility.await().atMost(PATIENCE).until(() -> spans(server, "failed") == failed + 8);
				second.answerWith(200);
				call(server, 1);
				Awaitility.await().atMost(PATIENCE).until(() -> second.spans().size() == 2);
				Awaitility.await().atMost(PATIENCE).until(() -> told(logs, "again").size() >= 1);
				second.hang();
			}
			List<String> all = logs.from(Level.INFO);
			assertThat(told(logs, "can't be exported")).hasSameSizeAs(told(logs, "again")).hasSizeLessThanOrEqualTo(2);
			assertThat(all).noneMatch((line) -> line.contains("io.opentelemetry"));
		}
		finally {
			first.close();
		}
	}

	@Test
	void nothingIsThereUntilACollectorIsNamed() {
		try (TestServer server = TestServer.start(Map.of("llm-proxy.simulator.enabled", "true"))) {
			assertThat(server.context().getBeanNamesForType(CallTracing.class)).isEmpty();
			assertThat(server.context().getBeanNamesForType(AttemptTracing.class)).isEmpty();
			assertThat(server.context().getBeansOfType(LlmFilter.class).values())
				.noneMatch((filter) -> filter.getClass().getName().contains("trace"));
			assertThat(server.context().getBeanDefinitionNames())
				.noneMatch((name) -> name.toLowerCase(Locale.ROOT).matches(".*(otel|opentelemetry|otlp|tracer).*"));
		}
	}

	private static Map<String, String> properties(OtlpReceiver collector) {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("management.opentelemetry.tracing.export.otlp.endpoint", collector.traces().toString());
		properties.put("management.opentelemetry.tracing.export.otlp.timeout", "300ms");
		properties.put("management.opentelemetry.tracing.export.schedule-delay", "20ms");
		properties.put("management.opentelemetry.tracing.export.max-queue-size", String.valueOf(QUEUE));
		properties.put("management.opentelemetry.tracing.export.max-batch-size", String.valueOf(QUEUE));
		properties.put("management.tracing.sampling.probability", "1");
		properties.put("logging.level.dev.llmproxy.observability", "info");
		return properties;
	}

	/** All of them are answered. */
	private static void call(TestServer server, int times) {
		try (RawHttpClient client = server.client()) {
			for (int i = 0; i < times; i++) {
				assertThat(client
					.post("/v1/chat/completions", TestServer.headers(),
							"{\"model\":\"up/m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
					.status()).isEqualTo(200);
			}
		}
	}

	private static double spans(TestServer server, String outcome) {
		return server.context()
			.getBean(MeterRegistry.class)
			.get("llm.proxy.trace.spans")
			.tag("outcome", outcome)
			.functionCounter()
			.count();
	}

	private static List<String> told(Logs logs, String what) {
		return logs.from(Level.INFO).stream().filter((line) -> line.contains("Spans ") && line.contains(what)).toList();
	}

}
