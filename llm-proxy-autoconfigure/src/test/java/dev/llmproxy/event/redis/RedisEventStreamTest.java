package dev.llmproxy.event.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.llmproxy.event.GatewayEvent;
import dev.llmproxy.event.GatewayEvent.LimitHit;
import dev.llmproxy.testkit.RedisServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** Events in a real Redis, which comes and goes. */
@Tag("once")
class RedisEventStreamTest {

	private static final GatewayEvent HIT = new LimitHit(Instant.EPOCH, "per-key", "tokens");

	private RedisServer redis;

	private LettuceConnectionFactory connections;

	private RedisEventStream stream;

	@BeforeEach
	void start() {
		this.redis = RedisServer.start();
		this.connections = new LettuceConnectionFactory("127.0.0.1", this.redis.port());
		this.connections.afterPropertiesSet();
		this.connections.start();
		this.stream = new RedisEventStream(this.connections,
				new RedisStreamSettings("events", 100, Duration.ofSeconds(5), Duration.ofMillis(50), 5000));
		this.stream.start().block(Duration.ofSeconds(10));
	}

	@AfterEach
	void stop() {
		this.stream.stop();
		this.connections.destroy();
		this.redis.close();
	}

	@Test
	void appendsWhatHappens() {
		this.stream.send(HIT);
		Awaitility.await().until(() -> this.stream.added() == 1);
		List<MapRecord<String, Object, Object>> entries = new ReactiveStringRedisTemplate(this.connections)
			.opsForStream()
			.range("events", Range.unbounded())
			.collectList()
			.block(Duration.ofSeconds(5));
		assertThat(entries).hasSize(1);
		assertThat(entries.get(0).getValue()).containsEntry("type", "limit.hit")
			.containsEntry("timestamp", "1970-01-01T00:00:00Z")
			.containsEntry("data", "{\"limit\":\"per-key\",\"limited\":\"tokens\"}");
		assertThat(this.stream.dropped()).isZero();
	}

	@Test
	void theStreamStaysAboutAsLongAsItMayBe() {
		for (int i = 0; i < 1000; i++) {
			this.stream.send(HIT);
		}
		Awaitility.await().until(() -> this.stream.added() == 1000);
		int length = Integer.parseInt(this.redis.command("XLEN events").strip().substring(1));
		assertThat(length).isBetween(100, 400);
	}

	@Test
	void whatCantBeAppendedIsDroppedAndCountedAndItGoesOnWhenRedisIsBack() {
		this.redis.kill();
		Awaitility.await().until(() -> {
			this.stream.send(HIT);
			return this.stream.dropped() > 3;
		});
		this.redis.restart();
		Awaitility.await().until(() -> {
			this.stream.send(HIT);
			return this.stream.added() > 0;
		});
	}

}
