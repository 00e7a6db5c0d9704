package dev.llmproxy.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.CountedMemory;
import dev.llmproxy.gateway.MemoryBudget.Pressure;
import dev.llmproxy.gateway.MemoryBudget.Use;
import dev.llmproxy.testkit.Gate;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import dev.llmproxy.testkit.SseEvent;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fault 77: what calls hold is counted to the byte and given back however they end, and
 * new ones are refused while there is too much of it.
 */
class MemoryTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String ANSWER = "{\"id\":\"x\",\"choices\":[]}";

	private static final String CHUNK = """
			data: {"id":"c","choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":%s}]}""";

	/** What a call is taken to hold beside its body, which counts twice. */
	private static final int CALL = 16 * 1024;

	private static ScriptedUpstream upstream;

	private static TestServer server;

	private static CountedMemory memory;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start();
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.memory.limit", "4MB");
		properties.put("llm-proxy.memory.watch-heap", "false");
		properties.put("llm-proxy.resilience.retry.max-retries", "0");
		properties.put("llm-proxy.resilience.breaker.enabled", "false");
		properties.put("management.endpoints.web.exposure.include", "health,llmmemory,prometheus");
		properties.put("management.endpoint.health.show-components", "always");
		properties.put("management.endpoint.health.show-details", "always");
		server = TestServer.withUpstream(upstream.url(), properties);
		memory = server.context().getBean(CountedMemory.class);
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	@BeforeEach
	void answers() {
		upstream.answerWith(Script.json(200, ANSWER));
	}

	@AfterEach
	void nothingStays() {
		memory.feel(Pressure.NONE);
		awaitNothing();
	}

	private static void awaitNothing() {
		Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(memory.used()).isZero();
			assertThat(memory.used(Use.REQUEST)).isZero();
			assertThat(memory.used(Use.STREAM)).isZero();
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, 5_000, 200_000 })
	void aCallHoldsItsBodyUntilItIsAnswered(int padding) {
		Gate gate = new Gate();
		upstream.answerWith(Script.script().gate(gate).then(Script.json(200, ANSWER)));
		String body = body(padding, false);
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), body);
			gate.awaitReached(PATIENCE);
			Awaitility.await()
				.untilAsserted(() -> assertThat(memory.used(Use.REQUEST)).isEqualTo(CALL + 2L * body.length()));
			gate.open();
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(200);
			awaitNothing();
			client.sendPost("/v1/chat/completions", TestServer.headers(), body);
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(200);
		}
	}

	@Test
	void aBodyOfUnknownLengthIsCountedAsItComes() {
		try (RawHttpClient client = server.client()) {
			client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestServer.KEY
					+ "\r\nTransfer-Encoding: chunked\r\n\r\n2710\r\n" + "x".repeat(10_000) + "\r\n");
			Awaitility.await()
				.untilAsserted(() -> assertThat(memory.used(Use.REQUEST)).isBetween(CALL + 20_000L, CALL + 40_000L));
		}
	}

	@Test
	void anAnnouncedBodyIsNotHeldBeforeItHasCome() {
		try (RawHttpClient client = server.client()) {
			client.send(head("/v1/chat/completions", 1_000_000));
			Awaitility.await()
				.untilAsserted(() -> assertThat(memory.used(Use.REQUEST)).isEqualTo(CALL + 2 * 64 * 1024));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			200 | /v1/chat/completions | {"model":"up/m","messages":[]}
			400 | /v1/chat/completions | {"model":"up/m",
			404 | /v1/nothing          | {"model":"up/m"}
			415 | /v1/chat/completions | text
			401 | /v1/chat/completions | nobody
			502 | /v1/chat/completions | {"model":"up/fails","messages":[]}
			""")
	void whateverTheAnswerNothingStays(int status, String path, String body) {
		if (status == 502) {
			upstream.answerWith(Script.json(500, "{}"));
		}
		Map<String, String> headers = new LinkedHashMap<>(TestServer.headers());
		if (status == 415) {
			headers.put("content-type", "text/plain");
		}
		if (status == 401) {
			headers.remove("authorization");
		}
		try (RawHttpClient client = server.client()) {
			client.sendPost(path, headers, body);
			RawResponse response = client.readResponse(PATIENCE);
			assertThat(response.status()).isIn(status, (status == 502) ? 500 : status);
			awaitNothing();
		}
	}

	@Test
	void aBodyThatIsTooLargeLeavesNothing() {
		try (RawHttpClient client = server.client()) {
			client.send(head("/v1/chat/completions", 40_000_000));
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(413);
		}
	}

	@Test
	void pipelinedCallsAreCountedOneByOne() {
		StringBuilder requests = new StringBuilder();
		for (int i = 0; i < 10; i++) {
			String body = body(100 * i, false);
			requests.append(head("/v1/chat/completions", body.length())).append(body);
		}
		try (RawHttpClient client = server.client()) {
			client.send(requests.toString());
			for (int i = 0; i < 10; i++) {
				assertThat(client.readResponse(PATIENCE).status()).isEqualTo(200);
			}
			awaitNothing();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "before", "amid" })
	void aCallerThatLeavesLeavesNothing(String when) {
		upstream.answerWith(when.equals("before") ? Script.script().stall()
				: Script.sseHead().event(CHUNK.formatted("one", "null")).stall());
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), body(1000, true));
			if (when.equals("amid")) {
				assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
				assertThat(client.readEvent(PATIENCE)).isNotNull();
			}
			Awaitility.await().until(() -> memory.used(Use.REQUEST) > CALL + 2000);
			client.reset();
		}
		awaitNothing();
	}

	@Test
	void aStreamThatBreaksOffLeavesNothing() {
		upstream.answerWith(Script.sseHead().event(CHUNK.formatted("one", "null")).reset());
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), body(1000, true));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			client.readBody(PATIENCE);
			awaitNothing();
		}
	}

	@Test
	void manyCallersThatLeaveAtRandomLeaveNothing() {
		Random random = new Random(77);
		upstream.answerWith((request) -> Script.sseHead()
			.event(CHUNK.formatted("one", "null"))
			.delay(Duration.ofMillis(request.body().length % 5))
			.event(CHUNK.formatted("two", "\"stop\""))
			.event("data: [DONE]")
			.endChunked());
		for (int i = 0; i < 200; i++) {
			String body = body(random.nextInt(2000), true);
			byte[] bytes = (head("/v1/chat/completions", body.length()) + body).getBytes(StandardCharsets.US_ASCII);
			try (RawHttpClient client = server.client()) {
				client.send(random.nextInt(3) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
				if (random.nextInt(3) == 0 && random.nextBoolean()) {
					client.reset();
				}
			}
		}
		awaitNothing();
	}

	@Test
	void whatASlowReaderHasNotTakenIsCounted() {
		Script script = Script.sseHead();
		for (int i = 0; i < 400; i++) {
			script = script.event(CHUNK.formatted("x".repeat(60_000), "null"));
		}
		upstream.answerWith(script.stall());
		try (RawHttpClient client = RawHttpClient.connectWithReceiveBuffer(server.port(), 4096)) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), body(10, true));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			Awaitility.await().until(() -> memory.used(Use.STREAM) > 0);
			client.reset();
		}
	}

	@Test
	void newCallsAreRefusedWhileALiveStreamGoesOn() {
		Gate gate = new Gate();
		Script stream = Script.sseHead()
			.event(CHUNK.formatted("one", "null"))
			.gate(gate)
			.event(CHUNK.formatted("two", "\"stop\""))
			.event("data: [DONE]")
			.endChunked();
		upstream
			.answerWith((request) -> request.path().endsWith("/models") ? Script.json(200, "{\"data\":[]}") : stream);
		long refused = server.context().getBean(Admission.class).refused();
		try (RawHttpClient live = server.client()) {
			live.sendPost("/v1/chat/completions", TestServer.headers(), body(10, true));
			assertThat(live.readHead(PATIENCE).status()).isEqualTo(200);
			assertThat(live.readEvent(PATIENCE)).isNotNull();
			memory.reserve(Use.STREAM, 4 << 20);
			assertRefused("/v1/chat/completions", "/error/code", "overloaded");
			assertRefused("/v1/responses", "/error/code", "overloaded");
			assertRefused("/v1/embeddings", "/error/code", "overloaded");
			assertRefused("/v1/messages", "/error/type", "overloaded_error");
			assertRefused("/v1beta/models/m:generateContent", "/error/status", "UNAVAILABLE");
			assertRefused("/providers/up/v1/anything", "/error/code", "overloaded");
			assertThat(server.context().getBean(Admission.class).refused()).isEqualTo(refused + 6);
			assertThat(manage("/actuator/health").status()).isEqualTo(200);
			assertThat(manage("/actuator/health/readiness").status()).isEqualTo(200);
			assertThat(manage("/actuator/health").json().at("/components/llmMemory/status").asString())
				.isEqualTo("DEGRADED");
			RawResponse state = manage("/actuator/llmmemory");
			assertThat(state.json().path("pressure").asString()).isEqualTo("CRITICAL");
			assertThat(state.json().at("/uses/STREAM").asLong()).isGreaterThanOrEqualTo(4 << 20);
			assertThat(manage("/actuator/prometheus").text()).contains("llm_proxy_memory_pressure 2.0",
					"llm_proxy_memory_bytes{use=\"stream\"}", "llm_proxy_memory_limit_bytes 4194304.0",
					"llm_proxy_memory_shed_total ");
			try (RawHttpClient client = server.client()) {
				assertThat(client.get("/v1/models", TestServer.headers()).status()).isEqualTo(200);
			}
			gate.open();
			List<SseEvent> events = live.readEvents(PATIENCE);
			assertThat(events.get(events.size() - 1).data()).isEqualTo("[DONE]");
		}
		finally {
			memory.release(Use.STREAM, 4 << 20);
		}
		answers();
		assertThat(ask().status()).isEqualTo(200);
	}

	/** Refused by its head alone: the body is announced and never sent. */
	private static void assertRefused(String path, String pointer, String expected) {
		try (RawHttpClient client = server.client()) {
			client.send(head(path, 500));
			RawResponse response = client.readResponse(PATIENCE);
			assertThat(response.status()).as(path).isEqualTo(503);
			assertThat(response.json().at(pointer).asString()).isEqualTo(expected);
			assertThat(response.header("retry-after")).isEqualTo("2");
			assertThat(response.header("connection")).isEqualTo("close");
			assertThat(client.awaitClosed(PATIENCE)).isNotNull();
		}
	}

	@Test
	void aBodyForWhichThereIsNoRoomIsRefusedByItsLengthAndAsItGrows() {
		try (RawHttpClient client = server.client()) {
			client.send(head("/v1/chat/completions", 3_000_000));
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(503);
		}
		try (RawHttpClient client = server.client()) {
			client.send(head("/v1/chat/completions", 0).replace("Content-Length: 0", "Transfer-Encoding: chunked"));
			for (int i = 0; i < 30; i++) {
				client.send("186a0\r\n" + "x".repeat(100_000) + "\r\n");
			}
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(503);
		}
	}

	@Test
	void connectionsEndWithTheirAnswerBeforeAnythingIsRefused() {
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), body(10, false));
			assertThat(client.readResponse(PATIENCE).header("connection")).isNotEqualTo("close");
			memory.feel(Pressure.HIGH);
			client.sendPost("/v1/chat/completions", TestServer.headers(), body(10, false));
			RawResponse response = client.readResponse(PATIENCE);
			assertThat(response.status()).isEqualTo(200);
			assertThat(response.header("connection")).isEqualTo("close");
			assertThat(client.awaitClosed(PATIENCE)).isNotNull();
		}
	}

	@Test
	void aSlowReadersStreamGoesOnWhileMemoryIsShort() {
		Script script = Script.sseHead();
		for (int i = 0; i < 60; i++) {
			script = script.event(CHUNK.formatted("x".repeat(60_000), "null"));
		}
		upstream.answerWith(script.event(CHUNK.formatted("end", "\"stop\"")).event("data: [DONE]").endChunked());
		try (RawHttpClient client = RawHttpClient.connectWithReceiveBuffer(server.port(), 4096)) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), body(10, true));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			memory.feel(Pressure.CRITICAL);
			List<SseEvent> events = client.readEvents(PATIENCE);
			assertThat(events).hasSize(62);
		}
	}

	private static RawResponse ask() {
		try (RawHttpClient client = server.client()) {
			return client.post("/v1/chat/completions", TestServer.headers(), body(10, false));
		}
	}

	private static RawResponse manage(String path) {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			return client.get(path, Map.of());
		}
	}

	private static String head(String path, int length) {
		return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
				+ TestServer.KEY + "\r\nContent-Length: " + length + "\r\n\r\n";
	}

	private static String body(int padding, boolean stream) {
		return "{\"model\":\"up/m\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\""
				+ "x".repeat(padding) + "\"}]}";
	}

}
