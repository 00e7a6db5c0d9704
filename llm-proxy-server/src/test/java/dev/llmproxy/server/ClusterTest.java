package dev.llmproxy.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.llmproxy.cluster.MessageCounts.Kind;
import dev.llmproxy.cluster.MessageCounts.Outcome;
import dev.llmproxy.cluster.redis.RedisCluster;
import dev.llmproxy.event.EventBus;
import dev.llmproxy.event.EventType;
import dev.llmproxy.event.GatewayEvent;
import dev.llmproxy.event.GatewayEvent.OperatorActed;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RedisServer;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Servers that tell each other through one Redis what they and their operators know. */
@Tag("once")
class ClusterTest {

	private static final String KEY = "k-0123456789abcdef";

	private final List<TestServer> servers = new ArrayList<>();

	private RedisServer redis;

	private ScriptedUpstream one;

	private ScriptedUpstream two;

	@BeforeEach
	void start() {
		this.redis = RedisServer.start();
		this.one = ScriptedUpstream.start().answerWith(Script.json(200, "{\"id\":\"one\",\"choices\":[]}"));
		this.two = ScriptedUpstream.start().answerWith(Script.json(200, "{\"id\":\"two\",\"choices\":[]}"));
	}

	@AfterEach
	void stop() {
		this.servers.forEach(TestServer::close);
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void aTargetRestsOnAllNodesThatHaveTheSameAccountAndOnNoOther() {
		TestServer a = server(Map.of());
		TestServer b = server(Map.of());
		TestServer stranger = server(Map.of("llm-proxy.providers.one.api-key", "another-0123456789"));
		this.one.enqueue(Script.script().status(429).header("retry-after", "100").body("{}"));
		assertThat(ask(a, "one/m").status()).isEqualTo(429);
		await().until(() -> counted(b, Kind.REST, Outcome.HEARD) == 1);
		await().until(() -> counted(stranger, Kind.REST, Outcome.IGNORED) == 1);
		RawResponse refused = ask(b, "one/m");
		assertThat(refused.status()).isEqualTo(429);
		assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(60, 100);
		assertThat(ask(b, "both").text()).contains("\"two\"");
		assertThat(this.one.requests()).hasSize(1);
		assertThat(ask(stranger, "one/m").status()).isEqualTo(200);
		// Who starts later knows, and nobody's key is there.
		TestServer later = server(Map.of());
		assertThat(ask(later, "one/m").status()).isEqualTo(429);
		assertThat(this.one.requests()).hasSize(2);
		assertThat(this.redis.command("HGETALL llm-proxy:{cluster}:hints")).contains("one/m").doesNotContain(KEY);
	}

	@Test
	void anOpenBreakerIsAWarningAndOnesOwnSuccessIsWorthMore() {
		TestServer a = server(Map.of());
		TestServer b = server(Map.of());
		for (String model : List.of("one/dead", "one/well")) {
			for (int i = 0; i < 3; i++) {
				this.one.enqueue(Script.json(500, "{}"));
				assertThat(ask(a, model).status()).isEqualTo(500);
			}
			assertThat(breaker(a, model)).isEqualTo("OPEN");
		}
		await().until(() -> counted(b, Kind.OPENED, Outcome.HEARD) == 2);
		// The other node's network may be at fault: this one goes on.
		assertThat(ask(b, "one/well").status()).isEqualTo(200);
		this.one.enqueue(Script.json(500, "{}"));
		assertThat(ask(b, "one/well").status()).isEqualTo(500);
		assertThat(breaker(b, "one/well")).isEqualTo("CLOSED");
		// One failure instead of three.
		this.one.enqueue(Script.json(500, "{}"));
		assertThat(ask(b, "one/dead").status()).isEqualTo(500);
		assertThat(breaker(b, "one/dead")).isEqualTo("OPEN");
		// Which is hearsay, and not told again.
		assertThat(counted(b, Kind.OPENED, Outcome.TOLD)).isZero();
		assertThat(counted(a, Kind.OPENED, Outcome.HEARD)).isZero();
	}

	@Test
	void whatAnOperatorSaysOfAProviderHoldsOnAllNodesAndCanBeTakenBackOnAny() {
		TestServer a = server(Map.of());
		TestServer b = server(Map.of());
		JsonNode told = actuator(a, "llmproviders/one", "disable");
		assertThat(told.at("/status").asString()).isEqualTo("DISABLED");
		assertThat(told.at("/cluster/told").asBoolean()).isTrue();
		assertThat(told.at("/cluster/nodes").asInt()).isEqualTo(1);
		await().until(() -> ask(b, "both").text().contains("\"two\""));
		assertThat(ask(b, "one/m").status()).isEqualTo(503);
		TestServer later = server(Map.of());
		assertThat(ask(later, "one/m").status()).isEqualTo(503);
		assertThat(this.one.requests()).isEmpty();
		actuator(later, "llmproviders/one", "enable");
		await().until(() -> ask(a, "one/m").status() == 200);
		await().until(() -> ask(b, "one/m").status() == 200);
		actuator(b, "llmproviders/two", "force");
		await().until(() -> ask(a, "both").text().contains("\"two\""));
		actuator(a, "llmproviders/two", "unforce");
		await().until(() -> ask(b, "one/m").status() == 200);
	}

	@Test
	void whatAnOperatorSaysOfABreakerHoldsOnAllNodes() {
		TestServer a = server(Map.of());
		TestServer b = server(Map.of());
		assertThat(ask(a, "one/m").status()).isEqualTo(200);
		actuator(a, "llmbreakers/one/m", "force-open");
		await().until(() -> breaker(b, "one/m").equals("FORCED_OPEN"));
		TestServer later = server(Map.of());
		assertThat(ask(later, "one/m").status()).isEqualTo(503);
		assertThat(actuator(later, "llmbreakers/one/m", "reset").at("/cluster/nodes").asInt()).isEqualTo(2);
		await().until(() -> breaker(a, "one/m").equals("CLOSED") && breaker(b, "one/m").equals("CLOSED"));
	}

	@Test
	void allNodesReadTheirOwnFilesAnewAndABadOneChangesNothing(@TempDir Path first, @TempDir Path second,
			@TempDir Path third) {
		Map<String, String> properties = new LinkedHashMap<>(sharing());
		properties.put("llm-proxy.reload.watch", "false");
		try (ReloadedServer a = ReloadedServer.start(first, ReloadedServer.yaml("one", this.one), properties);
				ReloadedServer b = ReloadedServer.start(second, ReloadedServer.yaml("one", this.one), properties);
				ReloadedServer bad = ReloadedServer.start(third, ReloadedServer.yaml("one", this.one), properties)) {
			Queue<GatewayEvent> events = new ConcurrentLinkedQueue<>();
			b.server().context().getBean(EventBus.class).listen(Set.of(EventType.OPERATOR_ACTED), events::add);
			a.write(ReloadedServer.yaml("two", this.two));
			b.write(ReloadedServer.yaml("two", this.two));
			bad.write(ReloadedServer.yaml("two", this.two).replace("fast: two/m", "fast: gone/m"));
			JsonNode report = a.reload().json();
			assertThat(report.at("/outcome").asString()).isEqualTo("APPLIED");
			assertThat(report.at("/cluster/nodes").asInt()).isEqualTo(2);
			await().until(() -> b.outcome().equals("APPLIED"));
			assertThat(b.state().json().at("/last/trigger").asString()).startsWith("somebody without a name on node ");
			assertThat(b.ask("fast").text()).contains("\"two\"");
			await().until(() -> bad.outcome().equals("REFUSED"));
			assertThat(bad.ask("fast").text()).contains("\"one\"");
			await().until(() -> events.size() == 1);
			assertThat(events.element()).isInstanceOfSatisfying(OperatorActed.class, (event) -> {
				assertThat(event.action()).isEqualTo("reload");
				assertThat(event.node()).startsWith("node-");
			});
			assertThat(b.generation()).isEqualTo(2);
		}
	}

	@Test
	void fault60_aFrozenRedisDelaysNoRequestAndWhatWasSaidMeanwhileIsToldLater() {
		TestServer a = server(Map.of("llm-proxy.cluster.deadline", "2s"));
		TestServer b = server(Map.of("llm-proxy.cluster.deadline", "2s"));
		ask(a, "two/warm");
		this.redis.freeze();
		try {
			for (int i = 0; i < 20; i++) {
				String model = "one/m" + i;
				this.one.enqueue(Script.script().status(429).header("retry-after", "9").body("{}"));
				assertThat(quickly(a, model).status()).isEqualTo(429);
			}
			for (int i = 0; i < 3; i++) {
				this.one.enqueue(Script.json(500, "{}"));
				quickly(a, "one/failing");
			}
			assertThat(quickly(b, "one/m0").status()).isEqualTo(200);
			assertThat(actuator(a, "llmproviders/two", "disable").at("/cluster/told").asBoolean(true)).isFalse();
			assertThat(quickly(a, "two/m").status()).isEqualTo(503);
		}
		finally {
			this.redis.thaw();
		}
		await().until(() -> ask(b, "two/m").status() == 503);
	}

	/** Who waited for Redis would wait longer. */
	private static RawResponse quickly(TestServer server, String model) {
		long before = System.nanoTime();
		RawResponse response = ask(server, model);
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(1500));
		return response;
	}

	@Test
	void fault62_aMessageThatIsNoneIsCountedAndIgnored() {
		TestServer a = server(Map.of());
		TestServer b = server(Map.of());
		this.redis.command("PUBLISH llm-proxy:{cluster}:told rubbish");
		this.redis.command("PUBLISH llm-proxy:{cluster}:told \"9 {\\\"v\\\":1}\"");
		await().until(() -> metrics(b)
			.contains("llm_proxy_cluster_messages_total{outcome=\"invalid\",type=\"unknown\"} 2.0"));
		assertThat(metrics(b)).contains("llm_proxy_cluster_up 1.0");
		assertThat(ask(b, "one/m").status()).isEqualTo(200);
		actuator(a, "llmproviders/one", "disable");
		await().until(() -> ask(b, "one/m").status() == 503);
	}

	private Map<String, String> sharing() {
		return Map.of("spring.data.redis.port", Integer.toString(this.redis.port()), "llm-proxy.cluster.enabled",
				"true", "llm-proxy.cluster.deadline", "5s", "llm-proxy.cluster.probe-interval", "50ms",
				"llm-proxy.cluster.refresh-interval", "200ms");
	}

	private TestServer server(Map<String, String> more) {
		Map<String, String> properties = new LinkedHashMap<>(sharing());
		for (Map.Entry<String, ScriptedUpstream> upstream : Map.of("one", this.one, "two", this.two).entrySet()) {
			String prefix = "llm-proxy.providers." + upstream.getKey() + ".";
			properties.put(prefix + "type", "openai-compatible");
			properties.put(prefix + "base-url", upstream.getValue().url() + "/v1");
			properties.put(prefix + "api-key", KEY);
		}
		properties.put("llm-proxy.aliases.both", "one/m,two/m");
		properties.put("llm-proxy.resilience.retry.max-retries", "0");
		properties.put("llm-proxy.resilience.breaker.failures-in-a-row", "3");
		properties.put("management.endpoints.web.exposure.include", "llmproviders,llmbreakers,prometheus");
		properties.putAll(more);
		TestServer server = TestServer.start(properties);
		this.servers.add(server);
		// A busy machine may be too slow for the first look.
		await().until(() -> server.context().getBean(RedisCluster.class).up());
		return server;
	}

	private static long counted(TestServer server, Kind kind, Outcome outcome) {
		return server.context().getBean(RedisCluster.class).counts().get(kind, outcome);
	}

	private static RawResponse ask(TestServer server, String model) {
		try (RawHttpClient client = server.client()) {
			return client.post("/v1/chat/completions", TestServer.headers(), ReloadedServer.request(model, false));
		}
	}

	private static JsonNode actuator(TestServer server, String path, String action) {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			RawResponse response = client.post("/actuator/" + path, Map.of("content-type", "application/json"),
					"{\"action\":\"" + action + "\"}");
			assertThat(response.status()).isEqualTo(200);
			return response.json();
		}
	}

	private static String breaker(TestServer server, String target) {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			RawResponse response = client.get("/actuator/llmbreakers/" + target, Map.of());
			return (response.status() == 200) ? response.json().at("/breaker/state").asString() : "";
		}
	}

	private static String metrics(TestServer server) {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			return client.get("/actuator/prometheus", Map.of()).text();
		}
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollDelay(Duration.ZERO);
	}

}
