package dev.llmproxy.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class ScriptedUpstreamTest {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final byte[] LARGE = new byte[300_000];

	static {
		Arrays.fill(LARGE, (byte) 'x');
	}

	private final ScriptedUpstream upstream = ScriptedUpstream.start();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@AfterEach
	void close() {
		this.upstream.close();
	}

	private HttpRequest post(String path, BodyPublisher body) {
		return HttpRequest.newBuilder(this.upstream.url().resolve(path)).POST(body).timeout(SOON).build();
	}

	private HttpResponse<String> send(String path, String body) throws Exception {
		return this.client.send(post(path, BodyPublishers.ofString(body)), BodyHandlers.ofString());
	}

	@Test
	void recordsARequestAndAnswersIt() throws Exception {
		this.upstream.enqueue(Script.json(418, "{\"a\":1}"));
		HttpRequest request = HttpRequest.newBuilder(this.upstream.url().resolve("/v1/x?q=a%20b&empty"))
			.header("X-Many", "1")
			.header("X-Many", "2")
			.POST(BodyPublishers.ofString("{\"é\":true}"))
			.build();
		HttpResponse<String> response = this.client.send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(418);
		assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
		assertThat(response.body()).isEqualTo("{\"a\":1}");
		RecordedRequest recorded = this.upstream.takeRequest(SOON);
		assertThat(recorded.method()).isEqualTo("POST");
		assertThat(recorded.target()).isEqualTo("/v1/x?q=a%20b&empty");
		assertThat(recorded.path()).isEqualTo("/v1/x");
		assertThat(recorded.query("q")).isEqualTo("a b");
		assertThat(recorded.query("empty")).isEmpty();
		assertThat(recorded.query("none")).isNull();
		assertThat(recorded.headers().all("x-many")).containsExactly("1", "2");
		assertThat(recorded.header("content-length")).isEqualTo("11");
		assertThat(recorded.json().get("é").asBoolean()).isTrue();
		assertThat(recorded.connection()).isEqualTo(1);
		assertThat(this.upstream.requests()).containsExactly(recorded);
		assertThat(this.upstream.failures()).isEmpty();
	}

	@Test
	void readsAChunkedBody() throws Exception {
		this.upstream.answerWith(Script.json(200, "{}"));
		BodyPublisher unsized = BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(LARGE));
		this.client.send(post("/", unsized), BodyHandlers.discarding());
		RecordedRequest recorded = this.upstream.takeRequest(SOON);
		assertThat(recorded.header("transfer-encoding")).isEqualTo("chunked");
		assertThat(recorded.body()).isEqualTo(LARGE);
	}

	@Test
	void keepsConnectionsAlive() throws Exception {
		this.upstream.answerWith((request) -> Script.json(200, request.text()));
		assertThat(send("/", "one").body()).isEqualTo("one");
		assertThat(send("/", "two").body()).isEqualTo("two");
		assertThat(this.upstream.connectionsAccepted()).isEqualTo(1);
		assertThat(this.upstream.openConnections()).isEqualTo(1);
		assertThat(this.upstream.connections().get(0).events()).extracting(ConnectionEvent::kind)
			.startsWith(ConnectionEvent.Kind.ACCEPTED, ConnectionEvent.Kind.REQUEST);
	}

	@Test
	void playsEnqueuedScriptsBeforeItAsksTheHandler() throws Exception {
		this.upstream.answerWith(Script.json(200, "last")).enqueue(Script.json(503, "a"), Script.json(429, "b"));
		assertThat(send("/", "").statusCode()).isEqualTo(503);
		assertThat(send("/", "").statusCode()).isEqualTo(429);
		assertThat(send("/", "").statusCode()).isEqualTo(200);
	}

	@Test
	void reportsRequestsWithoutAScriptAndHandlersThatThrow() throws Exception {
		assertThat(send("/", "").statusCode()).isEqualTo(500);
		this.upstream.answerWith((request) -> {
			throw new AssertionError("wrong " + request.path());
		});
		assertThat(send("/b", "").body()).contains("wrong /b");
		assertThat(this.upstream.failures()).hasSize(2).last().asString().contains("wrong /b");
	}

	@Test
	void writesTheStepsAfterAGateOnlyWhenItIsOpened() throws Exception {
		Gate gate = new Gate();
		this.upstream.enqueue(Script.sseHead().event("first").gate(gate).event("second").endChunked());
		try (RawHttpClient raw = RawHttpClient.connect(this.upstream.url())) {
			raw.sendPost("/", Map.of(), "{}").readHead();
			assertThat(raw.readEvent(SOON)).isEqualTo(new SseEvent(null, "first", null));
			gate.awaitReached(SOON);
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> raw.readEvent(Duration.ofMillis(50)));
			gate.open();
			assertThat(raw.readEvent(SOON)).isEqualTo(new SseEvent(null, "second", null));
			assertThat(raw.readEvent(SOON)).isNull();
		}
	}

	@Test
	void waitsForALatchBeforeTheHead() throws Exception {
		CountDownLatch latch = new CountDownLatch(1);
		this.upstream.enqueue(Script.script().await(latch).then(Script.json(200, "late")));
		CompletableFuture<HttpResponse<String>> response = this.client.sendAsync(post("/", BodyPublishers.noBody()),
				BodyHandlers.ofString());
		this.upstream.takeRequest(SOON);
		assertThat(response).isNotDone();
		latch.countDown();
		assertThat(response.get().body()).isEqualTo("late");
	}

	@Test
	void seesAClientLeaveInAnOrderlyWayWhileItStalls() {
		this.upstream.enqueue(Script.sseHead().event("first").stall());
		try (RawHttpClient raw = RawHttpClient.connect(this.upstream.url())) {
			raw.sendPost("/", Map.of(), "{}").readHead();
			raw.readEvent(SOON);
			assertThat(this.upstream.openConnections()).isEqualTo(1);
		}
		PeerClosed left = this.upstream.awaitPeerClosed(SOON);
		assertThat(left.how()).isEqualTo(PeerClosed.How.FIN);
		assertThat(left.connection()).isEqualTo(1);
		assertThat(this.upstream.openConnections()).isZero();
	}

	@Test
	void seesAClientResetWhileItWaits() {
		Gate gate = new Gate();
		this.upstream.enqueue(Script.script().gate(gate).then(Script.json(200, "{}")));
		RawHttpClient raw = RawHttpClient.connect(this.upstream.url()).sendPost("/", Map.of(), "{}");
		gate.awaitReached(SOON);
		raw.reset();
		assertThat(this.upstream.awaitPeerClosed(SOON).how()).isEqualTo(PeerClosed.How.RESET);
	}

	@Test
	void saysThatAClientHasNotLeft() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.upstream.awaitPeerClosed(Duration.ofMillis(10)));
		this.upstream.enqueue(Script.script().stall());
		try (RawHttpClient raw = RawHttpClient.connect(this.upstream.url())) {
			raw.sendPost("/", Map.of(), "{}");
			this.upstream.takeRequest(SOON);
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> this.upstream.awaitPeerClosed(Duration.ofMillis(50)));
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> this.upstream.takeRequest(Duration.ofMillis(10)));
		}
	}

	@Test
	void cutsABodyInEveryWay() {
		this.upstream.enqueue(Script.sseHead().event("first").fin(), Script.sseHead().event("first").reset(),
				Script.script().status(200).contentLength(10).write("four").fin(),
				Script.script().status(200).closeDelimited().write("all of it"), Script.script().fin(),
				Script.script().reset());
		try (RawHttpClient raw = exchange()) {
			assertThatExceptionOfType(WireFormatException.class).isThrownBy(raw::readResponse)
				.satisfies((ex) -> assertThat(ex.isTruncated()).isTrue())
				.satisfies((ex) -> assertThat(ex.partialBody()).isEqualTo("data: first\n\n"));
		}
		try (RawHttpClient raw = exchange()) {
			raw.readHead();
			raw.readEvent(SOON);
			assertThat(raw.awaitClosed(SOON)).isEqualTo(RawHttpClient.Closed.RESET);
		}
		try (RawHttpClient raw = exchange()) {
			assertThatExceptionOfType(WireFormatException.class).isThrownBy(raw::readResponse)
				.withMessageContaining("6 bytes missing");
		}
		try (RawHttpClient raw = exchange()) {
			assertThat(raw.readResponse().text()).isEqualTo("all of it");
		}
		try (RawHttpClient raw = exchange()) {
			assertThat(raw.awaitClosed(SOON)).isEqualTo(RawHttpClient.Closed.FIN);
		}
		try (RawHttpClient raw = exchange()) {
			assertThat(raw.awaitClosed(SOON)).isEqualTo(RawHttpClient.Closed.RESET);
		}
	}

	private RawHttpClient exchange() {
		return RawHttpClient.connect(this.upstream.url()).sendPost("/", Map.of(), "{}");
	}

	@Test
	void splitsWhatItWritesIntoSegments() {
		this.upstream.enqueue(Script.script().splitAt(10, 12).rawBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
		try (RawHttpClient raw = exchange()) {
			assertThat(raw.readResponse().status()).isEqualTo(200);
		}
		assertThat(this.upstream.connections().get(0).events()).extracting(ConnectionEvent::detail)
			.contains("write 10 bytes", "write 2 bytes");
	}

	@Test
	void dripsAStream() throws Exception {
		byte[] events = "data: é\r\n\r\ndata: b\r\rdata: c\n\n".getBytes(StandardCharsets.UTF_8);
		this.upstream.enqueue(Script.sseHead().drip(events, 1, Duration.ofMillis(1)).endChunked());
		try (RawHttpClient raw = exchange()) {
			raw.readHead();
			assertThat(raw.readEvents(SOON)).extracting(SseEvent::data).containsExactly("é", "b", "c");
		}
	}

	@Test
	void sendsAnAwsEventStream() throws Exception {
		List<byte[]> messages = List.of(EventStreamMessage.event("a", "{}"), EventStreamMessage.event("b", "{}"));
		this.upstream.enqueue(Script.eventStream(messages));
		HttpResponse<byte[]> response = this.client.send(post("/", BodyPublishers.noBody()),
				BodyHandlers.ofByteArray());
		assertThat(response.headers().firstValue("content-type")).hasValue("application/vnd.amazon.eventstream");
		assertThat(response.body()).startsWith(messages.get(0)).endsWith(messages.get(1));
	}

	@Test
	void feelsAClientThatDoesNotRead() {
		this.upstream.enqueue(Script.script()
			.status(200)
			.contentLength(100L * LARGE.length)
			.drip(repeated(100), LARGE.length, Duration.ZERO));
		try (RawHttpClient raw = RawHttpClient.connectWithReceiveBuffer(this.upstream.port(), 4096)) {
			raw.sendPost("/", Map.of(), "{}").readHead();
			UpstreamConnection connection = this.upstream.connections().get(0);
			await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> connection.bytesWritten() < 30_000_000);
			assertThat(raw.readBody(SOON)).hasSize(100 * LARGE.length);
		}
	}

	private static byte[] repeated(int times) {
		byte[] all = new byte[times * LARGE.length];
		Arrays.fill(all, (byte) 'x');
		return all;
	}

	@Test
	void rejectsWhatIsNotHttp() {
		for (String malformed : List.of("POST / HTTP/2\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n",
				"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
				"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
				"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
				"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n")) {
			int before = this.upstream.failures().size();
			try (RawHttpClient raw = RawHttpClient.connect(this.upstream.url()).send(malformed)) {
				assertThat(raw.readHead().status()).as(malformed).isEqualTo(400);
			}
			assertThat(this.upstream.failures()).as(malformed).hasSize(before + 1);
			assertThat(this.upstream.awaitPeerClosed(SOON).how()).isEqualTo(PeerClosed.How.MALFORMED_REQUEST);
		}
		assertThat(this.upstream.requests()).isEmpty();
	}

	@Test
	void noticesABodyThatIsCutShort() {
		RawHttpClient raw = RawHttpClient.connect(this.upstream.url());
		raw.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc").close();
		await().atMost(SOON).until(() -> this.upstream.connectionsAccepted() == 1);
		assertThat(this.upstream.awaitPeerClosed(SOON).how()).isEqualTo(PeerClosed.How.FIN);
		assertThat(this.upstream.requests()).isEmpty();
	}

	@Test
	void saysContinueToWhoeverExpectsIt() {
		this.upstream.enqueue(Script.json(200, "{}"));
		try (RawHttpClient raw = RawHttpClient.connect(this.upstream.url())) {
			raw.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
			raw.send("{}");
			assertThat(raw.readResponse().status()).isEqualTo(200);
			assertThat(raw.interimResponses()).extracting(RawResponse::status).containsExactly(100);
		}
	}

	@Test
	void goesDownAndComesBackOnTheSamePort() throws Exception {
		this.upstream.answerWith(Script.json(200, "{}"));
		assertThat(send("/", "").statusCode()).isEqualTo(200);
		URI url = this.upstream.url();
		this.upstream.goDown();
		this.upstream.goDown();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> send("/", ""));
		this.upstream.comeBack();
		this.upstream.comeBack();
		assertThat(this.upstream.url()).isEqualTo(url);
		assertThat(send("/", "").statusCode()).isEqualTo(200);
		this.upstream.goDown();
	}

	@Test
	void releasesStalledClientsWhenItIsClosed() {
		this.upstream.enqueue(Script.script().stall());
		try (RawHttpClient raw = exchange()) {
			this.upstream.takeRequest(SOON);
			this.upstream.close();
			raw.awaitClosed(SOON);
		}
		assertThat(this.upstream.openConnections()).isZero();
	}

	@Test
	void acceptsAndStaysSilent() {
		try (ScriptedUpstream silent = ScriptedUpstream.acceptAndStaySilent();
				RawHttpClient raw = RawHttpClient.connect(silent.url()).sendPost("/", Map.of(), "{}")) {
			await().atMost(SOON).until(() -> silent.connectionsAccepted() == 1);
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> raw.readHead(Duration.ofMillis(50)));
			assertThat(silent.requests()).isEmpty();
			assertThat(silent.openConnections()).isEqualTo(1);
		}
	}

}
