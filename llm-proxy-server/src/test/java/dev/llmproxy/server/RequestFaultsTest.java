package dev.llmproxy.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Faults 41 to 53 and 55: what callers send. Limits are tried at and beyond the limit.
 */
class RequestFaultsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String PATH = "/v1/chat/completions";

	private static final int MAX_BODY = 5 * 1024 * 1024;

	private static ScriptedUpstream upstream;

	private static TestServer server;

	private int before;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start().answerWith(Script.json(200, "{\"choices\":[]}"));
		server = TestServer.withUpstream(upstream.url(),
				Map.of("llm-proxy.web.max-body-size", "5MB", "llm-proxy.web.connections.header-timeout", "400ms",
						"llm-proxy.web.connections.body-timeout", "400ms", "llm-proxy.providers.claude.type",
						"anthropic", "llm-proxy.providers.claude.base-url", upstream.url() + "/v1",
						"llm-proxy.providers.claude.api-key", "claude-secret-0123456789"));
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	@BeforeEach
	void count() {
		this.before = upstream.requests().size();
	}

	@Test
	void fault41SlowHeadersTimeOutAndOthersAreServed() {
		try (RawHttpClient slow = server.client()) {
			slow.send("POST " + PATH + " HTTP/1.1\r\nHo");
			assertThat(post(chat("")).status()).isEqualTo(200);
			assertError(slow.readResponse(PATIENCE), 408, "request_timeout");
			slow.awaitClosed(PATIENCE);
		}
	}

	@Test
	void fault41SlowBodiesTimeOutWithoutATrace() {
		try (Logs logs = Logs.capture(); RawHttpClient slow = server.client()) {
			slow.send(head("Content-Length: 1000\r\n") + "{");
			assertError(slow.readResponse(PATIENCE), 408, "request_timeout");
			slow.awaitClosed(PATIENCE);
			assertThat(logs.from(Level.WARN)).isEmpty();
		}
		assertThat(upstream.requests()).hasSize(this.before);
	}

	@Test
	void fault42AnAnnouncedBodyIsRefusedBeforeItIsSent() {
		try (RawHttpClient client = server.client()) {
			client.send(head("Content-Length: " + (MAX_BODY + 1) + "\r\n"));
			assertTooLarge(client);
		}
	}

	@Test
	void fault42AnAnnouncedBodyIsRefusedWhileItIsSent() {
		try (RawHttpClient client = server.client()) {
			client.send(head("Content-Length: 100000000\r\n") + " ".repeat(100_000));
			assertTooLarge(client);
		}
	}

	@Test
	void fault42WhoAsksFirstNeedNotSendIt() {
		try (RawHttpClient client = server.client()) {
			client.send(head("Content-Length: " + (MAX_BODY + 1) + "\r\nExpect: 100-continue\r\n"));
			assertTooLarge(client);
			assertThat(client.interimResponses()).isEmpty();
		}
		try (RawHttpClient client = server.client()) {
			String body = chat("");
			client.send(head("Content-Length: " + body.length() + "\r\nExpect: 100-continue\r\n"));
			client.send(body);
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(200);
			assertThat(client.interimResponses()).extracting(RawResponse::status).containsExactly(100);
		}
	}

	@Test
	void fault42AChunkedBodyIsRefusedWhereItGoesBeyond() {
		String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
		try (RawHttpClient client = server.client()) {
			client.send(head("Transfer-Encoding: chunked\r\n"));
			for (int i = 0; i < MAX_BODY / 0x10000; i++) {
				client.send(chunk);
			}
			client.send("1\r\n \r\n");
			assertTooLarge(client);
		}
	}

	@Test
	void fault42ABodyAtTheLimitPasses() {
		String body = chat("");
		RawResponse response = post(body.substring(0, body.length() - 1) + " ".repeat(MAX_BODY - body.length()) + "}");
		assertThat(response.status()).isEqualTo(200);
		assertThat(last().body()).hasSize(MAX_BODY - "up/".length());
	}

	@Test
	void fault43AMillionTokensPass() {
		String prompt = "word ".repeat(800_000);
		assertThat(post(chat(prompt)).status()).isEqualTo(200);
		assertThat(last().text()).isEqualTo(chat(prompt).replace("up/m", "m"));
	}

	@ParameterizedTest
	@CsvSource({ "62,200", "63,400", "100000,400" })
	void fault44JsonHasADepth(int deeper, int status) {
		String body = "{\"model\":\"up/m\",\"x\":" + "[".repeat(deeper + 1) + "]".repeat(deeper + 1) + "}";
		assertJson(body, status, "json_too_deep");
	}

	@ParameterizedTest
	@CsvSource({ "9999,200", "10000,400", "300000,400" })
	void fault45ObjectsHaveSoManyKeys(int more, int status) {
		String keys = IntStream.range(0, more).mapToObj((i) -> "\"k" + i + "\":0").collect(Collectors.joining(","));
		assertJson("{\"model\":\"up/m\"," + keys + "}", status, "too_many_keys");
	}

	@Test
	void fault46NumbersHaveALengthAndAnExponent() {
		assertJson("{\"model\":\"up/m\",\"x\":" + "1".repeat(1000) + "}", 200, "");
		assertJson("{\"model\":\"up/m\",\"x\":" + "1".repeat(1001) + "}", 400, "number_out_of_range");
		assertJson("{\"model\":\"up/m\",\"x\":1e400}", 200, "");
		assertJson("{\"model\":\"up/m\",\"x\":1e401}", 400, "number_out_of_range");
		assertJson("{\"model\":\"up/m\",\"x\":1e999999999}", 400, "number_out_of_range");
	}

	@Test
	void fault47TextIsUtf8() {
		byte[] overlong = "{\"model\":\"up/m\",\"x\":\"??\"}".getBytes(StandardCharsets.ISO_8859_1);
		overlong[overlong.length - 4] = (byte) 0xc0;
		overlong[overlong.length - 3] = (byte) 0xaf;
		assertError(post(overlong), 400, "invalid_utf8");
	}

	@Test
	void fault48OtherEncodingsAndHalfCharactersAreRefused() {
		assertError(post(chat("").getBytes(StandardCharsets.UTF_16LE)), 400, "unsupported_encoding");
		assertError(post(chat("").getBytes(StandardCharsets.UTF_16)), 400, "unsupported_encoding");
		assertJson("{\"model\":\"up/m\",\"x\":\"\\ud800\"}", 400, "lone_surrogate");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"model\":\"up/m\",\"model\":\"up/n\"}", "{\"model\":\"up/m\",\"mod\\u0065l\":\"up/n\"}",
			"{\"model\":\"up/m\",\"x\":{\"a\":1,\"a\":2}}" })
	void fault49KeysAreNotRepeated(String body) {
		assertJson(body, 400, "duplicate_key");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			value = { "hello | invalid_json", "~~ | empty_body", "~   ~ | empty_body", "[1] | invalid_type",
					"{\"model\":\"up/m\"}x | trailing_data", "{\"model\":\"up/m\" | invalid_json",
					"{'model':1} | invalid_json", "{\"model\":1} | invalid_type",
					"{\"model\":\"up/m\",} | invalid_json", "NaN | invalid_json" })
	void fault50TheBodyIsOneJsonObject(String body, String code) {
		assertJson(body, 400, code);
	}

	@Test
	void fault51UnknownModelsAreNotFoundAndMissingOnesNamed() {
		RawResponse unknown = post("{\"model\":\"nobody/m\",\"messages\":[]}");
		assertError(unknown, 404, "model_not_found");
		assertThat(unknown.json().at("/error/param").asString()).isEqualTo("model");
		RawResponse missing = post("{\"messages\":[]}");
		assertError(missing, 400, "missing_model");
		assertThat(missing.json().at("/error/param").asString()).isEqualTo("model");
		RawResponse empty = post("{\"model\":\"claude/m\",\"messages\":[]}");
		assertThat(empty.status()).isEqualTo(400);
		assertThat(empty.json().at("/error/param").asString()).isEqualTo("messages");
		RawResponse control = post("{\"model\":\"up/a\\r\\nb\"}");
		assertError(control, 400, "invalid_model");
	}

	@ParameterizedTest
	@CsvSource({ "8192,404", "8193,414", "60000,414" })
	void fault52TheRequestLineHasALimit(int length, int status) {
		String line = "GET /v1/" + "a".repeat(length - "GET /v1/ HTTP/1.1".length()) + " HTTP/1.1\r\n";
		assertThat(send(line + "Host: h\r\n" + key() + "\r\n").status()).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource({ "16384,200", "16385,431", "100000,431" })
	void fault52TheHeadersHaveALimit(int size, int status) {
		int rest = size - "Host: h".length() - (key().length() - 2) - "A: ".length();
		assertThat(
				send("GET /v1/models HTTP/1.1\r\nHost: h\r\n" + key() + "A: " + "a".repeat(rest) + "\r\n\r\n").status())
			.isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource({ "100,200", "101,431", "1500,431" })
	void fault52TheNumberOfHeadersHasALimit(int count, int status) {
		assertThat(
				send("GET /v1/models HTTP/1.1\r\nHost: h\r\n" + key() + "A: b\r\n".repeat(count - 2) + "\r\n").status())
			.isEqualTo(status);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1beta/models/up%2Fm%0d%0aX-Evil:1:generateContent",
			"/v1beta/models/up%2Fm%0aX:generateContent", "/v1beta/models/up%2Fm%00:generateContent" })
	void fault53LineEndsInAModelsNameGoNowhere(String path) {
		try (RawHttpClient client = server.client()) {
			RawResponse response = client.post(path, TestServer.headers(),
					"{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}");
			assertThat(response.status()).isEqualTo(400);
		}
		assertThat(upstream.requests()).hasSize(this.before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "anthropic-beta: a\rX-Evil: 1", "anthropic-beta: a\u0000b", "anthropic-beta: a\n X: 1" })
	void fault53LineEndsInAHeaderGoNowhere(String header) {
		String body = chat("");
		RawResponse response = send(head(header + "\r\nContent-Length: " + body.length() + "\r\n") + body);
		assertThat(response.status()).isEqualTo(400);
		assertThat(upstream.requests()).hasSize(this.before);
	}

	@Test
	void fault55OnlyHeadersOfTheApiTravelOn() {
		Map<String, String> headers = new LinkedHashMap<>(TestServer.headers());
		headers.put("X-Forwarded-For", "10.0.0.1");
		headers.put("X-Forwarded-Host", "evil");
		headers.put("Forwarded", "for=10.0.0.1");
		headers.put("X-Api-Key", "canary-1");
		headers.put("Api-Key", "canary-2");
		headers.put("X-Goog-Api-Key", "canary-3");
		headers.put("Cookie", "canary-4");
		headers.put("TE", "trailers");
		headers.put("Upgrade", "websocket");
		headers.put("Proxy-Authorization", "canary-5");
		headers.put("Connection", "keep-alive, OpenAI-Beta");
		headers.put("OpenAI-Beta", "canary-6");
		headers.put("Anthropic-Beta", "kept");
		try (RawHttpClient client = server.client()) {
			assertThat(client.post(PATH, headers, chat("")).status()).isEqualTo(200);
		}
		RecordedRequest request = last();
		assertThat(request.headers().toString()).doesNotContain("canary", "10.0.0.1", "evil", "trailers", "websocket",
				TestServer.KEY);
		assertThat(request.header("anthropic-beta")).isEqualTo("kept");
		assertThat(request.headers().all("authorization")).containsExactly("Bearer " + TestServer.UPSTREAM_KEY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "application/jsonx", "application/json; charset=utf-16", "nonsense",
			"application/x-www-form-urlencoded" })
	void onlyJsonIsTaken(String type) {
		try (RawHttpClient client = server.client()) {
			RawResponse response = client.post(PATH,
					Map.of("authorization", "Bearer " + TestServer.KEY, "content-type", type), chat(""));
			assertError(response, 415, "unsupported_media_type");
		}
	}

	@Test
	void compressedRequestsAreRefused() {
		Map<String, String> headers = new LinkedHashMap<>(TestServer.headers());
		headers.put("content-encoding", "gzip");
		try (RawHttpClient client = server.client()) {
			assertError(client.post(PATH, headers, chat("")), 415, "unsupported_content_encoding");
		}
	}

	private void assertJson(String body, int status, String code) {
		int sent = upstream.requests().size();
		RawResponse response = post(body);
		if (status == 200) {
			assertThat(response.status()).as(response.text()).isEqualTo(200);
		}
		else {
			assertError(response, status, code);
			assertThat(upstream.requests()).hasSize(sent);
		}
	}

	private static void assertTooLarge(RawHttpClient client) {
		RawResponse response = client.readResponse(PATIENCE);
		assertError(response, 413, "request_too_large");
		assertThat(response.header("connection")).isEqualToIgnoringCase("close");
		client.awaitClosed(PATIENCE);
	}

	private static void assertError(RawResponse response, int status, String code) {
		assertThat(response.status()).as(response.text()).isEqualTo(status);
		assertThat(response.json().at("/error/code").asString()).isEqualTo(code);
		assertThat(response.json().at("/request_id").asString()).isEqualTo(response.header("x-request-id"));
	}

	private static RecordedRequest last() {
		return upstream.requests().get(upstream.requests().size() - 1);
	}

	private static RawResponse post(String body) {
		return post(body.getBytes(StandardCharsets.UTF_8));
	}

	private static RawResponse post(byte[] body) {
		try (RawHttpClient client = server.client()) {
			return client.send("POST", PATH, TestServer.headers(), body).readResponse(PATIENCE);
		}
	}

	private static RawResponse send(String request) {
		try (RawHttpClient client = server.client()) {
			return client.send(request.getBytes(StandardCharsets.ISO_8859_1)).readResponse(PATIENCE);
		}
	}

	private static String head(String headers) {
		return "POST " + PATH + " HTTP/1.1\r\nHost: h\r\n" + key() + headers + "\r\n";
	}

	private static String key() {
		return "Authorization: Bearer " + TestServer.KEY + "\r\n";
	}

	private static String chat(String prompt) {
		return "{\"model\":\"up/m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
	}

}
