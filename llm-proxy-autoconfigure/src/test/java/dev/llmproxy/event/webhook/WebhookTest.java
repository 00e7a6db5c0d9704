package dev.llmproxy.event.webhook;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import dev.llmproxy.event.GatewayEvent;
import dev.llmproxy.event.GatewayEvent.LimitHit;
import dev.llmproxy.testkit.DeadEnd;
import dev.llmproxy.testkit.Gate;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Webhooks, delivered to a real server that does what servers do. */
@Tag("once")
class WebhookTest {

	private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

	private static final GatewayEvent HIT = new LimitHit(Instant.EPOCH, "per-key", "tokens");

	private static final Script OK = Script.json(200, "{}");

	private final WebhookClient client = new WebhookClient(InstantSource.system());

	@TempDir
	private Path directory;

	private ScriptedUpstream server;

	private Webhook webhook;

	@BeforeEach
	void start() {
		this.server = ScriptedUpstream.start().answerWith(OK);
	}

	@AfterEach
	void stop() {
		if (this.webhook != null) {
			this.webhook.close(Duration.ZERO);
		}
		this.server.close();
	}

	@Test
	void deliversWhatASignatureProves() {
		webhook(this.server.url(), (usual) -> usual).send(HIT);
		RecordedRequest request = this.server.takeRequest(Duration.ofSeconds(5));
		assertThat(request.method()).isEqualTo("POST");
		assertThat(request.path()).isEqualTo("/hook");
		assertThat(request.header("content-type")).isEqualTo("application/json");
		assertThat(request.header("x-mine")).isEqualTo("yes");
		assertThat(request.header("upgrade")).isNull();
		assertThat(request.json()).isEqualTo(JsonMapper.shared()
			.readTree(
					"""
							{"type":"limit.hit","timestamp":"1970-01-01T00:00:00Z","data":{"limit":"per-key","limited":"tokens"}}"""));
		long timestamp = Long.parseLong(request.header("webhook-timestamp"));
		assertThat(Instant.ofEpochSecond(timestamp)).isBetween(Instant.now().minusSeconds(60), Instant.now());
		assertThat(request.header("webhook-signature"))
			.isEqualTo(Signature.of(SECRET).sign(request.header("webhook-id"), timestamp, request.body()));
		awaitStats(1, 0, 0, 0);
	}

	@Test
	void triesAgainWithTheSameIdUntilItIsTaken() {
		this.server.enqueue(Script.json(500, "{}"), Script.script().reset(), Script.json(429, "{}"), OK);
		webhook(this.server.url(), (usual) -> usual).send(HIT);
		awaitStats(1, 3, 0, 0);
		assertThat(this.server.requests()).hasSize(4)
			.extracting((request) -> request.header("webhook-id"))
			.containsOnly(this.server.requests().get(0).header("webhook-id"));
		assertThat(letters()).isEmpty();
	}

	@Test
	void givesUpAfterTheLastTryAndWritesItDown() {
		this.server.answerWith(Script.json(500, "{\"error\":\"no\"}"));
		webhook(this.server.url(), (usual) -> usual).send(HIT);
		awaitStats(0, 3, 1, 0);
		JsonNode letter = letters().get(0);
		assertThat(letter.path("webhook").asString()).isEqualTo("ops");
		assertThat(letter.path("tries").asInt()).isEqualTo(4);
		assertThat(letter.path("reason").asString()).isEqualTo("status 500");
		assertThat(letter.path("id").asString()).isEqualTo(this.server.requests().get(0).header("webhook-id"));
		assertThat(letter.at("/message/data/limit").asString()).isEqualTo("per-key");
		assertThat(letters().toString()).doesNotContain(SECRET, "127.0.0.1");
	}

	@Test
	void aServerThatRefusesConnectionsIsAFailureLikeOthers() {
		try (DeadEnd nobody = ScriptedUpstream.refusing()) {
			webhook(nobody.url(), (usual) -> usual).send(HIT);
			awaitStats(0, 3, 1, 0);
		}
		assertThat(letters().get(0).path("reason").asString()).isEqualTo("ConnectException");
	}

	@Test
	void whoHangsOrDripsIsCutAfterTheTimeout() {
		this.server.enqueue(Script.script().stall(),
				Script.script()
					.status(200)
					.chunked()
					.drip("abcd".getBytes(StandardCharsets.UTF_8), 1, Duration.ofSeconds(30))
					.endChunked());
		webhook(this.server.url(), (usual) -> settings(usual.url(), Duration.ofMillis(300), 2, 10)).send(HIT);
		awaitStats(0, 1, 1, 0);
		assertThat(letters().get(0).path("reason").asString()).isEqualTo("timeout");
		Awaitility.await().until(() -> this.server.openConnections() == 0);
	}

	@Test
	void anEndlessAnswerIsNotReadToItsEnd() {
		Script endless = Script.script().status(200).chunked();
		for (int i = 0; i < 64; i++) {
			endless = endless.chunk(new byte[64 * 1024]);
		}
		this.server.answerWith(endless.stall());
		webhook(this.server.url(), (usual) -> usual).send(HIT);
		awaitStats(1, 0, 0, 0);
	}

	@ParameterizedTest
	@ValueSource(ints = { 302, 307, 308 })
	void nobodyIsSentElsewhere(int status) {
		try (ScriptedUpstream elsewhere = ScriptedUpstream.start().answerWith(OK)) {
			this.server
				.answerWith(Script.script().status(status).header("location", elsewhere.url() + "/stolen").body(""));
			webhook(this.server.url(), (usual) -> settings(usual.url(), Duration.ofSeconds(5), 1, 10)).send(HIT);
			awaitStats(0, 0, 1, 0);
			assertThat(elsewhere.requests()).isEmpty();
		}
	}

	@Test
	void whoIsGoneIsNotAskedAgain() {
		this.server.answerWith(Script.json(410, "{}"));
		webhook(this.server.url(), (usual) -> usual).send(HIT);
		awaitStats(0, 0, 1, 0);
		assertThat(this.server.requests()).hasSize(1);
	}

	@Test
	void aMessageThatIsTriedAgainKeepsNoOtherWaiting() {
		this.server.answerWith((request) -> request.text().contains("bad")
				? Script.script().status(503).header("retry-after", "60").body("") : OK);
		webhook(this.server.url(), (usual) -> new WebhookSettings("ops", usual.url(), null, Map.of(),
				Duration.ofSeconds(5), 4, Duration.ofSeconds(30), Duration.ofSeconds(60), 10, 1));
		this.webhook.send(new LimitHit(Instant.EPOCH, "bad", "tokens"));
		this.webhook.send(HIT);
		awaitStats(1, 1, 0, 0);
		assertThat(this.webhook.stats().open()).isEqualTo(1);
		this.webhook.close(Duration.ofSeconds(5));
		assertThat(letters()).hasSize(1).first().satisfies((letter) -> {
			assertThat(letter.path("reason").asString()).isEqualTo("shutdown");
			assertThat(letter.at("/message/data/limit").asString()).isEqualTo("bad");
		});
	}

	@Test
	void moreThanThereIsRoomForIsDroppedAndCounted() {
		Gate gate = new Gate();
		this.server.answerWith((request) -> Script.script().gate(gate).then(OK));
		webhook(this.server.url(), (usual) -> settings(usual.url(), Duration.ofSeconds(20), 4, 3));
		for (int i = 0; i < 10; i++) {
			this.webhook.send(HIT);
		}
		assertThat(this.webhook.stats().dropped()).isEqualTo(7);
		gate.open();
		awaitStats(3, 0, 0, 7);
	}

	@Test
	void whatWaitsIsDeliveredBeforeTheEnd() {
		webhook(this.server.url(), (usual) -> settings(usual.url(), Duration.ofSeconds(20), 4, 100));
		for (int i = 0; i < 50; i++) {
			this.webhook.send(HIT);
		}
		this.webhook.close(Duration.ofSeconds(10));
		assertThat(this.server.requests()).hasSize(50);
		assertThat(this.webhook.stats().delivered()).isEqualTo(50);
		assertThat(letters()).isEmpty();
		this.webhook.send(HIT);
		assertThat(this.webhook.stats().dropped()).isEqualTo(1);
	}

	@Test
	void theTextOfSettingsHasNoSecrets() {
		assertThat(settings(URI.create("http://127.0.0.1/secret-path"), Duration.ofSeconds(1), 1, 1))
			.hasToString("webhook 'ops'");
	}

	private Webhook webhook(URI url, UnaryOperator<WebhookSettings> change) {
		WebhookSettings usual = settings(url.resolve("/hook"), Duration.ofSeconds(5), 4, 100);
		this.webhook = new Webhook(change.apply(usual), this.client,
				new DeadLetters(this.directory.resolve("letters.jsonl"), 1 << 20, 1), InstantSource.system());
		return this.webhook;
	}

	private static WebhookSettings settings(URI url, Duration timeout, int tries, int capacity) {
		return new WebhookSettings("ops", url, Signature.of(SECRET), Map.of("x-mine", "yes"), timeout, tries,
				Duration.ofMillis(5), Duration.ofMillis(40), capacity, 2);
	}

	private void awaitStats(long delivered, long retried, long failed, long dropped) {
		Awaitility.await().untilAsserted(() -> {
			Webhook.Stats stats = this.webhook.stats();
			assertThat(List.of(stats.delivered(), stats.retried(), stats.failed(), stats.dropped()))
				.containsExactly(delivered, retried, failed, dropped);
		});
	}

	private List<JsonNode> letters() {
		Path file = this.directory.resolve("letters.jsonl");
		try {
			return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8)
				.stream()
				.map((line) -> JsonMapper.shared().readTree(line))
				.toList() : List.of();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
