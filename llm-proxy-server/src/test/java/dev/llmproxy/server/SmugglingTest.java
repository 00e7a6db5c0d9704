package dev.llmproxy.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * S7, S14 and fault 54: requests that two servers could read differently get one refusal
 * and the end of the connection, and nothing behind them is read.
 */
class SmugglingTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String BODY = "{\"model\":\"up/m\",\"messages\":[]}";

	private static final String KEY = "Authorization: Bearer " + TestServer.KEY + "\r\n";

	private static final String LENGTH = "Content-Length: " + BODY.length() + "\r\n";

	private static final String HOST = "Host: gateway\r\n";

	private static final String LINE = "POST /v1/chat/completions HTTP/1.1\r\n";

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start().answerWith(Script.json(200, "{\"choices\":[]}"));
		server = TestServer.withUpstream(upstream.url(), Map.of());
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	static Stream<Arguments> vectors() {
		return Stream.of(framing(), codings(), heads(), hosts(), chunks()).flatMap((vectors) -> vectors);
	}

	private static Stream<Arguments> framing() {
		return Stream.of(arguments("CL.TE", head(LENGTH + "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n"),
				arguments("TE.CL", head("Transfer-Encoding: chunked\r\n" + LENGTH) + chunked()),
				arguments("two lengths", head(LENGTH + "Content-Length: 0\r\n") + BODY),
				arguments("the same length twice", head(LENGTH + LENGTH) + BODY),
				arguments("a list of lengths",
						head("Content-Length: " + BODY.length() + ", " + BODY.length() + "\r\n") + BODY),
				arguments("a signed length", head("Content-Length: +" + BODY.length() + "\r\n") + BODY),
				arguments("a negative length", head("Content-Length: -1\r\n") + BODY),
				arguments("a hexadecimal length", head("Content-Length: 0x1f\r\n") + BODY),
				arguments("an empty length", head("Content-Length:\r\n") + BODY),
				arguments("a length that overflows", head("Content-Length: 18446744073709551617\r\n") + BODY),
				arguments("a space before the colon", head("Content-Length : " + BODY.length() + "\r\n") + BODY),
				arguments("two lengths in HTTP/1.0",
						"POST /v1/chat/completions HTTP/1.0\r\n" + HOST + KEY + LENGTH + "Content-Length: 0\r\n\r\n"
								+ BODY),
				arguments("a coding in HTTP/1.0", "POST /v1/chat/completions HTTP/1.0\r\n" + HOST + KEY
						+ "Transfer-Encoding: chunked\r\n\r\n" + chunked()));
	}

	private static Stream<Arguments> codings() {
		return Stream
			.of("xchunked", "chunked, identity", "identity", "gzip, chunked", "chunked, chunked", "chunked;q=1",
					"\"chunked\"", "chunked\u0000", "\u000bchunked", "chu\rnked", "")
			.map((coding) -> arguments("Transfer-Encoding: " + coding,
					head("Transfer-Encoding: " + coding + "\r\n") + chunked()));
	}

	private static Stream<Arguments> heads() {
		return Stream.of(arguments("a folded header", head("A: b\r\n c\r\n" + LENGTH) + BODY),
				arguments("a folded length", head("Content-Length:\r\n " + BODY.length() + "\r\n") + BODY),
				arguments("a folded first header", LINE + " " + HOST + KEY + LENGTH + "\r\n" + BODY),
				arguments("bare line feeds", (LINE + HOST + KEY + LENGTH + "\r\n").replace("\r", "") + BODY),
				arguments("one bare line feed", head("A: b\n" + LENGTH) + BODY),
				arguments("a bare carriage return", head("A: b\rContent-Length: 0\r\n" + LENGTH) + BODY),
				arguments("NUL in a value", head("A: b\u0000c\r\n" + LENGTH) + BODY),
				arguments("NUL in a name", head("A\u0000: b\r\n" + LENGTH) + BODY),
				arguments("no colon", head("A b\r\n" + LENGTH) + BODY),
				arguments("no name", head(": b\r\n" + LENGTH) + BODY),
				arguments("two spaces", LINE.replace(" /", "  /") + HOST + KEY + LENGTH + "\r\n" + BODY),
				arguments("a tab", LINE.replace(" /", "\t/") + HOST + KEY + LENGTH + "\r\n" + BODY),
				arguments("a space in front", " " + LINE + HOST + KEY + LENGTH + "\r\n" + BODY),
				arguments("a space behind", LINE.replace("1.1", "1.1 ") + HOST + KEY + LENGTH + "\r\n" + BODY),
				arguments("HTTP/0.9", "GET /v1/models\r\n"),
				arguments("an unknown version", LINE.replace("1.1", "1.2") + HOST + KEY + LENGTH + "\r\n" + BODY),
				arguments("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
				arguments("another protocol", LINE.replace("HTTP", "HTCPCP") + HOST + KEY + LENGTH + "\r\n" + BODY),
				arguments("a whole address",
						LINE.replace(" /", " http://other/") + HOST + KEY + LENGTH + "\r\n" + BODY),
				arguments("CONNECT", "CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n" + KEY + "\r\n"),
				arguments("a hidden body",
						"GET /v1/models HTTP/1.1\r\n" + HOST + KEY
								+ "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\nGET /x H"),
				arguments("not HTTP", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n"));
	}

	private static Stream<Arguments> hosts() {
		return Stream
			.of("", "Host:\r\n", "Host: a\r\nHost: b\r\n", "Host: a\r\nHost: a\r\n", "Host: a, b\r\n", "Host: a@b\r\n",
					"Host: a/b\r\n", "Host: a b\r\n", "Host: a:99999\r\n", "Host: [::1\r\n")
			.map((host) -> arguments(host.isEmpty() ? "no host" : host.replace("\r\n", " "),
					LINE + host + KEY + LENGTH + "\r\n" + BODY));
	}

	private static Stream<Arguments> chunks() {
		return Stream
			.of("0x1e\r\n", "+1e\r\n", "-1\r\n", " 1e\r\n", "1e \r\n", "1e x\r\n", "1e\n", "1e\u0000\r\n", "\r\n",
					"g\r\n", "1\u00e5\r\n", "fffffffffffffffff\r\n", "1e\r\n" + BODY + "XX0\r\n\r\n",
					"1e;a=\u0000\r\n" + BODY, "1e\r\n" + BODY + "\r\n0\r\nA: b\r\n c\r\n\r\n")
			.map((chunk) -> arguments("chunk " + chunk.replace("\r\n", " "),
					head("Transfer-Encoding: chunked\r\n") + chunk));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("vectors")
	void theRequestIsRefusedAndTheConnectionEnds(String name, String request) {
		int before = upstream.requests().size();
		try (Logs logs = Logs.capture(); RawHttpClient client = server.client()) {
			client.send(request.getBytes(StandardCharsets.ISO_8859_1));
			RawResponse response = client.readResponse(PATIENCE);
			assertThat(response.status()).isEqualTo(400);
			assertThat(response.header("connection")).isEqualToIgnoringCase("close");
			assertThat(response.json().at("/error/message").asString()).isNotEmpty();
			assertThat(response.json().at("/request_id").asString()).isEqualTo(response.header("x-request-id"));
			client.awaitClosed(PATIENCE);
			assertThat(logs.from(Level.WARN)).isEmpty();
		}
		assertThat(upstream.requests()).hasSize(before);
	}

	@Test
	void whatIsHiddenBehindARefusedRequestIsNotRead() {
		int before = upstream.requests().size();
		String hidden = LINE + HOST + KEY + LENGTH + "\r\n" + BODY;
		try (RawHttpClient client = server.client()) {
			client.send(head(LENGTH + "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n" + hidden + hidden);
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(400);
			client.awaitClosed(PATIENCE);
		}
		assertThat(upstream.requests()).hasSize(before);
	}

	@Test
	void aRefusalDoesNotOvertakeTheAnswerToAnEarlierRequest() {
		try (RawHttpClient client = server.client()) {
			client.send(LINE + HOST + KEY + LENGTH + "\r\n" + BODY + "GET /  HTTP/1.1\r\n\r\n");
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(200);
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(400);
			client.awaitClosed(PATIENCE);
		}
	}

	@Test
	void honestRequestsPassInChunksAndOneAfterTheOther() {
		String request = head("Transfer-Encoding: chunked\r\n") + chunked();
		try (RawHttpClient client = server.client()) {
			client.send(request + request);
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(200);
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(200);
			client.send(request);
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(200);
		}
	}

	private static String head(String headers) {
		return LINE + HOST + KEY + headers + "\r\n";
	}

	private static String chunked() {
		return Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n0\r\n\r\n";
	}

}
