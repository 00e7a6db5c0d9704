package dev.llmproxy.server.scale;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.llmproxy.server.TestServer;
import dev.llmproxy.server.scale.Crowd.Caller;
import dev.llmproxy.testkit.RawHttpClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fault 77 at its size: 10,000 slow streams on a heap of 1 GiB, and more calls than fit.
 */
@Tag("scale")
@Timeout(900)
class SlowStreamsTest {

	private static final Duration PATIENCE = Duration.ofMinutes(5);

	private static final int STREAMS = Integer.getInteger("scale.streams", 10_000);

	/** Of more megabytes than the system keeps for a reader. */
	private static final int STALLED = STREAMS / 500;

	/** Of 200 kB, which is twice as many as there is room for. */
	private static final int LARGE = STREAMS * 3 / 20;

	private static final int MEGA = 1 << 20;

	@Test
	void newCallsAreRefusedStreamsSurviveAndMemoryReturns() throws Exception {
		try (ServerProcess server = ServerProcess.start("1g", Map.of("llm-proxy.web.write-timeout", "10m"));
				Crowd crowd = new Crowd(server.port())) {
			List<Caller> warm = crowd.come(500, request("simulator/instant+words-30", 100), true);
			await("warm-up", warm, Caller::complete);
			crowd.resume(warm);
			Awaitility.await().atMost(PATIENCE).until(() -> server.used() == 0);
			long baseline = server.liveHeap();
			say("baseline: %d MB of live heap", baseline / MEGA);

			List<Caller> slow = crowd.come(STREAMS, request("simulator/delay-100ms+tps-0.5+words-45", 300), true);
			await("slow streams", slow, (caller) -> caller.status() != 0);
			assertThat(count(slow, (caller) -> caller.status() == 200)).isEqualTo(STREAMS);
			List<Caller> stalled = crowd.come(STALLED,
					request("simulator/instant+words-5000\",\"n\":4,\"user\":\"u", 300), false);
			await("stalled streams", stalled, (caller) -> caller.status() != 0);
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> server.get("/actuator/llmmemory").at("/uses/STREAM").asLong() > 0);
			JsonNode open = server.get("/actuator/llmmemory");
			long live = server.liveHeap();
			say("%d streams open, %d of them not read: counted %s; %d MB of live heap, %d bytes for each",
					STREAMS + STALLED, STALLED, open.path("uses"), live / MEGA,
					(live - baseline) / (STREAMS + STALLED));

			List<Caller> large = crowd.come(LARGE, request("simulator/delay-100ms+tps-0.5+words-20", 200_000), true);
			await("large calls", large, (caller) -> caller.status() != 0 || caller.failure() != null);
			long admitted = count(large, (caller) -> caller.status() == 200);
			long refused = count(large, (caller) -> caller.status() == 503 && caller.retryAfter());
			JsonNode full = server.get("/actuator/llmmemory");
			say("%d calls of 200 kB: %d admitted, %d refused; counted %s, pressure %s, heap %d of %d MB, direct %d MB",
					LARGE, admitted, refused, full.path("uses"), full.path("pressure").asString(),
					full.at("/heap/used").asLong() / MEGA, full.at("/heap/max").asLong() / MEGA,
					full.at("/direct/used").asLong() / MEGA);
			assertThat(admitted).isPositive();
			assertThat(refused).isPositive();
			assertThat(admitted + refused).isEqualTo(LARGE);
			assertThat(full.path("refused").asLong()).isEqualTo(refused);
			assertThat(server.get("/actuator/health").path("status").asString()).isEqualTo("UP");
			try (RawHttpClient client = RawHttpClient.connect(server.port())) {
				assertThat(client.get("/v1/models", TestServer.headers()).status()).isEqualTo(200);
			}

			crowd.resume(stalled);
			await("ends of slow streams", slow, Caller::complete);
			await("ends of stalled streams", stalled, Caller::complete);
			await("ends of large calls", large, (caller) -> caller.complete() || caller.status() == 503);
			Awaitility.await().atMost(PATIENCE).until(() -> server.used() == 0);
			crowd.leave();
			long after = server.liveHeap();
			say("all left: counted %d; %d MB of live heap, %+d kB against the baseline", server.used(), after / MEGA,
					(after - baseline) / 1024);
			assertThat(server.get("/actuator/llmmemory").path("pressure").asString()).isEqualTo("NONE");
			assertThat(after - baseline).isLessThan(20 * MEGA);
			server.assertWell();
		}
	}

	private static long count(List<Caller> callers, Predicate<Caller> which) {
		return callers.stream().filter(which).count();
	}

	private static void await(String what, List<Caller> callers, Predicate<Caller> there) {
		Awaitility.await(what)
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(200))
			.until(() -> callers.stream().allMatch(there));
	}

	private static String request(String model, int padding) {
		String body = "{\"model\":\"" + model + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
				+ "word ".repeat(padding / 5) + "\"}]}";
		return "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
				+ TestServer.KEY + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
	}

	private static void say(String format, Object... arguments) {
		System.out.printf("SCALE " + format + "%n", arguments);
	}

}
