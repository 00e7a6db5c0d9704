package dev.llmproxy.testkit;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.testkit.TcpProxy.Direction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class TcpProxyTest {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final Duration BRIEFLY = Duration.ofMillis(80);

	private final ScriptedUpstream server = ScriptedUpstream.start();

	private final TcpProxy proxy = TcpProxy.to(this.server.port());

	private final RawHttpClient client = RawHttpClient.connect(this.proxy.url());

	@AfterEach
	void close() {
		this.client.close();
		this.proxy.close();
		this.server.close();
	}

	@Test
	void forwardsBothWays() {
		this.server.answerWith((request) -> Script.json(200, request.text()));
		String body = "x".repeat(200_000);
		assertThat(this.client.post("/", Map.of(), body).text()).isEqualTo(body);
		assertThat(this.proxy.connectionsAccepted()).isEqualTo(1);
		assertThat(this.proxy.openConnections()).isEqualTo(1);
		assertThat(this.proxy.bytes(Direction.TO_SERVER)).isGreaterThan(200_000);
		assertThat(this.proxy.bytes(Direction.TO_CLIENT)).isGreaterThan(200_000);
	}

	@Test
	void passesOnTheEndAndForgetsTheConnection() {
		this.server.answerWith(Script.json(200, "{}"));
		this.client.post("/", Map.of(), "{}");
		this.client.close();
		assertThat(this.server.awaitPeerClosed(SOON).how()).isEqualTo(PeerClosed.How.FIN);
		await().atMost(SOON).until(() -> this.proxy.openConnections() == 0);
	}

	@Test
	void passesOnAReset() {
		this.server.enqueue(Script.script().reset());
		this.client.sendPost("/", Map.of(), "{}");
		assertThat(this.client.awaitClosed(SOON)).isEqualTo(RawHttpClient.Closed.RESET);
	}

	@Test
	void freezesAndThawsEachDirection() {
		this.server.answerWith(Script.json(200, "{}"));
		this.proxy.freeze(Direction.TO_CLIENT);
		this.client.sendPost("/", Map.of(), "{}");
		this.server.takeRequest(SOON);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.client.readHead(BRIEFLY));
		this.proxy.thaw(Direction.TO_CLIENT);
		assertThat(this.client.readResponse().status()).isEqualTo(200);
		this.proxy.freeze(Direction.TO_SERVER);
		this.client.sendPost("/", Map.of(), "{}");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.server.takeRequest(BRIEFLY));
		this.proxy.thaw();
		assertThat(this.client.readResponse().status()).isEqualTo(200);
	}

	@Test
	void acceptsConnectionsWhileFrozen() {
		this.proxy.freeze();
		try (RawHttpClient other = RawHttpClient.connect(this.proxy.port()).sendPost("/", Map.of(), "{}")) {
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> other.readHead(BRIEFLY));
		}
	}

	@Test
	void delays() {
		this.server.answerWith(Script.json(200, "{}"));
		this.proxy.delay(Direction.TO_SERVER, Duration.ofMillis(200));
		long start = System.nanoTime();
		this.client.sendPost("/", Map.of(), "{}").readResponse();
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
	}

	@Test
	void splits() {
		this.server.answerWith((request) -> Script.sse(List.of("a", "b")));
		this.proxy.split(Direction.TO_CLIENT, 1);
		this.proxy.delay(Direction.TO_CLIENT, Duration.ofNanos(1000));
		this.client.sendPost("/", Map.of(), "{}").readHead();
		assertThat(this.client.readEvents(SOON)).extracting(SseEvent::data).containsExactly("a", "b");
	}

	@Test
	void cutsAndResetsOpenConnections() {
		this.server.answerWith(Script.json(200, "{}"));
		this.client.post("/", Map.of(), "{}");
		this.proxy.cut();
		assertThat(this.client.awaitClosed(SOON)).isEqualTo(RawHttpClient.Closed.FIN);
		assertThat(this.server.awaitPeerClosed(SOON).how()).isEqualTo(PeerClosed.How.FIN);
		try (RawHttpClient other = RawHttpClient.connect(this.proxy.port())) {
			other.post("/", Map.of(), "{}");
			this.proxy.reset();
			assertThat(other.awaitClosed(SOON)).isEqualTo(RawHttpClient.Closed.RESET);
			assertThat(this.server.awaitPeerClosed(SOON).how()).isEqualTo(PeerClosed.How.RESET);
		}
		assertThat(this.proxy.openConnections()).isZero();
	}

	@Test
	void cutsAfterExactlySoManyBytes() {
		this.server.answerWith(Script.script().status(200).contentLength(100).write("x".repeat(100)));
		int head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".length();
		this.proxy.cutAfter(Direction.TO_CLIENT, head + 7);
		this.client.sendPost("/", Map.of(), "{}");
		assertThatExceptionOfType(WireFormatException.class).isThrownBy(this.client::readResponse)
			.satisfies((ex) -> assertThat(ex.partialBody()).isEqualTo("xxxxxxx"));
		try (RawHttpClient other = RawHttpClient.connect(this.proxy.port())) {
			assertThat(other.post("/", Map.of(), "{}").body()).hasSize(100);
		}
	}

	@Test
	void resetsAfterSoManyBytes() {
		this.proxy.resetAfter(Direction.TO_SERVER, 10);
		this.client.send("POST / HTTP/1.1\r\n");
		assertThat(this.client.awaitClosed(SOON)).isEqualTo(RawHttpClient.Closed.RESET);
		assertThat(this.proxy.bytes(Direction.TO_SERVER)).isEqualTo(10);
	}

	@Test
	void refusesNewConnectionsAndKeepsOldOnes() {
		this.server.answerWith(Script.json(200, "{}"));
		this.client.post("/", Map.of(), "{}");
		this.proxy.refuse();
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> RawHttpClient.connect(this.proxy.port()))
			.withCauseInstanceOf(ConnectException.class);
		assertThat(this.client.post("/", Map.of(), "{}").status()).isEqualTo(200);
		this.proxy.acceptAgain();
		try (RawHttpClient other = RawHttpClient.connect(this.proxy.port())) {
			assertThat(other.post("/", Map.of(), "{}").status()).isEqualTo(200);
		}
	}

}
