package dev.llmproxy.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import dev.llmproxy.testkit.SseEvent;
import dev.llmproxy.web.HotLane;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is peculiar to the lane before WebFlux; everything that both have in common is in
 * the other tests, which run with the lane and without.
 */
class HotLaneTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String CHUNK = """
			data: {"id":"c","choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":%s}]}""";

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start();
		server = lane(Map.of());
	}

	private static TestServer lane(Map<String, String> more) {
		Map<String, String> properties = new LinkedHashMap<>(more);
		properties.put("llm-proxy.server.hot-lane", "true");
		return TestServer.withUpstream(upstream.url(), properties);
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	@Test
	void pipelinedRequestsAreAnsweredInTheirOrderWhoeverServesThem() {
		upstream.answerWith((request) -> Script.json(200,
				"{\"id\":\"" + request.json().path("user").asString() + "\",\"choices\":[]}"));
		StringBuilder requests = new StringBuilder();
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			switch (i % 3) {
				case 0, 1 -> {
					requests.append(post("n" + i));
					expected.add("\"n" + i + "\"");
				}
				default -> {
					requests.append("GET /v1/models/none HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestServer.KEY
							+ "\r\n\r\n");
					expected.add("model_not_found");
				}
			}
		}
		try (RawHttpClient client = server.client()) {
			client.send(requests.toString());
			for (String one : expected) {
				assertThat(client.readResponse(PATIENCE).text()).contains(one);
			}
		}
	}

	private static String post(String user) {
		String body = "{\"model\":\"up/m\",\"user\":\"" + user
				+ "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
		return "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
				+ TestServer.KEY + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
	}

	@Test
	void aBodyMayComeInChunksByteByByte() {
		upstream.answerWith(Script.json(200, "{\"id\":\"x\",\"choices\":[]}"));
		String body = "{\"model\":\"up/m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
		StringBuilder request = new StringBuilder("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
				+ "Content-Type: application/json\r\nAuthorization: Bearer " + TestServer.KEY
				+ "\r\nTransfer-Encoding: chunked\r\n\r\n");
		for (char c : body.toCharArray()) {
			request.append("1\r\n").append(c).append("\r\n");
		}
		try (RawHttpClient client = server.client()) {
			client.send(request.append("0\r\n\r\n").toString());
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(200);
			client.send(post("again"));
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(200);
		}
	}

	@Test
	void aConnectionEndsWhereItsCallerAsksForIt() {
		upstream.answerWith(Script.json(200, "{\"id\":\"x\",\"choices\":[]}"));
		try (RawHttpClient client = server.client()) {
			client.send(post("last").replace("Host: x", "Host: x\r\nConnection: close"));
			RawResponse response = client.readResponse(PATIENCE);
			assertThat(response.status()).isEqualTo(200);
			assertThat(response.header("connection")).isEqualTo("close");
			assertThat(client.awaitClosed(PATIENCE)).isNotNull();
		}
	}

	@Test
	void whatIsOutOfTheOrdinaryIsServedByWebFluxWithTheSameAnswer() {
		upstream.answerWith(Script.json(200, "{\"id\":\"same\",\"choices\":[]}"));
		for (String request : List.of(post("a"), post("b").replace("Host: x", "Host: x\r\nExpect: 100-continue"))) {
			try (RawHttpClient client = server.client()) {
				client.send(request);
				RawResponse response = client.readResponse(PATIENCE);
				assertThat(response.status()).isEqualTo(200);
				assertThat(response.text()).contains("\"same\"");
				assertThat(response.header("x-content-type-options")).isEqualTo("nosniff");
				assertThat(response.header("x-request-id")).isNotEmpty();
			}
		}
	}

	@Test
	void aStopWaitsForStreamsOnTheLane() throws Exception {
		TestServer other = lane(Map.of());
		CountDownLatch rest = new CountDownLatch(1);
		upstream.answerWith(Script.sseHead()
			.event(CHUNK.formatted("one", "null"))
			.await(rest)
			.event(CHUNK.formatted("two", "\"stop\""))
			.event("data: [DONE]")
			.endChunked());
		try (RawHttpClient client = other.client()) {
			client.send(fixed(post("s").replaceFirst("\"user\"", "\"stream\":true,\"user\"")));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			assertThat(client.readEvent(PATIENCE)).isNotNull();
			HotLane lane = other.context().getBean(HotLane.class);
			assertThat(lane.active()).isEqualTo(1);
			CompletableFuture<Void> stopped = CompletableFuture.runAsync(other::close);
			Awaitility.await().until(lane::draining);
			upstream.answerWith(Script.json(200, "{\"id\":\"late\",\"choices\":[]}"));
			try (RawHttpClient late = other.client()) {
				late.send(post("late"));
				assertThat(late.readResponse(PATIENCE).text()).contains("late");
			}
			assertThat(stopped).isNotDone();
			rest.countDown();
			List<SseEvent> events = client.readEvents(PATIENCE);
			assertThat(events.get(events.size() - 1).data()).isEqualTo("[DONE]");
			stopped.get(20, TimeUnit.SECONDS);
			assertThat(lane.active()).isZero();
		}
	}

	@Test
	void manyCallersLeaveAtAnyMomentAndNothingStays() {
		upstream.answerWith((request) -> Script.sseHead()
			.event(CHUNK.formatted("one", "null"))
			.delay(Duration.ofMillis(request.body().length % 7))
			.event(CHUNK.formatted("two", "\"stop\""))
			.event("data: [DONE]")
			.endChunked());
		for (int i = 0; i < 300; i++) {
			try (RawHttpClient client = server.client()) {
				String request = post("x".repeat(i % 11)).replaceFirst("\"user\"", "\"stream\":true,\"user\"");
				byte[] bytes = fixed(request).getBytes(StandardCharsets.US_ASCII);
				client.send(i % 3 == 0 ? Arrays.copyOf(bytes, i % bytes.length) : bytes);
				if (i % 3 == 1) {
					client.readHead(PATIENCE);
				}
				if (i % 2 == 0) {
					client.reset();
				}
			}
		}
		HotLane lane = server.context().getBean(HotLane.class);
		Awaitility.await().until(() -> lane.active() == 0);
	}

	private static String fixed(String request) {
		int body = request.indexOf("\r\n\r\n") + 4;
		return request.replaceFirst("Content-Length: \\d+", "Content-Length: " + (request.length() - body));
	}

}
