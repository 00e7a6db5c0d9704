package dev.llmproxy.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import dev.llmproxy.testkit.DeadEnd;
import dev.llmproxy.testkit.Gate;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import dev.llmproxy.testkit.SseEvent;
import dev.llmproxy.testkit.TestAuthority;
import dev.llmproxy.testkit.TlsProfile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What goes wrong behind the gateway, byte for byte, and what its callers see of it. The
 * numbers are those of the fault catalogue in {@code src-docs/faults.md}. There is one
 * candidate, so that what would fail over is told.
 */
class UpstreamFaultsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String FIRST = chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");

	private static final String TOKEN = chunk("{\"content\":\"Hello\"}", "null");

	private static final String FINISH = chunk("{}", "\"stop\"");

	private static final String ANSWER = """
			{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":\
			{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,\
			"completion_tokens":1,"total_tokens":2}}""";

	private static TestServer server;

	private static ScriptedUpstream upstream;

	private static DeadEnd refusing;

	private static DeadEnd blackhole;

	private static final Map<TlsProfile, ScriptedUpstream> TLS = new LinkedHashMap<>();

	private static String chunk(String delta, String finishReason) {
		return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
				+ delta + ",\"finish_reason\":" + finishReason + "}]}";
	}

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start();
		refusing = ScriptedUpstream.refusing();
		blackhole = ScriptedUpstream.blackhole();
		Map<String, String> properties = new LinkedHashMap<>();
		provider(properties, "refused", refusing.url().toString());
		provider(properties, "blackhole", blackhole.url().toString());
		provider(properties, "nowhere", "http://no-such-host.invalid");
		properties.put("spring.ssl.bundle.pem.test.truststore.certificate", TestAuthority.shared().pem());
		for (TlsProfile profile : TlsProfile.values()) {
			ScriptedUpstream tls = ScriptedUpstream.startTls(profile);
			TLS.put(profile, tls);
			String name = "tls-" + profile.name().toLowerCase(Locale.ROOT).replace('_', '-');
			provider(properties, name, tls.url().toString());
			properties.put("llm-proxy.providers." + name + ".ssl-bundle", "test");
		}
		timeouts(properties, "up");
		// What a failure is, not what follows from it.
		properties.put("llm-proxy.resilience.retry.max-retries", "0");
		properties.put("llm-proxy.resilience.breaker.enabled", "false");
		properties.put("llm-proxy.resilience.cooldown.enabled", "false");
		provider(properties, "twokeys", upstream.url().toString());
		properties.remove("llm-proxy.providers.twokeys.api-key");
		properties.put("llm-proxy.providers.twokeys.api-keys", "k-first-0123456789,k-second-0123456789");
		properties.put("llm-proxy.providers.up.limits.max-event", "1MB");
		properties.put("llm-proxy.providers.up.limits.max-response", "1MB");
		server = TestServer.withUpstream(upstream.url(), properties);
	}

	private static void provider(Map<String, String> properties, String name, String url) {
		properties.put("llm-proxy.providers." + name + ".type", "openai-compatible");
		properties.put("llm-proxy.providers." + name + ".base-url", url + "/v1");
		properties.put("llm-proxy.providers." + name + ".api-key", "k-0123456789abcdef");
		timeouts(properties, name);
	}

	private static void timeouts(Map<String, String> properties, String name) {
		String prefix = "llm-proxy.providers." + name + ".timeouts.";
		properties.put(prefix + "connect", "700ms");
		properties.put(prefix + "response-headers", "1500ms");
		properties.put(prefix + "first-token", "2s");
		properties.put(prefix + "idle", "1500ms");
		properties.put(prefix + "total", "2s");
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
		refusing.close();
		blackhole.close();
		TLS.values().forEach(ScriptedUpstream::close);
	}

	private int seen;

	@BeforeEach
	void remember() {
		this.seen = upstream.requests().size();
	}

	@AfterEach
	void nothingWasSentTwice() {
		assertThat(upstream.requests().size() - this.seen).as("requests upstream").isLessThanOrEqualTo(1);
	}

	private static String request(String model, boolean stream) {
		return "{\"model\":\"" + model + "\",\"stream\":" + stream
				+ ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
	}

	private static RawResponse ask(String model, boolean stream) {
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request(model, stream));
			return client.readResponse(PATIENCE);
		}
	}

	private static void assertError(RawResponse response, int status, String code) {
		assertThat(response.status()).as(response.text()).isEqualTo(status);
		assertThat(response.json().at("/error/code").asString()).isEqualTo(code);
		assertThat(response.json().at("/error/message").asString()).isNotBlank();
		assertThat(response.header("x-request-id")).isNotBlank();
		assertThat(response.json().path("request_id").asString()).isEqualTo(response.header("x-request-id"));
	}

	/** The events of a stream whose head was good. */
	private static List<SseEvent> stream(Script script) {
		upstream.enqueue(script);
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request("up/m", true));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			return client.readEvents(PATIENCE);
		}
	}

	/** The events of a stream that goes wrong only after its first token was read. */
	private static List<SseEvent> committed(UnaryOperator<Script> rest) {
		Gate gate = new Gate();
		upstream.enqueue(rest.apply(Script.sseHead().event(FIRST).event(TOKEN).gate(gate)));
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request("up/m", true));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			List<SseEvent> events = new ArrayList<>();
			events.add(client.readEvent(PATIENCE));
			events.add(client.readEvent(PATIENCE));
			gate.open();
			events.addAll(client.readEvents(PATIENCE));
			assertThat(events.get(1).data()).isEqualTo(TOKEN);
			return events;
		}
	}

	private static void assertEndsWithError(List<SseEvent> events, String code) {
		assertThat(events).isNotEmpty();
		SseEvent last = events.get(events.size() - 1);
		assertThat(last.data()).contains(code);
		assertThat(last.json().at("/error/message").asString()).isNotBlank();
		assertThat(events).noneMatch((event) -> event.data().equals("[DONE]"));
	}

	private static Script sse(String... events) {
		return Script.sse(List.of(events));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fault01_connectRefused(boolean stream) {
		assertError(ask("refused/m", stream), 502, "upstream_connect");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fault02_synBlackhole(boolean stream) {
		assertError(ask("blackhole/m", stream), 502, "upstream_connect_timeout");
	}

	@Test
	void fault03_hostDoesNotExist() {
		assertError(ask("nowhere/m", false), 502, "upstream_dns");
	}

	@ParameterizedTest
	@EnumSource(value = TlsProfile.class, mode = EnumSource.Mode.EXCLUDE, names = "VALID")
	void fault04_s13_tlsThatCanNotBeTrusted(TlsProfile profile) {
		String name = "tls-" + profile.name().toLowerCase(Locale.ROOT).replace('_', '-');
		RawResponse response = ask(name + "/m", false);
		assertThat(response.status()).isEqualTo(502);
		assertThat(response.json().at("/error/code").asString()).isIn("upstream_tls", "upstream_connect_timeout");
		assertThat(TLS.get(profile).requests()).isEmpty();
	}

	@Test
	void fault04_tlsThatCanBeTrustedIsUsed() {
		TLS.get(TlsProfile.VALID).enqueue(Script.json(200, ANSWER));
		assertThat(ask("tls-valid/m", false).status()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fault05_responseHeaderStall(boolean stream) {
		upstream.enqueue(Script.script().stall());
		assertError(ask("up/m", stream), 504, "upstream_timeout");
	}

	@Test
	void fault05_bodyOfAWholeAnswerStalls() {
		upstream.enqueue(Script.script()
			.status(200)
			.header("content-type", "application/json")
			.contentLength(ANSWER.length())
			.write(ANSWER.substring(0, 50))
			.stall());
		assertError(ask("up/m", false), 504, "upstream_timeout");
	}

	@ParameterizedTest
	@MethodSource("beforeTheFirstToken")
	void fault06_stallBeforeTheFirstToken(Script script) {
		upstream.enqueue(script);
		assertError(ask("up/m", true), 504, "upstream_first_token_timeout");
	}

	static Stream<Script> beforeTheFirstToken() {
		Script pings = Script.sseHead();
		for (int i = 0; i < 40; i++) {
			pings = pings.chunk(": ping\n\n").delay(Duration.ofMillis(100));
		}
		return Stream.of(Script.sseHead().stall(), Script.sseHead().event(FIRST).stall(), pings.stall());
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fault07_stallMidStream(boolean withPings) {
		assertEndsWithError(committed((script) -> {
			Script rest = script;
			for (int i = 0; withPings && i < 30; i++) {
				rest = rest.chunk(": ping\n\n").delay(Duration.ofMillis(100));
			}
			return rest.stall();
		}), "upstream_idle_timeout");
	}

	@ParameterizedTest
	@MethodSource("heads")
	void fault08_resetBeforeTheFirstToken(Script head) {
		upstream.enqueue(head.reset());
		assertError(ask("up/m", true), 502, "upstream_connection");
	}

	static Stream<Script> heads() {
		return Stream.of(Script.script(), Script.sseHead(), Script.sseHead().event(FIRST));
	}

	@Test
	void fault09_resetAfterTheFirstToken() {
		assertEndsWithError(committed(Script::reset), "upstream_connection");
	}

	@Test
	void fault10_finInsideAChunkedBody() {
		assertEndsWithError(committed(Script::fin), "upstream_connection");
	}

	@Test
	void fault10_finInsideAWholeAnswer() {
		upstream.enqueue(Script.script()
			.status(200)
			.header("content-type", "application/json")
			.contentLength(ANSWER.length())
			.write(ANSWER.substring(0, 50))
			.fin());
		assertError(ask("up/m", false), 502, "upstream_connection");
	}

	@Test
	void fault11_closeDelimitedTruncation() {
		List<SseEvent> events = stream(Script.script()
			.status(200)
			.header("content-type", "text/event-stream")
			.closeDelimited()
			.write("data: " + TOKEN + "\n\ndata: " + TOKEN.substring(0, 40))
			.close());
		assertThat(events).hasSize(2);
		assertThat(events.get(0).data()).isEqualTo(TOKEN);
		assertEndsWithError(events, "upstream_truncated");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n\n" })
	void fault12_truncatedJsonWithAProperLastChunk(String end) {
		List<SseEvent> events = committed(
				(script) -> script.chunk("data: " + FINISH.substring(0, FINISH.length() - 3) + end).endChunked());
		assertEndsWithError(events, end.isEmpty() ? "upstream_truncated" : "upstream_malformed");
	}

	@Test
	void fault12_truncatedJsonAsAWholeAnswer() {
		upstream.enqueue(Script.json(200, ANSWER.substring(0, 60)));
		assertError(ask("up/m", false), 502, "upstream_malformed");
	}

	@Test
	void fault13_noDoneButAFinishReason() {
		List<SseEvent> events = stream(sse(FIRST, TOKEN, FINISH));
		assertThat(events).hasSize(3);
		assertThat(events.get(2).data()).isEqualTo(FINISH);
	}

	@Test
	void fault14_neitherDoneNorFinishReason() {
		assertEndsWithError(committed(Script::endChunked), "upstream_truncated");
	}

	@Test
	void fault15_unknownFieldsCommentsAndByteOrderMark() {
		String before = ": hello\nfoo: bar\nretry: 10\ndata: " + TOKEN + "\n\n";
		String after = ":\n\nid: 7\ndata:" + FINISH + "\n\ndata: [DONE]\n\n";
		upstream.enqueue(Script.sseHead().chunk("\ufeff" + before).chunk(after).endChunked());
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request("up/m", true));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			assertThat(new String(client.readBody(PATIENCE), StandardCharsets.UTF_8)).isEqualTo(before + after);
		}
	}

	@ParameterizedTest
	@CsvSource({ "16,'\\r'", "17,'\\r\\n'" })
	void fault16_fault17_otherLineEnds(int fault, String escaped) {
		String end = escaped.replace("\\r", "\r").replace("\\n", "\n");
		String body = String.join("", "data: " + FIRST + end + end, "data: " + TOKEN + end + end,
				"data: " + FINISH + end + end, "data: [DONE]" + end + end);
		List<SseEvent> events = stream(Script.script()
			.status(200)
			.header("content-type", "text/event-stream")
			.closeDelimited()
			.drip(body.getBytes(StandardCharsets.UTF_8), 7, Duration.ofMillis(1))
			.close());
		assertThat(events).extracting(SseEvent::data).containsExactly(FIRST, TOKEN, FINISH, "[DONE]");
	}

	@Test
	void fault18_eventOf300KiB() {
		String large = chunk("{\"content\":\"" + "x".repeat(300 << 10) + "\"}", "null");
		assertThat(stream(sse(large, FINISH, "[DONE]"))).extracting(SseEvent::data)
			.containsExactly(large, FINISH, "[DONE]");
	}

	@Test
	void fault19_endlessLineIsCutOff() {
		String part = "x".repeat(64 << 10);
		Script script = Script.sseHead().event(TOKEN).chunk("data: ");
		for (int i = 0; i < 64; i++) {
			script = script.chunk(part);
		}
		assertEndsWithError(stream(script.stall()), "upstream_event_too_large");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fault20_htmlInsteadOfAnAnswer(boolean stream) {
		upstream.enqueue(Script.content(200, "text/html", "<html>hello</html>".getBytes(StandardCharsets.UTF_8)));
		assertError(ask("up/m", stream), 502, "upstream_content_type");
	}

	@ParameterizedTest
	@CsvSource({ "rate_limit_exceeded,429", "server_error,502", "invalid_request_error,400" })
	void fault21_jsonErrorInA200OnAStreamRequest(String code, int status) {
		upstream.enqueue(Script.json(200,
				"{\"error\":{\"message\":\"no\",\"type\":\"" + code + "\",\"param\":null,\"code\":\"" + code + "\"}}"));
		assertError(ask("up/m", true), status, code);
	}

	@ParameterizedTest
	@MethodSource("lifecycles")
	void fault22_fault23_errorBeforeTheFirstToken(List<String> before) {
		List<String> events = new ArrayList<>(before);
		events.add(
				"{\"error\":{\"message\":\"overloaded\",\"type\":\"overloaded_error\",\"param\":null,\"code\":\"overloaded\"}}");
		upstream.enqueue(Script.sse(events));
		assertError(ask("up/m", true), 503, "overloaded");
	}

	static Stream<List<String>> lifecycles() {
		return Stream.of(List.of(), List.of(FIRST), List.of(": ping", FIRST));
	}

	@Test
	void fault24_gzipThatNobodyAskedFor() {
		upstream.enqueue(Script.script()
			.status(200)
			.header("content-type", "application/json")
			.header("content-encoding", "gzip")
			.body(gzip(ANSWER.getBytes(StandardCharsets.UTF_8))));
		assertThat(ask("up/m", false).text()).isEqualTo(ANSWER);
		RecordedRequest request = upstream.requests().get(upstream.requests().size() - 1);
		assertThat(request.header("accept-encoding")).isNull();
	}

	@Test
	void fault24_gzippedStream() {
		String body = "data: " + TOKEN + "\n\ndata: " + FINISH + "\n\ndata: [DONE]\n\n";
		List<SseEvent> events = stream(Script.script()
			.status(200)
			.header("content-type", "text/event-stream")
			.header("content-encoding", "gzip")
			.chunked()
			.chunk(gzip(body.getBytes(StandardCharsets.UTF_8)))
			.endChunked());
		assertThat(events).extracting(SseEvent::data).containsExactly(TOKEN, FINISH, "[DONE]");
	}

	@Test
	void fault24_compressionThatWeCanNotRead() {
		upstream.enqueue(Script.script()
			.status(200)
			.header("content-type", "application/json")
			.header("content-encoding", "br")
			.body("xxxx"));
		assertError(ask("up/m", false), 502, "upstream_content_encoding");
	}

	@Test
	void fault25_gzipBomb() {
		upstream.enqueue(Script.script()
			.status(200)
			.header("content-type", "application/json")
			.header("content-encoding", "gzip")
			.body(gzip(new byte[64 << 20])));
		assertError(ask("up/m", false), 502, "upstream_too_large");
	}

	@Test
	void fault30_overloadedInTheMiddle() {
		String error = "{\"error\":{\"message\":\"overloaded\",\"type\":\"overloaded_error\",\"code\":\"overloaded\"}}";
		List<SseEvent> events = committed((script) -> script.event(error).event(TOKEN).endChunked());
		assertThat(events).hasSize(3);
		assertEndsWithError(events, "overloaded_error");
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 403 })
	void fault31_credentialsRefusedUpstream(int status) {
		upstream.enqueue(Script.json(status,
				"{\"error\":{\"message\":\"Incorrect API key provided: upstream-secret-0123456789\",\"code\":\"invalid_api_key\"}}"));
		RawResponse response = ask("up/m", false);
		assertError(response, 502, "upstream_authentication");
		assertThat(response.text()).doesNotContain("upstream-secret");
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 403 })
	void fault31_credentialsRefusedUpstreamOnARawPath(int status) {
		upstream.enqueue(Script.script()
			.status(status)
			.header("content-type", "application/json")
			.header("www-authenticate", "Bearer realm=\"upstream-secret\"")
			.body("{\"error\":{\"message\":\"Incorrect API key provided: upstream-secret-0123456789\"}}"));
		RawResponse response = passThrough("/providers/up/files");
		assertError(response, 502, "upstream_authentication");
		assertThat(response.text()).doesNotContain("upstream-secret", "Incorrect");
		assertThat(response.headers().toString()).doesNotContain("upstream-secret");
	}

	@Test
	void fault31_aKeyRefusedOnARawPathRests() {
		upstream.enqueue(Script.json(401, "{}"), Script.json(200, "{}"));
		String next = passThroughKey(200);
		List<RecordedRequest> sent = upstream.requests();
		assertThat(sent.get(sent.size() - 2).header("authorization")).isNotNull().isNotEqualTo(next);
		upstream.enqueue(Script.json(200, "{}"));
		assertThat(passThroughKey(200)).isEqualTo(next);
		this.seen += 2;
	}

	/** The key that was sent upstream by the provider that has two of them. */
	private static String passThroughKey(int status) {
		RawResponse response = passThrough("/providers/twokeys/files");
		assertThat(response.status()).as(response.text()).isEqualTo(status);
		RecordedRequest sent = upstream.requests().get(upstream.requests().size() - 1);
		return String.valueOf(sent.header("authorization"));
	}

	private static RawResponse passThrough(String path) {
		try (RawHttpClient client = server.client()) {
			return client.get(path, TestServer.headers());
		}
	}

	@Test
	void fault32_contextLengthPassesThrough() {
		String error = "{\"error\":{\"message\":\"maximum context length\",\"type\":\"invalid_request_error\","
				+ "\"param\":\"messages\",\"code\":\"context_length_exceeded\"}}";
		upstream.enqueue(Script.json(400, error));
		RawResponse response = ask("up/m", false);
		assertThat(response.status()).isEqualTo(400);
		assertThat(response.text()).isEqualTo(error);
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 303, 307, 308 })
	void fault33_s2_redirectsAreNeverFollowed(int status) {
		try (ScriptedUpstream elsewhere = ScriptedUpstream.start()) {
			elsewhere.answerWith(Script.json(200, ANSWER));
			upstream.enqueue(Script.script()
				.status(status)
				.header("location", elsewhere.url() + "/v1/chat/completions")
				.noBody());
			assertError(ask("up/m", false), 502, "upstream_redirect");
			assertThat(elsewhere.connectionsAccepted()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 303, 304, 307, 308 })
	void fault33_s2_redirectsOfARawPathAreNeitherFollowedNorTold(int status) {
		try (ScriptedUpstream elsewhere = ScriptedUpstream.start()) {
			elsewhere.answerWith(Script.json(200, ANSWER));
			upstream.enqueue(Script.script().status(status).header("location", elsewhere.url() + "/files").noBody());
			RawResponse response = passThrough("/providers/up/files");
			assertError(response, 502, "upstream_redirect");
			assertThat(response.header("location")).isNull();
			assertThat(elsewhere.connectionsAccepted()).isZero();
		}
	}

	@Test
	void errorsOfARawPathPassAsTheyAre() {
		upstream.enqueue(Script.json(409, "{\"theirs\":true}"));
		RawResponse response = passThrough("/providers/up/files");
		assertThat(response.status()).isEqualTo(409);
		assertThat(response.text()).isEqualTo("{\"theirs\":true}");
	}

	@Test
	void fault34_informationalResponsesAreSkipped() {
		upstream.enqueue(Script.script()
			.rawBytes("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n")
			.status(200)
			.header("content-type", "application/json")
			.body(ANSWER));
		assertThat(ask("up/m", false).text()).isEqualTo(ANSWER);
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 abc OK\r\n\r\n", "NONSENSE\r\n\r\n",
			"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}x" })
	void fault34_brokenHeads(String head) {
		upstream.enqueue(Script.script().rawBytes(head).stall());
		RawResponse response = ask("up/m", false);
		assertThat(response.status()).isEqualTo(502);
		assertThat(upstream.awaitPeerClosed(PATIENCE)).isNotNull();
	}

	@Test
	void fault35_connectionThatDiedInThePoolIsNotUsed() {
		upstream.enqueue(Script.json(200, ANSWER).close());
		assertThat(ask("up/m", false).status()).isEqualTo(200);
		this.seen++;
		upstream.enqueue(Script.json(200, ANSWER));
		assertThat(ask("up/m", false).status()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fault36_fault38_callerLeavesBeforeTheAnswer(boolean stream) {
		upstream.enqueue(stream ? Script.sseHead().event(FIRST).stall() : Script.script().stall());
		int before = upstream.requests().size();
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request("up/m", stream));
			Awaitility.await().until(() -> upstream.requests().size() > before);
		}
		assertThat(upstream.awaitPeerClosed(Duration.ofSeconds(1))).isNotNull();
	}

	@Test
	void fault37_callerLeavesMidStream() {
		upstream.enqueue(Script.sseHead().event(FIRST).event(TOKEN).stall());
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request("up/m", true));
			client.readHead(PATIENCE);
			client.readEvent(PATIENCE);
		}
		assertThat(upstream.awaitPeerClosed(Duration.ofSeconds(1))).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "x-forwarded-for", "forwarded", "x-api-key", "api-key", "x-goog-api-key", "cookie",
			"proxy-authorization", "te", "openai-organization" })
	void fault55_headersThatMustNotTravel(String name) {
		upstream.enqueue(Script.json(200, ANSWER));
		Map<String, String> headers = new LinkedHashMap<>(TestServer.headers());
		headers.put(name, name.equals("te") ? "trailers" : TestServer.KEY);
		try (RawHttpClient client = server.client()) {
			assertThat(client.post("/v1/chat/completions", headers, request("up/m", false)).status()).isEqualTo(200);
		}
		RecordedRequest sent = upstream.requests().get(upstream.requests().size() - 1);
		assertThat(sent.header(name)).isNull();
		assertThat(sent.header("authorization")).isEqualTo("Bearer " + TestServer.UPSTREAM_KEY);
	}

	@Test
	void fault57_utf8SplitPerByte() {
		String token = chunk("{\"content\":\"grüße 世界 🚀\"}", "null");
		String body = "data: " + token + "\n\ndata: " + FINISH + "\n\ndata: [DONE]\n\n";
		Script script = Script.sseHead();
		for (byte b : body.getBytes(StandardCharsets.UTF_8)) {
			script = script.chunk(new byte[] { b });
		}
		assertThat(stream(script.endChunked())).extracting(SseEvent::data).containsExactly(token, FINISH, "[DONE]");
	}

	@Test
	void s1_nothingInARequestNamesAHost() {
		try (ScriptedUpstream elsewhere = ScriptedUpstream.start()) {
			upstream.enqueue(Script.json(200, ANSWER));
			Map<String, String> headers = new LinkedHashMap<>(TestServer.headers());
			headers.put("x-forwarded-host", "127.0.0.1:" + elsewhere.port());
			headers.put("x-portkey-custom-host", elsewhere.url().toString());
			String body = "{\"model\":\"up/m\",\"api_base\":\"" + elsewhere.url() + "\",\"base_url\":\""
					+ elsewhere.url() + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
			try (RawHttpClient client = server.client()) {
				assertThat(client.post("/v1/chat/completions?api_base=" + elsewhere.url(), headers, body).status())
					.isEqualTo(200);
			}
			assertThat(elsewhere.connectionsAccepted()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/providers/up/../../evil", "/providers/up/%2e%2e/evil", "/providers/up//evil.example/x",
			"/providers/up/..%2fevil", "/providers/up/@evil.example/x/../.." })
	void s1_passThroughPathsStayBelowTheProvider(String path) {
		try (RawHttpClient client = server.client()) {
			RawResponse response = client.get(path, TestServer.headers());
			assertThat(response.status()).isIn(400, 404);
		}
		assertThat(upstream.requests()).hasSize(this.seen);
	}

	private static byte[] gzip(byte[] bytes) {
		ByteArrayOutputStream zipped = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
			gzip.write(bytes);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return zipped.toByteArray();
	}

}
