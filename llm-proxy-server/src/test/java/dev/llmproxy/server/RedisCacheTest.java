package dev.llmproxy.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RedisServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Answers that are shared through a Redis in which anything may lie. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("once")
class RedisCacheTest {

	private static final String PREFIX = "llm-proxy:cache:";

	private static final String LOST = "Until it answers again answers are cached";

	private static final String BACK = "Redis answers again: answers are shared";

	@Test
	void nodesShareAnswersWhichSurviveThem() {
		try (RedisServer redis = RedisServer.start(documentedUser())) {
			try (TestServer one = server(redis); TestServer two = server(redis)) {
				String key = miss(one, "shared");
				Awaitility.await().until(() -> redis.command("EXISTS " + PREFIX + key).contains("1"));
				Awaitility.await().until(() -> fromRedis(two, key, "shared"));
				// What one is told to forget all forget.
				try (RawHttpClient operator = RawHttpClient.connect(one.managementPort())) {
					RawResponse forgotten = operator
						.send("DELETE", "/actuator/llmcache?model=simulator/*", Map.of(), new byte[0])
						.readResponse();
					assertThat(forgotten.json().at("/shared").asLong()).isEqualTo(1);
				}
				Awaitility.await().until(() -> outcome(two, "shared").equals("miss"));
				Awaitility.await().until(() -> redis.command("EXISTS " + PREFIX + key).contains("1"));
			}
		}
	}

	/** Whether a node finds it there; a busy machine may need a second look. */
	private static boolean fromRedis(TestServer node, String key, String text) {
		forgetInMemory(node, key);
		return outcome(node, text).equals("hit");
	}

	/** The permissions that the documentation asks for. */
	private static String[] documentedUser() {
		return ("--user default on nopass ~llm-proxy:cache:* &llm-proxy:cache:* -@all +@connection +getrange +set "
				+ "+unlink +exists +scan +publish +subscribe +unsubscribe")
			.split(" ");
	}

	@Test
	void fault61And62_whateverIsNoAnswerIsAMissAndRemoved() {
		try (RedisServer redis = RedisServer.start(); TestServer node = server(redis)) {
			String key = miss(node, "damaged");
			Awaitility.await().until(() -> redis.command("EXISTS " + PREFIX + key).contains("1"));
			Awaitility.await().until(() -> fromRedis(node, key, "damaged"));
			redis.command("FLUSHALL");
			assertThat(outcome(node, "damaged")).isEqualTo("hit");
			assertThat(fromRedis(node, key, "damaged")).isFalse();
			String[] rubbish = { "SET " + PREFIX + key + " rubbish", "SETRANGE " + PREFIX + key + " 60 x",
					"HSET " + PREFIX + key + " a b", "SETRANGE " + PREFIX + key + " 3000000 x" };
			String[] reasons = { "corrupt", "corrupt", "foreign", "oversized" };
			for (int i = 0; i < rubbish.length; i++) {
				String lies = rubbish[i];
				String reason = reasons[i];
				// A busy machine may be too late to see it the first time.
				Awaitility.await().until(() -> {
					redis.command("DEL " + PREFIX + key);
					redis.command(lies);
					forgetInMemory(node, key);
					assertThat(outcome(node, "damaged")).as(lies).isEqualTo("miss");
					return faults(node).contains("reason=\"" + reason + "\"");
				});
				Awaitility.await().until(() -> redis.command("GETRANGE " + PREFIX + key + " 0 3").contains("LPXA"));
			}
		}
	}

	private static String faults(TestServer node) {
		try (RawHttpClient operator = RawHttpClient.connect(node.managementPort())) {
			return operator.get("/actuator/prometheus", Map.of())
				.text()
				.lines()
				.filter((line) -> line.startsWith("llm_proxy_cache_shared_faults_total"))
				.collect(Collectors.joining("\n"));
		}
	}

	private static void forgetInMemory(TestServer node, String key) {
		node.context()
			.getBean(dev.llmproxy.cache.LocalAnswers.class)
			.forget(Objects.requireNonNull(dev.llmproxy.cache.CacheKey.parse(key)));
	}

	@Test
	void fault60_aFrozenOrLostRedisCostsNoAnswer(CapturedOutput output) {
		try (RedisServer redis = RedisServer.stopped(); TestServer node = server(redis)) {
			assertThat(outcome(node, "alone")).isEqualTo("miss");
			redis.restart();
			Awaitility.await().until(() -> output.getOut().contains(BACK));
			String kept = miss(node, "survives");
			Awaitility.await().until(() -> redis.command("EXISTS " + PREFIX + kept).contains("1"));
			redis.freeze();
			try {
				for (int i = 0; i < 20; i++) {
					assertThat(outcome(node, "frozen " + i)).isEqualTo("miss");
					assertThat(outcome(node, "frozen " + i)).isEqualTo("hit");
				}
				assertThat(output.getOut().split(LOST, -1)).hasSize(3);
			}
			finally {
				redis.thaw();
			}
			Awaitility.await().until(() -> output.getOut().split(BACK, -1).length == 3);
			Awaitility.await().until(() -> fromRedis(node, kept, "survives"));
			redis.kill();
			for (int i = 0; i < 20; i++) {
				assertThat(outcome(node, "killed " + i)).isEqualTo("miss");
			}
			redis.restart();
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
				String key = miss(node, "back " + System.nanoTime());
				return redis.command("EXISTS " + PREFIX + key).contains("1");
			});
		}
	}

	private static TestServer server(RedisServer redis) {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("spring.data.redis.port", Integer.toString(redis.port()));
		properties.put("llm-proxy.simulator.enabled", "true");
		properties.put("llm-proxy.cache.enabled", "true");
		properties.put("llm-proxy.cache.store", "redis");
		properties.put("llm-proxy.cache.redis.probe-interval", "50ms");
		properties.put("llm-proxy.cache.redis.deadline", "50ms");
		properties.put("logging.level.dev.llmproxy.cache", "info");
		properties.put("management.endpoints.web.exposure.include", "llmcache,prometheus");
		return TestServer.start(properties);
	}

	private static String miss(TestServer server, String text) {
		RawResponse response = ask(server, text);
		assertThat(response.header("llm-proxy-cache")).isEqualTo("miss");
		return Objects.requireNonNull(response.header("llm-proxy-cache-key"));
	}

	private static String outcome(TestServer server, String text) {
		RawResponse response = ask(server, text);
		assertThat(response.status()).isEqualTo(200);
		return Objects.requireNonNull(response.header("llm-proxy-cache"));
	}

	private static RawResponse ask(TestServer server, String text) {
		try (RawHttpClient client = server.client()) {
			return client.post("/v1/chat/completions", TestServer.headers(),
					"{\"model\":\"simulator/demo\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\""
							+ text + "\"}]}");
		}
	}

}
