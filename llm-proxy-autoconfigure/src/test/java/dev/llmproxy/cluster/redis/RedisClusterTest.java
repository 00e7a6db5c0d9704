package dev.llmproxy.cluster.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.llmproxy.cluster.MessageCounts.Kind;
import dev.llmproxy.cluster.MessageCounts.Outcome;
import dev.llmproxy.cluster.NodeMessage;
import dev.llmproxy.cluster.NodeMessage.Change;
import dev.llmproxy.cluster.NodeMessage.Opened;
import dev.llmproxy.cluster.NodeMessage.Rest;
import dev.llmproxy.cluster.OperatorAction;
import dev.llmproxy.cluster.Told;
import dev.llmproxy.testkit.RedisServer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** Nodes that tell each other through a real Redis, which comes and goes. */
@Tag("once")
class RedisClusterTest {

	private static final String CHANNEL = "llm-proxy:{cluster}:told";

	private static final String CHANGES = "llm-proxy:{cluster}:changes";

	private static final String HINTS = "llm-proxy:{cluster}:hints";

	private static final Rest REST = new Rest("up/m", "ab", Duration.ofSeconds(30), true);

	private static final Change OUT = new Change(OperatorAction.DISABLE, "up", "ann");

	private static final Change BACK = new Change(OperatorAction.ENABLE, "up", "bob");

	/** The permissions that the documentation asks for. */
	private static final String DOCUMENTED = "~llm-proxy:* &llm-proxy:* -@all +@connection +eval +evalsha +time +type "
			+ "+hget +hset +hdel +hlen +hexists +hgetall +pttl +pexpire +del +publish +subscribe +unsubscribe";

	private final List<Node> nodes = new ArrayList<>();

	private RedisServer redis;

	@BeforeEach
	void start() {
		this.redis = RedisServer.start(("--user nodes on >secret " + DOCUMENTED).split(" "));
	}

	@AfterEach
	void stop() {
		this.nodes.forEach(Node::close);
		this.redis.close();
	}

	@Test
	void othersHearAHintAndWhoToldItDoesNot() {
		Node one = node("one");
		Node two = node("two");
		one.cluster.hint(() -> REST);
		await().untilAsserted(() -> assertThat(two.heard).as("told by %s to %s", one, two).contains(REST));
		two.cluster.hint(() -> new Opened("up/m", "ab", Duration.ofSeconds(5)));
		await().until(() -> one.heard.size() == 1);
		assertThat(one.heard).doesNotContain(REST);
		assertThat(two.heard).hasSize(1);
		assertThat(one.counted(Kind.REST, Outcome.TOLD)).isEqualTo(1);
		assertThat(two.counted(Kind.REST, Outcome.HEARD)).isEqualTo(1);
	}

	@Test
	void whoStartsLaterLearnsWhatIsLeftOfAHintAndNothingOfOneThatIsOver() {
		Node one = node("one");
		one.cluster.hint(() -> new Rest("up/short", "ab", Duration.ofMillis(1), true));
		one.cluster.hint(() -> REST);
		await().until(() -> one.counted(Kind.REST, Outcome.TOLD) == 2);
		Node two = node("two");
		assertThat(two.heard).isNotEmpty().allSatisfy((message) -> {
			Rest rest = (Rest) message;
			assertThat(rest.target()).isEqualTo("up/m");
			assertThat(rest.length()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(30));
		});
		int ttl = Integer.parseInt(admin("TTL " + HINTS).strip().substring(1));
		assertThat(ttl).isBetween(1, 30);
	}

	@Test
	void aChangeIsToldToAllAndKeptForWhoStartsLater() {
		Node one = node("one");
		Node two = node("two");
		assertThat(one.tell(OUT)).isEqualTo(new Told(true, 1));
		await().until(() -> two.heard.contains(OUT));
		assertThat(node("three").heard).containsExactly(OUT);
		assertThat(two.tell(BACK)).isEqualTo(new Told(true, 2));
		await().until(() -> one.heard.contains(BACK));
		// What was taken back is no news to who starts then.
		assertThat(node("four").heard).isEmpty();
		assertThat(two.heard).containsExactly(OUT);
	}

	@Test
	void aChangeOfABreakerEndsTheHintsAboutIt() {
		Node one = node("one");
		one.cluster.hint(() -> REST);
		await().until(() -> admin("HLEN " + HINTS).contains(":1"));
		one.tell(new Change(OperatorAction.RESET, "up/m", "ann"));
		assertThat(admin("HLEN " + HINTS)).contains(":0");
		assertThat(node("two").heard).isEmpty();
	}

	@Test
	void whatWasSaidWhileRedisWasAwayIsToldWhenItIsBackAndWhatItLostIsRestored() {
		Node one = node("one", Duration.ofMillis(500));
		Node two = node("two", Duration.ofMillis(500));
		one.tell(new Change(OperatorAction.FORCE, "other", "ann"));
		await().until(() -> two.heard.size() == 1);
		this.redis.kill();
		assertThat(one.tell(OUT)).isEqualTo(Told.LATER);
		one.cluster.hint(() -> REST);
		await().until(() -> one.counted(Kind.REST, Outcome.DROPPED) > 0);
		this.redis.restart();
		await().until(() -> two.heard.contains(OUT));
		await().until(() -> admin("HLEN " + CHANGES).contains(":2"));
		assertThat(node("three").heard).hasSize(2).contains(OUT);
		assertThat(two.heard).hasSize(2);
	}

	@Test
	void fault60_aFrozenRedisKeepsNobodyWaiting() {
		Node one = node("one", Duration.ofMillis(500));
		Node two = node("two", Duration.ofMillis(500));
		this.redis.freeze();
		try {
			long before = System.nanoTime();
			for (int i = 0; i < 10_000; i++) {
				one.cluster.hint(() -> REST);
			}
			assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
			assertThat(one.tell(OUT).told()).isFalse();
			await().until(() -> !one.cluster.up());
		}
		finally {
			this.redis.thaw();
		}
		await().until(() -> two.heard.contains(OUT));
		await().until(() -> one.cluster.up());
		one.cluster.hint(() -> new Opened("up/m", "ab", Duration.ofSeconds(5)));
		await().until(() -> two.heard.stream().anyMatch(Opened.class::isInstance));
	}

	@Test
	void fault62_whateverIsNoMessageIsCountedAndIgnored() {
		Node one = node("one");
		Node two = node("two");
		String[] lies = { "rubbish", "0", "0 {}", "x".repeat(3000), "x".repeat(7000) };
		for (String lie : lies) {
			admin("PUBLISH " + CHANNEL + " \"" + lie + "\"");
		}
		await().until(() -> two.counted(Kind.UNKNOWN, Outcome.INVALID) == lies.length);
		assertThat(one.tell(OUT).told()).isTrue();
		await().until(() -> two.heard.size() == 1);
		admin("HSET " + CHANGES + " a rubbish b \"1 1 {}\" c \"" + "x".repeat(5000) + "\"");
		admin("SET " + HINTS + " foreign");
		Node three = node("three");
		assertThat(three.heard).containsExactly(OUT);
		assertThat(three.counted(Kind.UNKNOWN, Outcome.INVALID)).isPositive();
		assertThat(admin("TYPE " + HINTS)).contains("none");
		assertThat(admin("HEXISTS " + CHANGES + " a")).contains(":0");
		assertThat(admin("HEXISTS " + CHANGES + " c")).contains(":0");
	}

	@Test
	void namesThatCallersMakeUpFillNothing() {
		Node one = node("one");
		for (int i = 0; i < 1_200; i++) {
			String target = "up/" + i;
			await().until(() -> one.counted(Kind.REST, Outcome.TOLD) > i(target) - 500);
			one.cluster.hint(() -> new Rest(target, "ab", Duration.ofSeconds(30), true));
		}
		await().until(() -> one.counted(Kind.REST, Outcome.TOLD) == 1_200);
		assertThat(admin("HLEN " + HINTS)).contains(":1000");
	}

	private static int i(String target) {
		return Integer.parseInt(target.substring(3));
	}

	/** As somebody who may do anything. */
	private String admin(String command) {
		return this.redis.command(command);
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollDelay(Duration.ZERO);
	}

	private Node node(String name) {
		return node(name, Duration.ofSeconds(5));
	}

	private Node node(String name, Duration deadline) {
		Node node = new Node(name, this.redis.port(), deadline);
		this.nodes.add(node);
		return node;
	}

	private static final class Node {

		private final Queue<NodeMessage> heard = new ConcurrentLinkedQueue<>();

		private final LettuceConnectionFactory connections;

		private final RedisCluster cluster;

		Node(String name, int port, Duration deadline) {
			RedisStandaloneConfiguration server = new RedisStandaloneConfiguration("127.0.0.1", port);
			server.setUsername("nodes");
			server.setPassword("secret");
			this.connections = new LettuceConnectionFactory(server);
			this.connections.afterPropertiesSet();
			this.connections.start();
			this.cluster = new RedisCluster(this.connections, new RedisClusterSettings(name, "llm-proxy:", deadline,
					Duration.ofMillis(50), Duration.ofMillis(200), 1000));
			this.cluster.listen((from, message) -> this.heard.add(message));
			this.cluster.start().block(Duration.ofSeconds(10));
			assertThat(this.cluster.up()).isTrue();
		}

		Told tell(Change change) {
			return Objects.requireNonNull(this.cluster.tell(change).block(Duration.ofSeconds(5)));
		}

		long counted(Kind kind, Outcome outcome) {
			return this.cluster.counts().get(kind, outcome);
		}

		/** What became of messages. */
		@Override
		public String toString() {
			StringBuilder text = new StringBuilder(this.cluster.up() ? "a node" : "a node without Redis");
			for (Kind kind : Kind.values()) {
				for (Outcome outcome : Outcome.values()) {
					text.append((counted(kind, outcome) > 0) ? ", " + kind + ' ' + outcome : "");
				}
			}
			return text.toString();
		}

		void close() {
			this.cluster.stop();
			this.connections.destroy();
		}

	}

}
