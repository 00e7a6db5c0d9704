package dev.llmproxy.cache.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

import dev.llmproxy.cache.AnswerPattern;
import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.CacheListener;
import dev.llmproxy.cache.Meaning;
import dev.llmproxy.cache.SharedQuestions.Match;
import dev.llmproxy.testkit.RedisServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class RedisQuestionsTest {

	private static final String PREFIX = "test[1]:";

	private static final Duration DEADLINE = Duration.ofMillis(50);

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final CacheKey PARTITION = new CacheKey(0, 0, 0, 1);

	private static final int LENGTH = 256;

	private static RedisServer redis;

	private final Random random = new Random(1);

	private final float[] asked = direction();

	private final List<LettuceConnectionFactory> factories = new ArrayList<>();

	private final List<RedisQuestions> stores = new ArrayList<>();

	private RedisQuestions questions;

	@BeforeAll
	static void start() {
		redis = RedisServer.withVectorSets();
	}

	@AfterAll
	static void stop() {
		if (redis != null) {
			redis.close();
		}
	}

	@BeforeEach
	void connect() {
		redis.command("FLUSHALL");
		this.questions = questions(redis, 100);
		Awaitility.await().until(() -> {
			this.questions.add(meaning(PARTITION, this.asked), key(0), MINUTE);
			return redis.command("VCARD " + set(PARTITION)).startsWith(":1");
		});
		redis.command("FLUSHALL");
	}

	@AfterEach
	void disconnect() {
		this.stores.forEach(RedisQuestions::stop);
		this.factories.forEach(LettuceConnectionFactory::destroy);
	}

	private RedisQuestions questions(RedisServer server, int most) {
		LettuceConnectionFactory factory = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration("127.0.0.1", server.port()));
		factory.afterPropertiesSet();
		factory.start();
		this.factories.add(factory);
		RedisQuestions store = new RedisQuestions(factory,
				new RedisAnswerSettings(PREFIX, DEADLINE, DEADLINE, 1024, 1024), most, CacheListener.NONE);
		this.stores.add(store);
		store.start().block();
		return store;
	}

	private static String set(CacheKey partition) {
		return PREFIX + "meaning:" + partition + ":" + LENGTH;
	}

	private static CacheKey key(long number) {
		return new CacheKey(number, 0, 0, 0);
	}

	private static Meaning meaning(CacheKey partition, float[] vector) {
		return new Meaning(partition, "key:alice", "fast", vector);
	}

	private float[] direction() {
		double[] vector = new double[LENGTH];
		for (int i = 0; i < LENGTH; i++) {
			vector[i] = this.random.nextGaussian();
		}
		return unit(vector);
	}

	/** Another direction that the one asked for is so similar to. */
	private float[] similar(double cosine) {
		float[] other = direction();
		double along = 0;
		for (int i = 0; i < LENGTH; i++) {
			along += (double) other[i] * this.asked[i];
		}
		double[] across = new double[LENGTH];
		for (int i = 0; i < LENGTH; i++) {
			across[i] = other[i] - along * this.asked[i];
		}
		float[] upright = unit(across);
		double[] vector = new double[LENGTH];
		for (int i = 0; i < LENGTH; i++) {
			vector[i] = cosine * this.asked[i] + Math.sqrt(1 - cosine * cosine) * upright[i];
		}
		return unit(vector);
	}

	private static float[] unit(double[] vector) {
		double square = 0;
		for (double value : vector) {
			square += value * value;
		}
		float[] unit = new float[vector.length];
		for (int i = 0; i < vector.length; i++) {
			unit[i] = (float) (vector[i] / Math.sqrt(square));
		}
		return unit;
	}

	/** Adds, and waits until that is done. */
	private void add(CacheKey partition, long number, double similarity) {
		this.questions.add(meaning(partition, similar(similarity)), key(number), MINUTE);
		Awaitility.await()
			.until(() -> !redis.command("VGETATTR " + set(partition) + " " + key(number)).equals("$-1\r\n"));
	}

	private List<Match> find(CacheKey partition, double threshold) {
		return Objects.requireNonNull(this.questions.find(meaning(partition, this.asked), threshold).block());
	}

	/** A busy machine may be late once. */
	private void awaitKeys(long... numbers) {
		List<CacheKey> keys = new ArrayList<>();
		for (long number : numbers) {
			keys.add(key(number));
		}
		Awaitility.await().untilAsserted(() -> assertThat(find(PARTITION, 0.9)).extracting(Match::key).isEqualTo(keys));
	}

	@Test
	void theThresholdIsWhatItSays() {
		for (int i = 1; i <= 20; i++) {
			redis.command("FLUSHALL");
			add(PARTITION, i, 0.9 + 0.00005);
			awaitKeys(i);
			assertThat(find(PARTITION, 0.9)).first()
				.satisfies((match) -> assertThat(match.similarity()).isBetween(0.90004, 0.90006));
			assertThat(find(PARTITION, 0.9001)).isEmpty();
		}
		this.questions.add(meaning(PARTITION, this.asked), key(1), MINUTE);
		Awaitility.await().until(() -> !find(PARTITION, 1).isEmpty());
	}

	@Test
	void theNearestComeFirst() {
		for (int i = 1; i <= 60; i++) {
			int number = (i * 17) % 61;
			add(PARTITION, number, 0.9 + number * 0.0015);
		}
		awaitKeys(60, 59, 58);
	}

	@Test
	void otherPartitionsAndLengthsNeverMatch() {
		CacheKey other = new CacheKey(0, 0, 0, 2);
		add(PARTITION, 1, 0.99);
		awaitKeys(1);
		assertThat(find(other, 0.1)).isEmpty();
		float[] longer = new float[LENGTH + 1];
		System.arraycopy(this.asked, 0, longer, 0, LENGTH);
		assertThat(this.questions.find(meaning(PARTITION, longer), 0.1).block()).isEmpty();
		awaitKeys(1);
	}

	@Test
	void makesRoomForWhatComes() {
		RedisQuestions few = questions(redis, 5);
		for (int i = 1; i <= 20; i++) {
			CacheKey newest = key(i);
			few.add(meaning(PARTITION, similar(0.95)), newest, MINUTE);
			Awaitility.await()
				.until(() -> !redis.command("VGETATTR " + set(PARTITION) + " " + newest).equals("$-1\r\n"));
		}
		Awaitility.await().until(() -> redis.command("VCARD " + set(PARTITION)).equals(":5\r\n"));
		assertThat(redis.command("VGETATTR " + set(PARTITION) + " " + key(20))).contains("key:alice");
	}

	@Test
	void aSetLastsAsLongAsItsLastAnswer() {
		add(PARTITION, 1, 0.95);
		Awaitility.await().until(() -> left() > 30_000 && left() <= 60_000);
		this.questions.add(meaning(PARTITION, similar(0.95)), key(2), Duration.ofHours(1));
		Awaitility.await().until(() -> left() > 3_000_000);
		add(PARTITION, 3, 0.95);
		Awaitility.await().during(Duration.ofMillis(100)).until(() -> left() > 3_000_000);
	}

	private static long left() {
		return Long.parseLong(redis.command("PTTL " + set(PARTITION)).substring(1).strip());
	}

	@Test
	void forgetsAQuestionWhoseAnswerIsGone() {
		add(PARTITION, 1, 0.95);
		add(PARTITION, 2, 0.94);
		redis.command("SET " + PREFIX + key(2) + " answer");
		this.questions.remove(meaning(PARTITION, this.asked), key(2));
		this.questions.remove(meaning(PARTITION, this.asked), key(1));
		Awaitility.await().until(() -> redis.command("VCARD " + set(PARTITION)).equals(":1\r\n"));
		awaitKeys(2);
	}

	@Test
	void forgetsWhatTenantsAskedModels() {
		CacheKey other = new CacheKey(0, 0, 0, 2);
		add(PARTITION, 1, 0.95);
		this.questions.add(new Meaning(other, "key:b\"o\"b", "fast", this.asked), key(2), MINUTE);
		Awaitility.await().until(() -> redis.command("VCARD " + set(other)).equals(":1\r\n"));
		this.questions.forget(new AnswerPattern("key:*", "slow")).block();
		assertThat(redis.command("DBSIZE")).isEqualTo(":2\r\n");
		this.questions.forget(new AnswerPattern("key:b\"*", "fast")).block();
		assertThat(redis.command("EXISTS " + set(other))).isEqualTo(":0\r\n");
		awaitKeys(1);
		this.questions.forget(AnswerPattern.ALL).block();
		assertThat(redis.command("DBSIZE")).isEqualTo(":0\r\n");
	}

	@Test
	void goesOnWhenAllIsFlushed() {
		add(PARTITION, 1, 0.95);
		awaitKeys(1);
		redis.command("FLUSHALL");
		assertThat(find(PARTITION, 0.1)).isEmpty();
		add(PARTITION, 2, 0.95);
		awaitKeys(2);
	}

	@Test
	void whateverElseLiesThereIsRemoved() {
		String[] rubbish = { "SET " + set(PARTITION) + " rubbish", "VADD " + set(PARTITION) + " VALUES 2 1 0 x NOQUANT",
				"VADD " + set(PARTITION) + " VALUES 2 1 0 x" };
		for (String lies : rubbish) {
			redis.command("FLUSHALL");
			redis.command(lies);
			Awaitility.await().until(() -> {
				assertThat(find(PARTITION, 0.1)).as(lies).isEmpty();
				return redis.command("DBSIZE").equals(":0\r\n");
			});
			redis.command(lies);
			Awaitility.await().until(() -> {
				this.questions.add(meaning(PARTITION, this.asked), key(1), MINUTE);
				return !find(PARTITION, 0.9).isEmpty();
			});
		}
		redis.command("VADD " + set(PARTITION) + " FP32 " + "0".repeat(4 * LENGTH) + " nokey NOQUANT M 4");
		assertThat(redis.command("VCARD " + set(PARTITION))).isEqualTo(":2\r\n");
		Awaitility.await().until(() -> find(PARTITION, -1).size() == 1);
	}

	@Test
	void aFrozenRedisCostsADeadline() {
		add(PARTITION, 1, 0.95);
		awaitKeys(1);
		redis.freeze();
		try {
			long start = System.nanoTime();
			for (int i = 0; i < 50; i++) {
				assertThat(find(PARTITION, 0.9)).isEmpty();
				this.questions.add(meaning(PARTITION, this.asked), key(2), MINUTE);
				this.questions.remove(meaning(PARTITION, this.asked), key(2));
			}
			// Three deadlines and no more, and a busy machine.
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE.multipliedBy(20));
		}
		finally {
			redis.thaw();
		}
		Awaitility.await().until(() -> !find(PARTITION, 0.9).isEmpty());
	}

	@Test
	void saysOnceThatThereAreNoVectorSets(CapturedOutput output) {
		try (RedisServer old = RedisServer.start()) {
			// Where that is a newer one, nobody may ask it.
			old.command("ACL SETUSER default -vsim");
			RedisQuestions none = questions(old, 100);
			Awaitility.await().during(DEADLINE.multipliedBy(5)).until(() -> {
				none.add(meaning(PARTITION, this.asked), key(1), MINUTE);
				none.remove(meaning(PARTITION, this.asked), key(1));
				return Objects.requireNonNull(none.find(meaning(PARTITION, this.asked), 0.1).block()).isEmpty();
			});
			assertThat(old.command("DBSIZE")).isEqualTo(":0\r\n");
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains("Redis 8 or later"))).hasSize(1);
	}

}
