package dev.llmproxy.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.limit.LimitStore;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RedisServer;
import dev.llmproxy.testkit.TcpProxy;
import io.lettuce.core.resource.ClientResources;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** Limits that are shared through a Redis which is not always there. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("once")
class RedisLimitsTest {

	private static final String LOST = "Until it answers again limits are";

	private static final String BACK = "Redis answers again";

	@Test
	void nodesShareALimitAndOneRoundTripDecides() {
		try (RedisServer redis = RedisServer.start(documentedUser());
				TestServer one = server(redis.port(), Map.of());
				TestServer two = server(redis.port(), Map.of())) {
			assertThat(ask(one).header("x-ratelimit-remaining-requests")).isEqualTo("2");
			assertThat(ask(two).header("x-ratelimit-remaining-requests")).isEqualTo("1");
			long before = calls(redis, "evalsha");
			assertThat(ask(one).header("x-ratelimit-remaining-requests")).isEqualTo("0");
			assertThat(calls(redis, "evalsha") - before).isLessThanOrEqualTo(2);
			assertThat(ask(two).status()).isEqualTo(429);
			assertThat(ask(one).status()).isEqualTo(429);
		}
	}

	/**
	 * The permissions that the documentation asks for, and those that this test needs.
	 */
	private static String[] documentedUser() {
		return ("--user default on nopass ~llm-proxy:* -@all +@connection +eval +evalsha +time +hmget +hset +hget +hdel "
				+ "+hincrby +del +pexpire +zadd +zrem +zcard +zremrangebyscore +info")
			.split(" ");
	}

	private static long calls(RedisServer redis, String command) {
		String line = redis.command("INFO commandstats")
			.lines()
			.filter((stat) -> stat.startsWith("cmdstat_" + command + ":"))
			.findFirst()
			.orElse("calls=0,");
		return Long.parseLong(line.replaceAll(".*calls=(\\d+),.*", "$1"));
	}

	@Test
	void fault59_startsWithoutRedisAndSharesOnceItIsThere(CapturedOutput output) {
		try (RedisServer redis = RedisServer.stopped(); TestServer server = server(redis.port(), Map.of())) {
			assertThat(ask(server).status()).isEqualTo(200);
			assertThat(store(server).state().degraded()).isTrue();
			redis.restart();
			Awaitility.await().until(() -> !store(server).state().degraded());
			assertThat(ask(server).header("x-ratelimit-remaining-requests")).isEqualTo("2");
		}
		assertThat(output.getOut()).containsOnlyOnce(LOST).containsOnlyOnce(BACK);
	}

	@Test
	void fault60_aFrozenRedisIsNotWaitedForTwice(CapturedOutput output) {
		try (RedisServer redis = RedisServer.start(); TestServer server = server(redis.port(), Map.of())) {
			ask(server);
			redis.freeze();
			try {
				int admitted = 0;
				for (int i = 0; i < 40; i++) {
					RawResponse response = ask(server);
					assertThat(response.status()).isIn(200, 429);
					admitted += (response.status() == 200) ? 1 : 0;
				}
				// One of three was used before.
				assertThat(admitted).isEqualTo(2);
				assertThat(output.getOut()).containsOnlyOnce(LOST);
			}
			finally {
				redis.thaw();
			}
			Awaitility.await()
				.atMost(Duration.ofSeconds(1))
				.pollInterval(Duration.ofMillis(10))
				.until(() -> !store(server).state().degraded());
			assertThat(output.getOut()).containsOnlyOnce(BACK);
		}
	}

	@Test
	void fault60_aRedisThatComesAndGoesIsToldOfOnceATime(CapturedOutput output) {
		try (RedisServer redis = RedisServer.start();
				TestServer server = server(redis.port(), Map.of("llm-proxy.limits.rules.all.requests", "1000"))) {
			for (int i = 1; i <= 3; i++) {
				redis.kill();
				Awaitility.await().until(() -> {
					ask(server);
					return store(server).state().degraded();
				});
				for (int j = 0; j < 10; j++) {
					assertThat(ask(server).status()).isEqualTo(200);
				}
				redis.restart();
				Awaitility.await().until(() -> !store(server).state().degraded());
				assertThat(ask(server).status()).isEqualTo(200);
			}
		}
		assertThat(output.getOut().split(LOST, -1)).hasSize(4);
		assertThat(output.getOut().split(BACK, -1)).hasSize(4);
	}

	@Test
	void fault60_aSlowRedisIsTakenForLost() {
		try (RedisServer redis = RedisServer.start();
				TcpProxy proxy = TcpProxy.to(redis.port());
				TestServer server = server(proxy.port(), Map.of())) {
			proxy.delay(TcpProxy.Direction.TO_CLIENT, Duration.ofMillis(120));
			Awaitility.await().until(() -> {
				ask(server);
				return store(server).state().degraded();
			});
			Awaitility.await()
				.during(Duration.ofSeconds(1))
				.atMost(Duration.ofSeconds(3))
				.until(() -> store(server).state().degraded());
			proxy.delay(TcpProxy.Direction.TO_CLIENT, Duration.ZERO);
			Awaitility.await().until(() -> !store(server).state().degraded());
		}
	}

	@ParameterizedTest
	@CsvSource({ "open, 200", "closed, 503" })
	void aFailureModeIsWhatItSays(String mode, int status) {
		try (RedisServer redis = RedisServer.stopped();
				TestServer server = server(redis.port(), Map.of("llm-proxy.limits.redis.failure-mode", mode))) {
			for (int i = 0; i < 6; i++) {
				assertThat(ask(server).status()).isEqualTo(status);
			}
			if (status == 503) {
				assertThat(ask(server).header("retry-after")).isEqualTo("1");
				assertThat(ask(server).json().at("/error/code").asString()).isEqualTo("limits_unavailable");
			}
			try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
				assertThat(client.get("/actuator/prometheus", Map.of()).text())
					.contains("llm_proxy_limit_fallbacks_total{failure_mode=\"" + mode + "\"}");
				assertThat(client.get("/actuator/llmlimits", Map.of()).json().at("/store/degraded").asBoolean())
					.isTrue();
			}
		}
	}

	@Test
	void fault63_aRedisThatForbidsScriptsIsToldOfLoudly(CapturedOutput output) {
		try (RedisServer redis = RedisServer.start("--user", "default", "on", "nopass", "~*", "&*", "+@all",
				"-@scripting"); TestServer server = server(redis.port(), Map.of())) {
			assertThat(ask(server).status()).isEqualTo(200);
			assertThat(store(server).state().degraded()).isTrue();
		}
		assertThat(output.getOut()).containsOnlyOnce(LOST).contains("NOPERM");
	}

	@Test
	void fault63_aRedisThatForgotTheScriptsIsGivenThemAgain() {
		try (RedisServer redis = RedisServer.start(); TestServer server = server(redis.port(), Map.of())) {
			ask(server);
			redis.command("SCRIPT FLUSH");
			assertThat(ask(server).header("x-ratelimit-remaining-requests")).isEqualTo("1");
			assertThat(store(server).state().degraded()).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 40, 601 })
	void fault69_aClockOfRedisThatGoesBackFreesNothing(long slots) {
		try (RedisServer redis = RedisServer.start();
				TestServer server = server(redis.port(), Map.of("llm-proxy.limits.rules.all.window", "1m"))) {
			ask(server);
			ask(server);
			redis.shiftWindows(60_000, slots);
			assertThat(ask(server).status()).isEqualTo(200);
			RawResponse refused = ask(server);
			assertThat(refused.status()).isEqualTo(429);
			assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 90);
		}
	}

	@Test
	void withoutAStoreInRedisNothingOfItIsThere() {
		try (TestServer server = TestServer.start(Map.of("llm-proxy.simulator.enabled", "true"))) {
			assertThat(server.context().getBeansOfType(RedisConnectionFactory.class)).isEmpty();
			assertThat(server.context().getBeansOfType(ClientResources.class)).isEmpty();
		}
	}

	private static LimitStore store(TestServer server) {
		return server.context().getBean(LimitStore.class);
	}

	private static TestServer server(int redisPort, Map<String, String> more) {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("spring.data.redis.port", Integer.toString(redisPort));
		properties.put("llm-proxy.simulator.enabled", "true");
		properties.put("llm-proxy.limits.store", "redis");
		properties.put("logging.level.dev.llmproxy.limit", "info");
		properties.put("llm-proxy.limits.redis.probe-interval", "50ms");
		properties.put("llm-proxy.limits.redis.nodes", "1");
		properties.put("llm-proxy.limits.redis.deadline", "50ms");
		properties.put("llm-proxy.limits.rules.all.requests", "3");
		properties.put("llm-proxy.limits.rules.all.window", "1h");
		properties.put("management.endpoints.web.exposure.include", "llmlimits,prometheus");
		properties.putAll(more);
		return TestServer.start(properties);
	}

	private static RawResponse ask(TestServer server) {
		try (RawHttpClient client = server.client()) {
			return client.post("/v1/chat/completions", TestServer.headers(),
					"{\"model\":\"simulator/demo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
		}
	}

}
