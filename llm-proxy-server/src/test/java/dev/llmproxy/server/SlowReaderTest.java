package dev.llmproxy.server;

import java.time.Duration;
import java.util.Map;

import ch.qos.logback.classic.Level;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Faults 39 and 40: callers that stop reading, or leave by halves. */
class SlowReaderTest {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String STREAM = "{\"model\":\"up/m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

	private static final String EVENT = "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}";

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start();
		server = TestServer.withUpstream(upstream.url(), Map.of("llm-proxy.web.write-timeout", "500ms"));
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	@Test
	void fault39ACallerThatStopsReadingLosesItsConnectionAndTheUpstreamCall() {
		Script script = Script.sseHead();
		String event = EVENT.formatted("x".repeat(60_000));
		for (int i = 0; i < 400; i++) {
			script = script.event(event);
		}
		upstream.enqueue(script.stall());
		try (RawHttpClient client = RawHttpClient.connectWithReceiveBuffer(server.port(), 4096)) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), STREAM);
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			assertThat(upstream.awaitPeerClosed(PATIENCE)).isNotNull();
		}
	}

	@Test
	void fault39AStreamThatHasNothingToSayIsNotAStalledReader() {
		upstream.enqueue(Script.sseHead()
			.event(EVENT.formatted("one"))
			.delay(Duration.ofSeconds(2))
			.event(EVENT.formatted("two").replace("null", "\"stop\""))
			.event("[DONE]")
			.endChunked());
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), STREAM);
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			assertThat(client.readEvents(PATIENCE)).hasSize(3);
		}
	}

	@Test
	void fault40AHalfClosedCallerThatResetsIsGoneUpstreamToo() {
		upstream.enqueue(Script.sseHead().event(EVENT.formatted("one")).stall());
		try (Logs logs = Logs.capture(); RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), STREAM);
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			assertThat(client.readEvent(PATIENCE)).isNotNull();
			client.halfClose();
			client.reset();
			assertThat(upstream.awaitPeerClosed(Duration.ofSeconds(10))).isNotNull();
			assertThat(logs.from(Level.WARN)).isEmpty();
		}
	}

	@Test
	void aCallerThatLeavesInTheMiddleOfItsRequestLeavesNoTrace() {
		int before = upstream.requests().size();
		// The upstream has no list of models, which is logged once.
		try (RawHttpClient client = server.client()) {
			client.get("/v1/models", TestServer.headers());
		}
		try (Logs logs = Logs.capture()) {
			for (int i = 0; i < 5; i++) {
				try (RawHttpClient client = server.client()) {
					client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
							+ TestServer.KEY + "\r\nContent-Length: 1000\r\n\r\n{");
					client.reset();
				}
				try (RawHttpClient client = server.client()) {
					assertThat(client.get("/v1/models", TestServer.headers()).status()).isEqualTo(200);
				}
			}
			assertThat(logs.from(Level.WARN)).isEmpty();
		}
		assertThat(upstream.requests().stream().filter((request) -> !request.path().endsWith("/models")))
			.hasSize(before);
	}

}
