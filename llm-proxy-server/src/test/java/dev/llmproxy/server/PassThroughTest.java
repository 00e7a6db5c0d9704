package dev.llmproxy.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import dev.llmproxy.testkit.SseEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Same dialect in and out: what came is what goes. */
@Tag("once")
class PassThroughTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String CHUNK = """
			{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":%s}]}""";

	private ScriptedUpstream upstream;

	private TestServer server;

	@BeforeEach
	void start() {
		this.upstream = ScriptedUpstream.start();
		this.server = TestServer.withUpstream(this.upstream.url(), Map.of());
	}

	@AfterEach
	void stop() {
		this.server.close();
		this.upstream.close();
	}

	@Test
	void wholeAnswersPassByteForByte() {
		String answer = """
				{ "id" : "x", "unknown":{"a":[1,2.50]}, "choices":[], "usage":{"prompt_tokens":1,"completion_tokens":2}}""";
		this.upstream.enqueue(Script.json(200, answer));
		try (RawHttpClient client = this.server.client()) {
			RawResponse response = client.post("/v1/chat/completions", TestServer.headers(), """
					{"messages":[{"role":"user","content":"hi"}], "model" : "up/some-model", "unknown": {"x": 1.0}}""");
			assertThat(response.status()).isEqualTo(200);
			assertThat(response.text()).isEqualTo(answer);
		}
		RecordedRequest request = this.upstream.takeRequest(PATIENCE);
		assertThat(request.text()).isEqualTo("""
				{"messages":[{"role":"user","content":"hi"}], "model" : "some-model", "unknown": {"x": 1.0}}""");
		assertThat(request.path()).isEqualTo("/v1/chat/completions");
		assertThat(request.header("authorization")).isEqualTo("Bearer " + TestServer.UPSTREAM_KEY);
	}

	@Test
	void fault43_promptOfFourMegabytesReachesTheProviderUnchanged() throws Exception {
		this.upstream.enqueue(Script.json(200, "{\"id\":\"x\",\"choices\":[]}"));
		String before = "{\"model\":\"";
		String after = "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "wörd \\u0041 ".repeat(350_000) + "\"}]}";
		try (RawHttpClient client = this.server.client()) {
			assertThat(client.post("/v1/chat/completions", TestServer.headers(), before + "up/m" + after).status())
				.isEqualTo(200);
		}
		assertThat(sha256(this.upstream.takeRequest(PATIENCE).body()))
			.isEqualTo(sha256((before + "m" + after).getBytes(StandardCharsets.UTF_8)));
	}

	private static byte[] sha256(byte[] bytes) throws NoSuchAlgorithmException {
		return MessageDigest.getInstance("SHA-256").digest(bytes);
	}

	@Test
	void streamsPassEventByEvent() {
		List<String> events = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			events.add("data: " + CHUNK.formatted("t" + i, "null"));
		}
		events.add("data: " + CHUNK.formatted("", "\"stop\""));
		events.add("data: [DONE]");
		this.upstream.enqueue(Script.sse(events));
		try (RawHttpClient client = this.server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(),
					"{\"model\":\"up/m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
			assertThat(client.readHead().status()).isEqualTo(200);
			String body = new String(client.readBody(PATIENCE), StandardCharsets.UTF_8);
			assertThat(body).isEqualTo(String.join("\n\n", events) + "\n\n");
		}
	}

	@Test
	void eachEventReachesTheCallerBeforeTheNextIsSent() {
		CountDownLatch second = new CountDownLatch(1);
		this.upstream.enqueue(Script.sseHead()
			.event("data: " + CHUNK.formatted("one", "null"))
			.await(second)
			.event("data: " + CHUNK.formatted("two", "\"stop\""))
			.event("data: [DONE]")
			.endChunked());
		try (RawHttpClient client = this.server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(),
					"{\"model\":\"up/m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
			client.readHead();
			SseEvent first = client.readEvent(PATIENCE);
			assertThat(first).isNotNull();
			second.countDown();
			assertThat(client.readEvents(PATIENCE)).hasSize(2);
		}
	}

	@Test
	void aCallerWhoLeavesCancelsTheUpstreamCall() {
		this.upstream.enqueue(Script.sseHead().event("data: " + CHUNK.formatted("one", "null")).stall());
		try (RawHttpClient client = this.server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(),
					"{\"model\":\"up/m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
			client.readHead();
			client.readEvent(PATIENCE);
		}
		assertThat(this.upstream.awaitPeerClosed(PATIENCE)).isNotNull();
	}

	@Test
	void aStreamThatIsCutAfterItsFirstTokenEndsWithAnErrorEvent() {
		this.upstream.enqueue(Script.sseHead().event("data: " + CHUNK.formatted("one", "null")).reset());
		try (RawHttpClient client = this.server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(),
					"{\"model\":\"up/m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
			assertThat(client.readHead().status()).isEqualTo(200);
			List<SseEvent> events = client.readEvents(PATIENCE);
			assertThat(events).hasSize(2);
			assertThat(events.get(1).toString()).contains("upstream_connection");
		}
	}

	@Test
	void aStreamThatIsCutBeforeItsFirstTokenIsAnError() {
		this.upstream.enqueue(Script.sseHead().reset());
		try (RawHttpClient client = this.server.client()) {
			RawResponse response = client.post("/v1/chat/completions", TestServer.headers(),
					"{\"model\":\"up/m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
			assertThat(response.status()).isEqualTo(502);
			assertThat(response.json().at("/error/code").asString()).isEqualTo("upstream_connection");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 303, 307, 308, 304 })
	void s2_rawPassThroughFollowsNoRedirectAndShowsNone(int status) {
		this.upstream.enqueue(Script.script().status(status).header("location", "http://127.0.0.1:1/").noBody());
		try (RawHttpClient client = this.server.client()) {
			RawResponse response = client.post("/providers/up/files", TestServer.headers(), "{}");
			assertThat(response.status()).isEqualTo(502);
			assertThat(response.header("location")).isNull();
			assertThat(response.json().at("/error/code").asString()).isEqualTo("upstream_redirect");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 403 })
	void rawPassThroughDoesNotShowWhatAProviderSaysOfOurKey(int status) {
		this.upstream.enqueue(
				Script.json(status, "{\"error\":{\"message\":\"Incorrect key: " + TestServer.UPSTREAM_KEY + "\"}}"));
		try (RawHttpClient client = this.server.client()) {
			RawResponse response = client.post("/providers/up/files", TestServer.headers(), "{}");
			assertThat(response.status()).isEqualTo(502);
			assertThat(response.text()).contains("upstream_authentication").doesNotContain(TestServer.UPSTREAM_KEY);
		}
	}

}
