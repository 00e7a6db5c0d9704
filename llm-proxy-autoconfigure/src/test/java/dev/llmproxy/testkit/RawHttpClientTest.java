package dev.llmproxy.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class RawHttpClientTest {

	private static final Duration SOON = Duration.ofSeconds(10);

	private final ScriptedUpstream server = ScriptedUpstream.start();

	private final RawHttpClient client = RawHttpClient.connect(this.server.port());

	@AfterEach
	void close() {
		this.client.close();
		this.server.close();
	}

	@Test
	void postsJson() {
		this.server.answerWith((request) -> Script.json(200, request.text()));
		RawResponse response = this.client.post("/a", Map.of("X-Test", "1"), "{\"b\":1}");
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.header("CONTENT-TYPE")).isEqualTo("application/json");
		assertThat(response.json().get("b").asInt()).isEqualTo(1);
		RecordedRequest request = this.server.takeRequest(SOON);
		assertThat(request.header("x-test")).isEqualTo("1");
		assertThat(request.header("content-type")).isEqualTo("application/json");
		assertThat(this.client.post("/a", Map.of("content-type", "text/plain"), "x").text()).isEqualTo("x");
		assertThat(this.server.takeRequest(SOON).headers().all("content-type")).containsExactly("text/plain");
	}

	@Test
	void pipelines() {
		this.server.answerWith((request) -> Script.json(200, request.path()));
		this.client.sendPost("/1", Map.of(), "{}").sendPost("/2", Map.of(), "{}");
		this.client.send("GET", "/3", Map.of(), new byte[0]);
		for (String path : List.of("/1", "/2", "/3")) {
			assertThat(this.client.readResponse().text()).isEqualTo(path);
		}
		assertThat(this.server.connectionsAccepted()).isEqualTo(1);
	}

	@Test
	void dripsARequestByteByByte() {
		this.server.enqueue(Script.json(200, "{}"));
		byte[] request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}".getBytes(StandardCharsets.UTF_8);
		assertThat(this.client.drip(request, 1, Duration.ZERO).readResponse().status()).isEqualTo(200);
		assertThat(this.server.takeRequest(SOON).text()).isEqualTo("{}");
	}

	@Test
	void halfClosesAndStillReads() {
		Gate gate = new Gate();
		this.server.enqueue(Script.json(200, "{}"));
		this.client.sendPost("/", Map.of(), "{}").halfClose();
		assertThat(this.client.readResponse().status()).isEqualTo(200);
		assertThat(this.server.awaitPeerClosed(SOON).how()).isEqualTo(PeerClosed.How.FIN);
		assertThat(this.client.awaitClosed(SOON)).isEqualTo(RawHttpClient.Closed.FIN);
		gate.open();
	}

	@Test
	void readsEventsAndCommentsAsTheyCome() {
		this.server.enqueue(Script.sse(List.of(": hi", "event: a\nid: 1\ndata: x\ndata: y", "[DONE]")));
		this.client.sendPost("/", Map.of(), "{}").readHead();
		assertThat(this.client.readEvent(SOON)).isEqualTo(new SseEvent("a", "x\ny", "1"));
		assertThat(this.client.comments()).containsExactly("hi");
		assertThat(this.client.readEvents(SOON)).containsExactly(new SseEvent(null, "[DONE]", null));
	}

	@Test
	void readsABodyInPieces() {
		this.server.enqueue(Script.script().status(200).chunked().chunk("abc").chunk("d").endChunked());
		this.client.sendPost("/", Map.of(), "{}").readHead();
		assertThat(this.client.readSome(2, SOON)).containsExactly('a', 'b');
		assertThatIllegalStateException().isThrownBy(this.client::readHead);
		assertThat(this.client.readBody(SOON)).containsExactly('c', 'd');
		assertThat(this.client.readSome(2, SOON)).isEmpty();
	}

	@Test
	void goesOnAfterATimeOutWhereverItWas() {
		Gate[] gates = { new Gate(), new Gate(), new Gate(), new Gate() };
		this.server.enqueue(Script.script()
			.rawBytes("HTTP/1.1 200 OK\r\nTransfer-Enc")
			.gate(gates[0])
			.rawBytes("oding: chunked\r\n\r\n")
			.rawBytes("7\r\ndat")
			.gate(gates[1])
			.rawBytes("a: x\r\n5\r\n\n\ndat\r\n0")
			.gate(gates[2])
			.rawBytes("\r\nTrailer: 1\r\n")
			.gate(gates[3])
			.rawBytes("\r\n"));
		this.client.sendPost("/", Map.of(), "{}");
		gates[0].awaitReached(SOON);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.client.readHead(Duration.ofMillis(50)));
		gates[0].open();
		assertThat(this.client.readHead().status()).isEqualTo(200);
		gates[1].awaitReached(SOON);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.client.readEvent(Duration.ofMillis(50)));
		gates[1].open();
		assertThat(this.client.readEvent(SOON)).isEqualTo(new SseEvent(null, "x", null));
		for (int i = 2; i < gates.length; i++) {
			gates[i].awaitReached(SOON);
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> this.client.readSome(8, Duration.ofMillis(50)));
			gates[i].open();
		}
		assertThatExceptionOfType(WireFormatException.class).isThrownBy(() -> this.client.readEvent(SOON))
			.withMessageContaining("inside an event");
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 200 OK\n\n",
			"HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
			"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\na\r\n0\r\n\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
			"HTTP/1.1 200 OK\r\nA: \u0001\r\n\r\n", "banana\r\n\r\n" })
	void rejectsMalformedResponses(String response) {
		this.server.enqueue(Script.script().rawBytes(response));
		this.client.sendPost("/", Map.of(), "{}");
		assertThatExceptionOfType(WireFormatException.class).isThrownBy(this.client::readResponse)
			.satisfies((ex) -> assertThat(ex.isTruncated()).isFalse());
	}

	@ParameterizedTest
	@ValueSource(strings = { "event: a\n\n", "data\n\n", "dat: 1\n\n" })
	void rejectsMalformedEvents(String event) {
		this.server.enqueue(Script.script().status(200).chunked().chunk(event).endChunked());
		this.client.sendPost("/", Map.of(), "{}").readHead();
		assertThatExceptionOfType(WireFormatException.class).isThrownBy(() -> this.client.readEvent(SOON));
	}

	@Test
	void readsNoBodyWhereThereIsNone() {
		this.server.enqueue(Script.script().status(204).noBody(),
				Script.script().status(200).contentLength(5).rawBytes(""), Script.json(200, "{}"));
		assertThat(this.client.post("/", Map.of(), "").status()).isEqualTo(204);
		this.client.send("HEAD", "/", Map.of(), new byte[0]);
		assertThat(this.client.readResponse().header("content-length")).isEqualTo("5");
		assertThat(this.client.get("/", Map.of()).text()).isEqualTo("{}");
	}

	@Test
	void saysWhatTheServerWroteInsteadOfClosing() {
		this.server.enqueue(Script.json(200, "{}"));
		this.client.sendPost("/", Map.of(), "{}");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.client.awaitClosed(SOON))
			.withMessageContaining("HTTP/1.1 200 OK");
	}

}
