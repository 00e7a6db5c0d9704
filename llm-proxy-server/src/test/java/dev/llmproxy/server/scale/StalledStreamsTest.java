package dev.llmproxy.server.scale;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.llmproxy.server.TestServer;
import dev.llmproxy.server.scale.Crowd.Caller;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two thousand streams of a provider on a heap of 256 MiB, of which a tenth have callers
 * who stop to read: what waits for these is bounded, and the others do not notice.
 */
@Tag("scale")
@Timeout(600)
class StalledStreamsTest {

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private static final int STREAMS = 1800;

	private static final int STALLED = 200;

	private static final int MEGA = 1 << 20;

	@Test
	void theOthersDoNotNotice() throws Exception {
		try (ServerProcess upstream = ServerProcess.start("2g", Map.of("llm-proxy.web.write-timeout", "10m"));
				ServerProcess server = ServerProcess.start("256m",
						Map.of("llm-proxy.web.write-timeout", "10m", "llm-proxy.providers.up.type", "openai-compatible",
								"llm-proxy.providers.up.base-url", "http://127.0.0.1:" + upstream.port() + "/v1",
								"llm-proxy.providers.up.api-key", TestServer.KEY,
								"llm-proxy.providers.up.connection.max", "4000"));
				Crowd crowd = new Crowd(server.port())) {
			List<Caller> warm = crowd.come(500, request("instant+words-30", ""), true);
			await("warm-up", warm, Caller::complete);
			Awaitility.await().atMost(PATIENCE).until(() -> server.used() == 0);
			long baseline = server.liveHeap();

			// Of more megabytes than the system keeps for a reader.
			List<Caller> stalled = crowd.come(STALLED, request("instant+words-20000", ",\"n\":4"), false);
			await("stalled streams", stalled, (caller) -> caller.status() == 200);
			List<Caller> paced = crowd.come(STREAMS, request("tps-5+words-200", ""), true);
			await("paced streams", paced, (caller) -> caller.status() == 200);
			JsonNode open = server.get("/actuator/llmmemory");
			long live = server.liveHeap();
			say("%d paced streams and %d that nobody reads: counted %s; %d of 256 MB of live heap, %d MB before, "
					+ "%d bytes for each; direct %d MB", STREAMS, STALLED, open.path("uses"), live / MEGA,
					baseline / MEGA, (live - baseline) / (STREAMS + STALLED), open.at("/direct/used").asLong() / MEGA);
			assertThat(open.path("pressure").asString()).isEqualTo("NONE");
			assertThat(stalled).noneMatch(Caller::complete);

			await("ends of paced streams", paced, Caller::complete);
			assertThat(stalled).noneMatch(Caller::complete).allMatch((caller) -> caller.failure() == null);
			crowd.resume(stalled);
			await("ends of stalled streams", stalled, Caller::complete);
			Awaitility.await().atMost(PATIENCE).until(() -> server.used() == 0);
			say("all came to their end; counted %d", server.used());
			server.assertWell();
		}
	}

	private static void await(String what, List<Caller> callers, Predicate<Caller> there) {
		Awaitility.await(what)
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(200))
			.until(() -> callers.stream().allMatch(there));
	}

	private static String request(String variant, String more) {
		String body = "{\"model\":\"up/simulator/" + variant + "\",\"stream\":true" + more
				+ ",\"messages\":[{\"role\":\"user\",\"content\":\"Go on\"}]}";
		return "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
				+ TestServer.KEY + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
	}

	private static void say(String format, Object... arguments) {
		System.out.printf("STALLED " + format + "%n", arguments);
	}

}
