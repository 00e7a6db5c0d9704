package dev.llmproxy.server.scale;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** A million requests, a few per cent of which are left: what lives does not grow. */
@Tag("scale")
@Timeout(1800)
class SoakTest {

	private static final long REQUESTS = Long.getLong("scale.requests", 1_000_000);

	private static final int SAMPLES = 20;

	/** Until everything is compiled, and every buffer and meter is there. */
	private static final int WARM = SAMPLES / 4;

	private static final double MOST_BYTES_PER_REQUEST = 4;

	@Test
	void aMillionRequestsLeaveNothing() throws Exception {
		try (SoakUpstream upstream = new SoakUpstream();
				ServerProcess server = ServerProcess.start("256m", to(upstream));
				SoakCallers callers = new SoakCallers(server.port(), 64, REQUESTS)) {
			long start = System.nanoTime();
			List<long[]> samples = new ArrayList<>();
			for (int i = 1; i <= SAMPLES; i++) {
				long until = REQUESTS * i / SAMPLES;
				Awaitility.await()
					.atMost(Duration.ofMinutes(10))
					.pollInterval(Duration.ofMillis(20))
					.until(() -> callers.done() >= until);
				samples.add(new long[] { callers.done(), server.liveHeap() });
				say("%,10d requests after %3d s: %,d bytes of live heap", callers.done(),
						(System.nanoTime() - start) / 1_000_000_000, samples.get(i - 1)[1]);
			}
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> server.used() == 0);
			double slope = slope(samples.subList(WARM, SAMPLES));
			say("%,d requests, %,d of them left: %.3f bytes of live heap for each; problems %s", callers.done(),
					callers.left(), slope, callers.problems());
			assertThat(callers.problems()).isEmpty();
			assertThat(slope).isLessThan(MOST_BYTES_PER_REQUEST);
			server.assertWell();
		}
	}

	/**
	 * The same with every buffer watched, so that a single one that is not given back is
	 * told of.
	 */
	@Test
	void aMillionRequestsGiveEveryBufferBack() throws Exception {
		try (SoakUpstream upstream = new SoakUpstream();
				ServerProcess server = ServerProcess.start("512m", List.of("-Dio.netty.leakDetection.level=paranoid"),
						paranoid(upstream));
				SoakCallers callers = new SoakCallers(server.port(), 64, REQUESTS)) {
			Awaitility.await()
				.atMost(Duration.ofMinutes(25))
				.pollInterval(Duration.ofMillis(100))
				.until(() -> callers.done() >= REQUESTS);
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> server.used() == 0);
			// What was lost is told of when the next buffer is made after a collection.
			server.liveHeap();
			try (SoakCallers last = new SoakCallers(server.port(), 8, 1000)) {
				Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> last.done() >= 1000);
			}
			say("every buffer watched: %,d requests, %,d of them left; problems %s", callers.done(), callers.left(),
					callers.problems());
			assertThat(callers.problems()).isEmpty();
			server.assertWell();
		}
	}

	private static Map<String, String> to(SoakUpstream upstream) {
		return Map.of("llm-proxy.providers.up.type", "openai-compatible", "llm-proxy.providers.up.base-url",
				"http://127.0.0.1:" + upstream.port() + "/v1", "llm-proxy.providers.up.api-key", "k-0123456789abcdef");
	}

	private static Map<String, String> paranoid(SoakUpstream upstream) {
		Map<String, String> properties = new HashMap<>(to(upstream));
		properties.put("spring.netty.leak-detection", "paranoid");
		return properties;
	}

	/** Of the line with the least squares. */
	private static double slope(List<long[]> points) {
		double meanX = points.stream().mapToLong((point) -> point[0]).average().orElseThrow();
		double meanY = points.stream().mapToLong((point) -> point[1]).average().orElseThrow();
		double covariance = 0;
		double variance = 0;
		for (long[] point : points) {
			covariance += (point[0] - meanX) * (point[1] - meanY);
			variance += (point[0] - meanX) * (point[0] - meanX);
		}
		return covariance / variance;
	}

	private static void say(String format, Object... arguments) {
		System.out.printf("SOAK " + format + "%n", arguments);
	}

}
