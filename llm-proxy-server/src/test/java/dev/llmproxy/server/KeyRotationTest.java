package dev.llmproxy.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Fault 71: keys are rotated under load, in both fronts. */
@Tag("once")
class KeyRotationTest {

	private static final int ROTATIONS = 8;

	private static final int CALLERS = 8;

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void nobodyFailsWhileKeysAreRotatedAndARevokedKeyIsDeadWithinASecond(boolean hotLane) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
		AtomicBoolean done = new AtomicBoolean();
		try (ScriptedUpstream upstream = ScriptedUpstream.start()
			.answerWith(Script.json(200, "{\"id\":\"one\",\"choices\":[]}"));
				ReloadedServer server = ReloadedServer.start(this.directory, yaml(upstream, 0, 0),
						// The clocks that the server is shipped with.
						Map.of("llm-proxy.server.hot-lane", String.valueOf(hotLane), "llm-proxy.reload.interval",
								"150ms", "llm-proxy.reload.quiet-period", "150ms"))) {
			AtomicInteger valid = new AtomicInteger();
			AtomicInteger answered = new AtomicInteger();
			Queue<String> failures = new ConcurrentLinkedQueue<>();
			List<Future<?>> callers = new ArrayList<>();
			List<Duration> taken = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				callers.add(threads.submit(() -> {
					try (RawHttpClient client = server.server().client()) {
						while (!done.get()) {
							RawResponse response = post(client, valid.get());
							answered.incrementAndGet();
							if (response.status() != 200) {
								failures.add(response.text());
							}
						}
					}
				}));
			}
			for (int number = 1; number <= ROTATIONS; number++) {
				int next = number;
				server.write(yaml(upstream, number - 1, number));
				await().until(() -> status(server, next) == 200);
				valid.set(number);
				// Whoever began with the key before has its answer.
				int before = answered.get();
				await().until(() -> answered.get() >= before + 4 * CALLERS);
				server.write(yaml(upstream, number, number));
				long written = System.nanoTime();
				await().until(() -> status(server, next - 1) == 401);
				taken.add(Duration.ofNanos(System.nanoTime() - written));
			}
			await().until(() -> answered.get() >= 3_000);
			done.set(true);
			for (Future<?> caller : callers) {
				caller.get(10, TimeUnit.SECONDS);
			}
			assertThat(failures).isEmpty();
			// Not each of them: the machine may have had other things to do.
			assertThat(taken.stream().sorted().toList().get(ROTATIONS / 2)).as("%s", taken)
				.isLessThanOrEqualTo(Duration.ofSeconds(1));
			assertThat(server.counted("refused")).isZero();
		}
		finally {
			done.set(true);
			threads.shutdownNow();
		}
	}

	private static String yaml(ScriptedUpstream upstream, int first, int last) {
		StringBuilder keys = new StringBuilder();
		for (int number = first; number <= last; number++) {
			keys.append(ReloadedServer.key("caller-" + number, key(number)));
		}
		return ReloadedServer.yaml("one", upstream, keys.toString());
	}

	private static String key(int number) {
		return "key-number-" + number + "-0123456789abcdef";
	}

	private static int status(ReloadedServer server, int number) {
		return server.ask(key(number), "fast").status();
	}

	private static RawResponse post(RawHttpClient client, int number) {
		return client.post("/v1/chat/completions", ReloadedServer.headers(key(number)),
				ReloadedServer.request("fast", false));
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
	}

}
