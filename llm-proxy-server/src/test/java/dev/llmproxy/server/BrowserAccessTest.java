package dev.llmproxy.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is off unless configured: pages of other origins, and compression. */
class BrowserAccessTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String CHUNK = "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":%s}]}";

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start();
		server = TestServer.withUpstream(upstream.url(),
				Map.of("llm-proxy.web.cors.allowed-origins", "https://app.example.com", "server.compression.enabled",
						"true", "server.compression.mime-types", "application/json,text/event-stream",
						"server.compression.min-response-size", "1B"));
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	@Test
	void aPreflightOfAnAllowedOriginNeedsNoKey() {
		RawResponse response = preflight("/v1/chat/completions", "https://app.example.com");
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.header("access-control-allow-origin")).isEqualTo("https://app.example.com");
		assertThat(response.header("access-control-allow-methods")).contains("POST");
		assertThat(response.header("access-control-allow-headers")).contains("authorization");
	}

	@Test
	void aPreflightOfAnotherOriginIsRefused() {
		RawResponse response = preflight("/v1/chat/completions", "https://evil.example.com");
		assertThat(response.status()).isEqualTo(403);
		assertThat(response.headers().contains("access-control-allow-origin")).isFalse();
		assertThat(preflight("/v3/api-docs", "https://app.example.com").status()).isEqualTo(401);
	}

	@Test
	void anAllowedPageMayReadErrorsAndRequestIds() {
		try (RawHttpClient client = server.client()) {
			RawResponse response = client.post("/v1/chat/completions", Map.of("origin", "https://app.example.com"),
					"{}");
			assertThat(response.status()).isEqualTo(401);
			assertThat(response.header("access-control-allow-origin")).isEqualTo("https://app.example.com");
			assertThat(response.header("access-control-expose-headers")).contains("x-request-id");
		}
	}

	@Test
	void answersAreCompressedWhereThatIsWanted() throws IOException {
		upstream.enqueue(Script.json(200, "{\"choices\":[],\"x\":\"" + "y".repeat(1000) + "\"}"));
		try (RawHttpClient client = server.client()) {
			RawResponse response = client.post("/v1/chat/completions", accepting("gzip"),
					"{\"model\":\"up/m\",\"messages\":[]}");
			assertThat(response.header("content-encoding")).isEqualTo("gzip");
			try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
				assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8)).endsWith("yyy\"}");
			}
		}
	}

	@Test
	void compressedEventsReachTheCallerBeforeTheNextIsSent() throws Exception {
		CountDownLatch second = new CountDownLatch(1);
		upstream.enqueue(Script.sseHead()
			.event(CHUNK.formatted("one", "null"))
			.await(second)
			.event(CHUNK.formatted("two", "\"stop\""))
			.event("[DONE]")
			.endChunked());
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", accepting("deflate"),
					"{\"model\":\"up/m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
			assertThat(client.readHead(PATIENCE).header("content-encoding")).isEqualTo("deflate");
			Inflater inflater = new Inflater();
			String seen = "";
			while (!seen.contains("one")) {
				seen += inflate(inflater, client.readSome(8192, PATIENCE));
			}
			assertThat(seen).doesNotContain("two");
			second.countDown();
			assertThat(inflate(inflater, client.readBody(PATIENCE))).contains("two").contains("[DONE]");
			inflater.end();
		}
	}

	private static String inflate(Inflater inflater, byte[] bytes) throws Exception {
		byte[] plain = new byte[100_000];
		inflater.setInput(bytes);
		return new String(plain, 0, inflater.inflate(plain), StandardCharsets.UTF_8);
	}

	private static Map<String, String> accepting(String coding) {
		Map<String, String> headers = new LinkedHashMap<>(TestServer.headers());
		headers.put("accept-encoding", coding);
		return headers;
	}

	private static RawResponse preflight(String path, String origin) {
		try (RawHttpClient client = server.client()) {
			return client
				.send("OPTIONS", path,
						Map.of("origin", origin, "access-control-request-method", "POST",
								"access-control-request-headers", "authorization"),
						new byte[0])
				.readResponse(PATIENCE);
		}
	}

}
