package dev.llmproxy.web.connection;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class StrictHttpCodecTest {

	private static final String CHUNKED = "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

	@Test
	void wellFormedRequestsPass() {
		try (GuardedChannel guarded = new GuardedChannel()) {
			guarded.receive("GET /a?b=[1] HTTP/1.1\r\nHost: h:80\r\nEmpty:\r\n\r\n");
			assertThat(guarded.passedOn()).containsExactly("/a?b=[1]");
			assertThat(guarded.answer("ok").sent()).contains("200 OK").doesNotContain("close");
			guarded.receive("POST /b HTTP/1.0\r\nHost: [::1]\r\nContent-Length: 3\r\n\r\nabc");
			assertThat(guarded.passedOn()).containsExactly("/b", "[abc]");
		}
	}

	@Test
	void whereAMessageIsCutMakesNoDifference() {
		String message = CHUNKED + "3\r\nabc\r\n0a;name=value\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"
				+ "GET /b HTTP/1.1\r\nHost: h\r\n\r\n";
		for (int cut = 1; cut < message.length(); cut++) {
			try (GuardedChannel guarded = new GuardedChannel()) {
				guarded.receive(message.substring(0, cut)).receive(message.substring(cut));
				String all = String.join("", guarded.passedOn()).replace("][", "");
				assertThat(all).as("cut at " + cut).isEqualTo("/a[abc0123456789]/b");
			}
		}
	}

	@Test
	void everyByteMayComeAlone() {
		try (GuardedChannel guarded = new GuardedChannel()) {
			(CHUNKED + "3\r\nabc\r\n0\r\n\r\n").chars().forEach((c) -> guarded.receive(String.valueOf((char) c)));
			assertThat(guarded.passedOn()).containsExactly("/a", "[a]", "[b]", "[c]");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET  /a HTTP/1.1", " GET /a HTTP/1.1", "GET /a  HTTP/1.1", "GET\t/a HTTP/1.1",
			"GET /a HTTP/1.1 ", "GET /a\u000bHTTP/1.1", "GET /a", "GET /a HTTP/1.2", "GET /a HTTP/2.0",
			"GET /a XTTP/1.1", "GET /a HTTP/1.1x", "GET /\u00e9 HTTP/1.1", "GET /a\u0000b HTTP/1.1", "PRI * HTTP/2.0",
			"/a HTTP/1.1" })
	void requestLinesAreThreeWordsAndTwoSpaces(String line) {
		assertThat(refusal(line + "\r\nHost: h\r\n\r\n")).startsWith("malformed_request_line");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host: h\r\nA: b\r\n c", "Host: h\r\nA: b\r\n\tc", "Host: h\r\n \r\nA: b", " Host: h",
			"Host: h\r\nA : b", "Host: h\r\nA\u0000: b", "Host: h\r\nA: b\u0000c", "Host: h\r\nA: b\rc",
			"Host: h\r\nA b", "Host: h\r\n: b", "Host: h\nA: b", "Host: h\r\nContent-Length: +5",
			"Host: h\r\nContent-Length: 5, 5", "Host: h\r\nContent-Length: 5\r\nContent-Length: 5",
			"Host: h\r\nContent-Length: 0x5", "Host: h\r\nContent-Length: -1", "Host: h\r\nContent-Length:",
			"Host: h\r\nContent-Length: 99999999999999999999",
			"Host: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked" })
	void headersAreWellFormed(String headers) {
		assertThat(refusal("POST /a HTTP/1.1\r\n" + headers + "\r\n\r\n")).startsWith("malformed_header");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Transfer-Encoding: xchunked", "Transfer-Encoding: gzip, chunked",
			"Transfer-Encoding: identity", "Transfer-Encoding: chunked, identity",
			"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding: gzip",
			"Transfer-Encoding: identity\r\nContent-Length: 5", "Transfer-Encoding: \"chunked\"",
			"Transfer-Encoding:" })
	void theOnlyCodingIsChunked(String headers) {
		assertThat(refusal("POST /a HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n\r\n"))
			.matches("(invalid_framing|malformed_header) .*");
	}

	@Test
	void aSecondLengthIsRefusedInHttp10Too() {
		assertThat(refusal("POST /a HTTP/1.0\r\nHost: h\r\nContent-Length: 5\r\ncontent-length: 6\r\n\r\n"))
			.startsWith("invalid_framing");
	}

	@Test
	void oldWebSocketHandshakesHaveNoHiddenBody() {
		assertThat(refusal("GET /a HTTP/1.1\r\nHost: h\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n"))
			.startsWith("invalid_framing");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1\u00e5\r\nab\r\n", "5 \r\nhello", " 5\r\nhello", "5 x\r\nhello", "0x5\r\nhello",
			"+5\r\nhello", "-1\r\n", "\r\n", "g\r\n", "5\nhello", "5\u0000\r\nhello", "FFFFFFFFFFFFFFFF0\r\n",
			"ffffffff\r\n", "5\r\nhelloXX", "5\r\nhell\r\n0\r\n\r\n", "5;a=\u0000\r\nhello\r\n",
			"0\r\nA: b\r\n c\r\n\r\n", "0\r\nA\r\n\r\n" })
	void chunksAreWellFormed(String body) {
		assertThat(refusal(CHUNKED + body)).matches("(malformed_chunk|malformed_header) .*");
	}

	@Test
	void nothingBehindAMalformedRequestIsRead() {
		try (GuardedChannel guarded = new GuardedChannel()) {
			guarded.receive("GET  /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n");
			guarded.receive("GET /c HTTP/1.1\r\nHost: h\r\n\r\n");
			assertThat(guarded.passedOn()).isEqualTo(List.of());
			assertThat(guarded.sent()).containsOnlyOnce("HTTP/1.1 400");
		}
	}

	@Test
	void oneStrayLineEndIsForgivenAndNoMore() {
		try (GuardedChannel guarded = new GuardedChannel()) {
			guarded.receive("\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n");
			assertThat(guarded.passedOn()).containsExactly("/a");
		}
		assertThat(refusal("\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n")).startsWith("malformed_request_line");
	}

	@Test
	void answersToHeadHaveNoBody() {
		try (GuardedChannel guarded = new GuardedChannel()) {
			guarded.receive("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n");
			assertThat(guarded.answer("first").sent()).endsWith("\r\n\r\n");
			assertThat(guarded.answer("second").sent()).endsWith("second");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 26, 16 * 1024, 16 * 1024 + 1 })
	void chunksOfAnAnswerAreWrittenAsTheyShould(int length) {
		String content = "x".repeat(length);
		try (GuardedChannel guarded = new GuardedChannel()) {
			guarded.receive("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
			stream(guarded, content);
			int pieces = guarded.channel.outboundMessages().size();
			assertThat(guarded.sent())
				.endsWith("\r\n\r\n" + Integer.toHexString(length) + "\r\n" + content + "\r\n" + "1\r\ny\r\n0\r\n\r\n");
			// The head, the two chunks and the end; only what is long comes in parts.
			assertThat(pieces).isEqualTo((length > 16 * 1024) ? 6 : 4);
			guarded.receive("GET /b HTTP/1.1\r\nHost: h\r\n\r\n");
			assertThat(guarded.answer("whole").sent()).endsWith("\r\n\r\nwhole");
		}
	}

	@Test
	void aStreamThatAnswersHeadHasNoChunks() {
		try (GuardedChannel guarded = new GuardedChannel()) {
			guarded.receive("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n");
			stream(guarded, "content");
			assertThat(guarded.sent()).endsWith("\r\n\r\n").doesNotContain("content");
		}
	}

	@Test
	void aShortAnswerLeavesInOnePiece() {
		try (GuardedChannel guarded = new GuardedChannel()) {
			guarded.receive("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").answer("x".repeat(700));
			assertThat(guarded.channel.outboundMessages()).hasSize(1);
		}
	}

	private static void stream(GuardedChannel guarded, String content) {
		DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
		head.headers().set("transfer-encoding", "chunked");
		guarded.channel.writeOutbound(head,
				new DefaultHttpContent(Unpooled.copiedBuffer(content, StandardCharsets.US_ASCII)),
				new DefaultHttpContent(Unpooled.copiedBuffer("y", StandardCharsets.US_ASCII)),
				LastHttpContent.EMPTY_LAST_CONTENT);
	}

	/** The body of the one refusal that bytes lead to. */
	private static String refusal(String bytes) {
		try (GuardedChannel guarded = new GuardedChannel()) {
			String sent = guarded.receive(bytes).sent();
			assertThat(sent).startsWith("HTTP/1.1 400 Bad Request\r\n").containsIgnoringCase("connection: close");
			return sent.substring(sent.indexOf("\r\n\r\n") + 4);
		}
	}

}
