package dev.llmproxy.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import ch.qos.logback.classic.Level;
import dev.llmproxy.event.AttemptEvents;
import dev.llmproxy.event.BreakerEvents;
import dev.llmproxy.event.CallEvents;
import dev.llmproxy.event.EventBus;
import dev.llmproxy.event.EventType;
import dev.llmproxy.event.GatewayEvent.ConfigurationChanged;
import dev.llmproxy.event.GatewayEvent.LimitHit;
import dev.llmproxy.event.LiveFeed;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import dev.llmproxy.testkit.SseEvent;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Events and alerts of the whole server, over real sockets. */
@Tag("once")
class EventsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String CANARY = "canary-93d0";

	private static final String SECRET = "text-to-sign-with-" + CANARY;

	private static final String ANSWER = """
			{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"stop",
			"message":{"role":"assistant","content":"%s-answer"}}],
			"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}""".formatted(CANARY);

	@TempDir
	private Path directory;

	private ScriptedUpstream upstream;

	private ScriptedUpstream hook;

	@BeforeEach
	void start() {
		this.upstream = ScriptedUpstream.start().answerWith(Script.json(200, ANSWER));
		this.hook = ScriptedUpstream.start().answerWith(Script.json(200, "{}"));
	}

	@AfterEach
	void stop() {
		this.upstream.close();
		this.hook.close();
	}

	@Test
	void callsPayNothingUnlessSomebodyMayListen() {
		try (TestServer server = TestServer.withUpstream(this.upstream.url(), Map.of())) {
			assertThat(server.context().getBeansOfType(CallEvents.class)).isEmpty();
			assertThat(server.context().getBeansOfType(AttemptEvents.class)).isEmpty();
			assertThat(server.context().getBeansOfType(BreakerEvents.class)).isEmpty();
			assertThat(server.context().getBeansOfType(LiveFeed.class)).isEmpty();
			assertThat(EventType.values()).noneMatch(server.context().getBean(EventBus.class)::wanted);
			try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
				assertThat(client.get("/actuator/llmevents", Map.of()).status()).isEqualTo(404);
			}
		}
	}

	@Test
	void theLiveViewTellsWhatHappensAndForgetsWhoLeaves() throws IOException {
		try (TestServer server = server(Map.of("management.endpoints.web.exposure.include", "llmevents,prometheus",
				"llm-proxy.events.live.clients", "2", "llm-proxy.events.live.heartbeat", "50ms"))) {
			EventBus bus = server.context().getBean(EventBus.class);
			assertThat(bus.wanted(EventType.CALL_ENDED)).isFalse();
			try (RawHttpClient live = watch(server, "?types=call.*,attempt.failed");
					RawHttpClient other = watch(server, "")) {
				Awaitility.await().until(() -> server.context().getBean(LiveFeed.class).watching() == 2);
				try (RawHttpClient third = RawHttpClient.connect(server.managementPort())) {
					assertThat(third.get("/actuator/llmevents", Map.of()).status()).isEqualTo(429);
				}
				this.upstream.enqueue(Script.json(500, "{\"error\":{\"message\":\"" + CANARY + "\"}}"));
				RawResponse answer = ask(server, "up/m");
				assertThat(answer.status()).isEqualTo(200);
				List<SseEvent> events = new ArrayList<>();
				for (int i = 0; i < 4; i++) {
					events.add(live.readEvent(PATIENCE));
				}
				assertThat(events).extracting(SseEvent::event)
					.containsExactly("call.started", "attempt.failed", "call.first-token", "call.ended");
				JsonNode ended = events.get(3).json().path("data");
				assertThat(ended.path("request").asString()).isEqualTo(answer.header("x-request-id"));
				assertThat(ended.path("caller").asString()).isEqualTo("test");
				assertThat(ended.path("provider").asString()).isEqualTo("up");
				assertThat(ended.path("attempts").asInt()).isEqualTo(2);
				assertThat(ended.path("input_tokens").asInt()).isEqualTo(7);
				assertThat(ended.path("outcome").asString()).isEqualTo("succeeded");
				assertThat(events.get(1).json().at("/data/error").asString()).isEqualTo("upstream");
				assertThat(events.toString()).doesNotContain(CANARY, TestServer.KEY, TestServer.UPSTREAM_KEY);
				bus.publish(new LimitHit(Instant.EPOCH, "per-key", "tokens"));
				SseEvent event;
				do {
					event = other.readEvent(PATIENCE);
				}
				while (!"limit.hit".equals(event.event()));
				assertThat(live.comments()).contains("still here");
			}
			Awaitility.await().until(() -> server.context().getBean(LiveFeed.class).watching() == 0);
			assertThat(bus.wanted(EventType.CALL_ENDED)).isFalse();
			try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
				RawResponse wrong = client.get("/actuator/llmevents?types=call.begun", Map.of());
				assertThat(wrong.status()).isEqualTo(400);
				assertThat(wrong.json().path("error").asString()).contains("call.started");
				assertThat(client.get("/actuator/prometheus", Map.of()).text())
					.contains("llm_proxy_events_dropped_total{sink=\"live\"} 0.0");
			}
		}
	}

	@Test
	void whoStopsReadingLosesEventsIsToldHowManyAndHoldsUpNobody() {
		int published = 4000;
		try (TestServer server = server(Map.of("management.endpoints.web.exposure.include", "llmevents",
				"llm-proxy.events.live.queue", "20", "llm-proxy.events.live.heartbeat", "1h"))) {
			EventBus bus = server.context().getBean(EventBus.class);
			String filler = "p".repeat(4000);
			try (RawHttpClient stalled = RawHttpClient.connectWithReceiveBuffer(server.managementPort(), 4096);
					RawHttpClient fast = watch(server, "?types=limit.hit")) {
				stalled.send("GET", "/actuator/llmevents?types=configuration.changed,limit.hit", Map.of(), new byte[0]);
				assertThat(stalled.readHead(PATIENCE).status()).isEqualTo(200);
				Awaitility.await().until(() -> bus.wanted(EventType.CONFIGURATION_CHANGED));
				for (int i = 0; i < published; i++) {
					bus.publish(new ConfigurationChanged(Instant.EPOCH, i, List.of(filler), List.of()));
				}
				bus.publish(new LimitHit(Instant.EPOCH, "seen-at-once", "tokens"));
				assertThat(fast.readEvent(PATIENCE).data()).contains("seen-at-once");
				LiveFeed feed = server.context().getBean(LiveFeed.class);
				assertThat(feed.dropped()).isPositive();
				int received = 0;
				long lost = 0;
				boolean last = false;
				while (!last) {
					// As there is room again, the next event comes, and what was lost
					// before it.
					bus.publish(new LimitHit(Instant.EPOCH, "last", "tokens"));
					SseEvent event = stalled.readEvent(PATIENCE);
					last = event.data().contains("\"last\"");
					if ("events.lost".equals(event.event())) {
						lost += event.json().path("events").asLong();
					}
					else if ("configuration.changed".equals(event.event())) {
						received++;
					}
				}
				assertThat(received).isBetween(20, published - 1);
				assertThat(lost).isGreaterThanOrEqualTo(published - received);
			}
		}
	}

	@Test
	void aServerThatStopsDoesNotWaitForWhoWatches() {
		TestServer server = server(Map.of("management.endpoints.web.exposure.include", "llmevents"));
		try (RawHttpClient live = watch(server, "")) {
			Thread closing = new Thread(server::close);
			closing.start();
			// Much sooner than calls under way may take.
			assertThat(live.readEvents(PATIENCE)).isEmpty();
			Awaitility.await().until(() -> !closing.isAlive());
		}
	}

	@Test
	void webhooksGetSignedEventsWithoutSecretsAndWhatIsNotTakenIsWrittenDown() throws Exception {
		Path letters = this.directory.resolve("letters.jsonl");
		try (ScriptedUpstream broken = ScriptedUpstream.start().answerWith(Script.json(500, "{}"))) {
			Map<String, String> properties = new HashMap<>(Map.of("llm-proxy.events.webhooks.ops.url",
					this.hook.url() + "/hook", "llm-proxy.events.webhooks.ops.events", "call.*,attempt.failed",
					"llm-proxy.events.webhooks.ops.secret", SECRET, "llm-proxy.events.webhooks.bad.url",
					broken.url() + "/" + CANARY + "-path", "llm-proxy.events.webhooks.bad.events", "call.ended",
					"llm-proxy.events.webhooks.bad.tries", "2", "llm-proxy.events.webhooks.bad.first-delay", "10ms",
					"llm-proxy.events.webhooks.bad.headers.authorization", CANARY + "-header"));
			properties.put("llm-proxy.events.dead-letters.file", letters.toString());
			properties.put("management.endpoints.web.exposure.include", "env,configprops,prometheus");
			properties.put("management.endpoint.env.show-values", "always");
			properties.put("management.endpoint.configprops.show-values", "always");
			try (TestServer server = server(properties); Logs logs = Logs.capture()) {
				this.upstream.enqueue(Script.json(400,
						"{\"error\":{\"message\":\"key " + CANARY + "\",\"code\":\"" + CANARY + "\"}}"));
				ask(server, "up/m");
				ask(server, "up/m");
				Awaitility.await().until(() -> this.hook.requests().size() >= 6);
				for (RecordedRequest request : this.hook.requests()) {
					assertThat(request.header("webhook-signature")).isEqualTo(signature(request));
					assertThat(request.toString() + request.text()).doesNotContain(CANARY, TestServer.KEY,
							TestServer.UPSTREAM_KEY);
				}
				assertThat(this.hook.requests()).extracting((request) -> request.json().path("type").asString())
					.contains("call.started", "attempt.failed", "call.ended");
				Awaitility.await().until(() -> Files.exists(letters) && Files.readAllLines(letters).size() == 2);
				assertThat(
						JsonMapper.shared().readTree(Files.readAllLines(letters).get(0)).at("/message/type").asString())
					.isEqualTo("call.ended");
				assertThat(Files.readString(letters)).doesNotContain(CANARY, TestServer.KEY, TestServer.UPSTREAM_KEY);
				for (String path : List.of("env", "configprops", "prometheus")) {
					try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
						assertThat(client.get("/actuator/" + path, Map.of()).text()).contains("webhook")
							.doesNotContain(CANARY);
					}
				}
				assertThat(String.join("\n", logs.from(Level.INFO)))
					.contains("Webhook 'bad' can't be delivered (status 500)")
					.doesNotContain(CANARY);
			}
		}
	}

	@Test
	void errorsOfAProviderRaiseAnAlertOnceAndItsEndIsToldToo() {
		Map<String, String> properties = new HashMap<>(Map.of("llm-proxy.alerts.interval", "50ms",
				"llm-proxy.alerts.rules.provider-fails.event", "attempt.failed",
				"llm-proxy.alerts.rules.provider-fails.tags.provider", "up",
				"llm-proxy.alerts.rules.provider-fails.comparison", "at-least",
				"llm-proxy.alerts.rules.provider-fails.threshold", "3", "llm-proxy.alerts.rules.provider-fails.window",
				"2s", "llm-proxy.alerts.rules.provider-fails.severity", "critical",
				"llm-proxy.alerts.rules.provider-fails.notify", "ops", "llm-proxy.alerts.channels.ops.type", "webhook",
				"llm-proxy.alerts.channels.ops.url", this.hook.url() + "/alerts"));
		properties.put("llm-proxy.alerts.channels.ops.secret", SECRET);
		properties.put("management.endpoints.web.exposure.include", "llmalerts");
		try (TestServer server = server(properties)) {
			this.upstream.answerWith(Script.json(400, "{\"error\":{\"message\":\"" + CANARY + "\"}}"));
			ask(server, "up/m");
			ask(server, "up/m");
			assertThat(alert(server).path("state").asString()).isEqualTo("inactive");
			ask(server, "up/m");
			ask(server, "up/m");
			RecordedRequest firing = this.hook.takeRequest(PATIENCE);
			assertThat(firing.json().path("type").asString()).isEqualTo("alert.changed");
			assertThat(firing.json().at("/data/state").asString()).isEqualTo("firing");
			assertThat(firing.json().at("/data/rule").asString()).isEqualTo("provider-fails");
			assertThat(firing.json().at("/data/severity").asString()).isEqualTo("critical");
			assertThat(firing.header("webhook-signature")).isEqualTo(signature(firing));
			assertThat(alert(server).path("state").asString()).isEqualTo("firing");
			RecordedRequest resolved = this.hook.takeRequest(PATIENCE);
			assertThat(resolved.json().at("/data/state").asString()).isEqualTo("resolved");
			assertThat(this.hook.requests()).hasSize(2);
			assertThat(firing.text() + resolved.text()).doesNotContain(CANARY, TestServer.KEY);
			assertThat(alert(server).path("state").asString()).isEqualTo("inactive");
		}
	}

	private TestServer server(Map<String, String> properties) {
		return TestServer.withUpstream(this.upstream.url(), properties);
	}

	private static RawHttpClient watch(TestServer server, String query) {
		RawHttpClient client = RawHttpClient.connect(server.managementPort());
		client.send("GET", "/actuator/llmevents" + query, Map.of("accept", "text/event-stream"), new byte[0]);
		RawResponse head = client.readHead(PATIENCE);
		assertThat(head.status()).isEqualTo(200);
		assertThat(head.header("content-type")).startsWith("text/event-stream");
		return client;
	}

	private static RawResponse ask(TestServer server, String model) {
		try (RawHttpClient client = server.client()) {
			return client.post("/v1/chat/completions", TestServer.headers(), "{\"model\":\"" + model
					+ "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + CANARY + "-prompt\"}]}");
		}
	}

	private static JsonNode alert(TestServer server) {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			return client.get("/actuator/llmalerts", Map.of()).json().at("/alerts/0");
		}
	}

	private static String signature(RecordedRequest request) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
			String signed = request.header("webhook-id") + "." + request.header("webhook-timestamp") + "."
					+ request.text();
			return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
