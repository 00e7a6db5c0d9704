package dev.llmproxy.web.connection;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class GuardHandlerTest {

	private static final String GET = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

	private static final String POST = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n";

	private final GuardedChannel guarded = new GuardedChannel();

	@ParameterizedTest
	@ValueSource(strings = { "", "Host:\r\n", "Host: a\r\nHost: a\r\n", "Host: a, b\r\n", "Host: a b\r\n",
			"Host: u@a\r\n", "Host: a/b\r\n", "Host: a:\r\n", "Host: a:x\r\n", "Host: a:65536\r\n", "Host: [::1\r\n",
			"Host: [1]\r\n", "Host: :80\r\n", "Host: a:80:80\r\n", "Host: [::1]x\r\n" })
	void thereIsOneValidHost(String host) {
		assertThat(this.guarded.receive("GET /a HTTP/1.1\r\n" + host + "\r\n").sent()).startsWith("HTTP/1.1 400")
			.contains("invalid_host /a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://h/a", "*", "h:80", "/a#b", "/a%", "/a%0", "/a%zz", "/a%00", "/..", "/a/../b", "/.",
			"/%2e%2E/a", "/.%2e", "/a/%2e?b", "/a|b", "/a\\b", "/a\"b", "/<a>", "/{a}", "/a^" })
	void targetsArePathsOfUriCharacters(String target) {
		assertThat(this.guarded.receive("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n").sent())
			.startsWith("HTTP/1.1 400")
			.contains("malformed_target");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/...", "/a..b/.c", "/v1beta/models/a%2Fb:generateContent?x=/../&y[]=?",
			"/~a!$&'()*+,;=:@" })
	void otherTargetsPass(String target) {
		this.guarded.receive("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
		assertThat(this.guarded.passedOn()).containsExactly(target);
	}

	@ParameterizedTest
	@CsvSource({ "100,200", "101,414" })
	void theRequestLineHasALimit(int length, String status) {
		String path = "/" + "a".repeat(length - "GET / HTTP/1.1".length());
		assertThat(status("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n")).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource({ "200,200", "201,431" })
	void theHeadersHaveALimit(int size, String status) {
		String value = "a".repeat(size - "Host: h".length() - "A: ".length());
		assertThat(status("GET /a HTTP/1.1\r\nHost: h\r\nA: " + value + "\r\n\r\n")).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource({ "5,200", "6,431" })
	void theNumberOfHeadersHasALimit(int count, String status) {
		assertThat(status("GET /a HTTP/1.1\r\nHost: h\r\n" + "A: b\r\n".repeat(count - 1) + "\r\n")).isEqualTo(status);
	}

	/** The status a request is refused with, or is answered with if it is passed on. */
	private String status(String request) {
		this.guarded.receive(request);
		if (!this.guarded.passedOn().isEmpty()) {
			this.guarded.answer("");
		}
		return this.guarded.sent().substring("HTTP/1.1 ".length()).substring(0, 3);
	}

	@AfterEach
	void close() {
		this.guarded.close();
	}

	@Test
	void refusalsSayWhatTheyHaveToAndEndTheConnection() {
		String sent = this.guarded.receive("GET /a HTTP/1.1\r\n\r\n").sent();
		assertThat(sent).contains("x-request-id: id\r\n", "x-extra: yes\r\n", "content-type: application/json\r\n",
				"connection: close\r\n");
		this.guarded.pass(Duration.ofSeconds(2));
		assertThat(this.guarded.channel.isOpen()).isFalse();
	}

	@Test
	void aRefusalWaitsForEarlierAnswers() {
		this.guarded.receive(GET + "GET /b HTTP/1.1\r\n\r\n" + GET);
		assertThat(this.guarded.sent()).isEmpty();
		String sent = this.guarded.answer("first").sent();
		assertThat(sent).contains("first").contains("invalid_host");
		assertThat(sent.indexOf("first")).isLessThan(sent.indexOf("HTTP/1.1 400"));
		assertThat(this.guarded.passedOn()).containsExactly("/a");
	}

	@Test
	void aMalformedBodyEndsItsRequestAtOnce() {
		this.guarded.receive("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\nzz\r\n");
		assertThat(this.guarded.sent()).startsWith("HTTP/1.1 400").contains("malformed_chunk");
		assertThat(this.guarded.channel.isOpen()).isFalse();
	}

	@Test
	void anAnswerThatDoesNotWaitForTheBodyIsTheLast() {
		this.guarded.receive(POST + "some");
		assertThat(this.guarded.answer("no").sent()).contains("200 OK").contains("connection: close").endsWith("no");
		this.guarded.receive("more").receive(GET);
		assertThat(this.guarded.passedOn()).containsExactly("/a", "[some]");
		this.guarded.pass(Duration.ofSeconds(2));
		assertThat(this.guarded.channel.isOpen()).isFalse();
	}

	@Test
	void aBodyThatNobodyWantsCanNotCauseASecondAnswer() {
		this.guarded.receive("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
		this.guarded.answer("no").receive("zz\r\n");
		assertThat(this.guarded.sent()).containsOnlyOnce("HTTP/1.1");
	}

	@Test
	void slowHeadersTimeOut() {
		this.guarded.receive("GET /a HTTP/1.1\r\nHo");
		this.guarded.pass(Duration.ofSeconds(3)).receive("st").pass(Duration.ofMillis(500));
		assertThat(this.guarded.sent()).isEmpty();
		this.guarded.pass(Duration.ofSeconds(2));
		assertThat(this.guarded.sent()).startsWith("HTTP/1.1 408").contains("request_timeout");
	}

	@Test
	void slowBodiesTimeOut() {
		this.guarded.receive(POST);
		for (int i = 0; i < 8; i++) {
			this.guarded.pass(Duration.ofSeconds(1)).receive("x");
		}
		this.guarded.pass(Duration.ofSeconds(2));
		assertThat(this.guarded.sent()).startsWith("HTTP/1.1 408");
		assertThat(this.guarded.channel.isOpen()).isFalse();
	}

	@Test
	void bodiesThatKeepTheRateMayTakeLong() {
		this.guarded.receive(POST);
		for (int i = 0; i < 60; i++) {
			this.guarded.pass(Duration.ofSeconds(1)).receive("x".repeat(1000));
		}
		assertThat(this.guarded.sent()).isEmpty();
		assertThat(this.guarded.channel.isOpen()).isTrue();
	}

	@Test
	void idleConnectionsAreClosed() {
		this.guarded.receive(GET).answer("ok").pass(Duration.ofSeconds(19));
		assertThat(this.guarded.channel.isOpen()).isTrue();
		this.guarded.pass(Duration.ofSeconds(3));
		assertThat(this.guarded.channel.isOpen()).isFalse();
	}

	@Test
	void requestsThatAreWorkedOnMayTakeLong() {
		this.guarded.receive(GET).pass(Duration.ofMinutes(10));
		assertThat(this.guarded.answer("ok").sent()).endsWith("ok");
	}

}
