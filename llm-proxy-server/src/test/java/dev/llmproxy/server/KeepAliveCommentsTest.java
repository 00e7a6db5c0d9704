package dev.llmproxy.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import dev.llmproxy.testkit.Gate;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Callers who wait for a stream get comments, where that is configured. */
class KeepAliveCommentsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String CHUNK = """
			data: {"id":"c","choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":%s}]}""";

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start();
		server = TestServer.withUpstream(upstream.url(), Map.of("llm-proxy.web.keep-alive-comments", "100ms",
				"llm-proxy.resilience.retry.max-retries", "0", "llm-proxy.resilience.breaker.enabled", "false"));
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	@ParameterizedTest
	@CsvSource({ "/v1/chat/completions, ''", "/v1/responses, ''", "/v1/messages, '\"max_tokens\":9,'",
			"/v1beta/models/up%2Fm:streamGenerateContent?alt=sse, ''" })
	void commentsComeBeforeTheFirstTokenAndFailuresWithinTheStream(String path, String more) {
		Gate gate = new Gate();
		upstream.enqueue(Script.sseHead()
			.gate(gate)
			.event(CHUNK.formatted("hello", "null"))
			.event(CHUNK.formatted("", "\"stop\""))
			.event("data: [DONE]")
			.endChunked());
		try (RawHttpClient client = server.client()) {
			client.sendPost(path, TestServer.headers(), request(path, more));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			String beginning = new String(client.readSome(6, PATIENCE), StandardCharsets.UTF_8);
			assertThat(beginning).startsWith(path.equals("/v1/messages") ? "event:" : ": ping");
			gate.open();
			assertThat(new String(client.readBody(PATIENCE), StandardCharsets.UTF_8)).contains("hello");
		}
		Gate another = new Gate();
		upstream.enqueue(Script.script().gate(another).then(Script.json(503, "{\"error\":{\"message\":\"down\"}}")));
		try (RawHttpClient client = server.client()) {
			client.sendPost(path, TestServer.headers(), request(path, more));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			another.open();
			assertThat(new String(client.readBody(PATIENCE), StandardCharsets.UTF_8)).contains("error", "down");
		}
	}

	@Test
	void aFailureInTimeIsToldAsUsual() {
		upstream.enqueue(Script.json(503, "{\"error\":{\"message\":\"down\"}}"));
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request("/v1/chat/completions", ""));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(503);
		}
	}

	@Test
	void aCallerWhoLeavesWhileItWaitsCancelsTheCall() {
		upstream.enqueue(Script.script().stall());
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request("/v1/chat/completions", ""));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
		}
		assertThat(upstream.awaitPeerClosed(PATIENCE)).isNotNull();
	}

	private static String request(String path, String more) {
		if (path.startsWith("/v1beta")) {
			return "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
		}
		return "{\"model\":\"up/m\",\"stream\":true," + more + (path.endsWith("responses") ? "\"input\":\"hi\"}"
				: "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
	}

}
