package dev.llmproxy.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.provider.TargetStatistics;
import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.testkit.Gate;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Faults 72 to 74, and a deployment that dies under load, through the whole server.
 * {@code -Dllm-proxy.test.requests=200000} makes the load heavier.
 */
@Tag("once")
class KilledDeploymentTest {

	private static final int REQUESTS = Integer.getInteger("llm-proxy.test.requests", 12_000);

	private static final int CALLERS = 24;

	private static final String ANSWER = """
			{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}""";

	private ScriptedUpstream one;

	private ScriptedUpstream two;

	@BeforeEach
	void start() {
		this.one = ScriptedUpstream.start().answerWith(Script.json(200, ANSWER));
		this.two = ScriptedUpstream.start().answerWith(Script.json(200, ANSWER));
	}

	@AfterEach
	void stop() {
		this.one.close();
		this.two.close();
	}

	@Test
	void oneOfTwoDeploymentsDiesUnderLoadAndNobodyNotices() throws Exception {
		try (TestServer server = server(Map.of())) {
			AtomicInteger failed = new AtomicInteger();
			AtomicInteger served = new AtomicInteger();
			load(server, 2, (response) -> assertThat(response.status()).isEqualTo(200));
			AtomicLong killed = new AtomicLong();
			AtomicLong detected = new AtomicLong();
			server.context()
				.getBean(BreakerGate.class)
				.all()
				.get("one/m")
				.breaker()
				.getEventPublisher()
				.onStateTransition((event) -> {
					if (event.getStateTransition().getToState() == State.OPEN) {
						detected.compareAndSet(0, System.nanoTime());
					}
				});
			load(server, REQUESTS, (response) -> {
				if (response.status() != 200) {
					failed.incrementAndGet();
				}
				int done = served.incrementAndGet();
				if (done == REQUESTS / 3) {
					killed.set(System.nanoTime());
					this.one.goDown();
				}
				else if (done == 2 * REQUESTS / 3) {
					this.one.comeBack();
				}
			});
			Duration until = Duration.ofNanos(detected.get() - killed.get());
			System.out.printf("%nKilled deployment: %d of %d requests answered, not called any more after %d ms%n",
					served.get() - failed.get(), served.get(), until.toMillis());
			assertThat(failed.get()).isLessThanOrEqualTo(REQUESTS / 10_000);
			assertThat(detected).as("its breaker opened").doesNotHaveValue(0);
			assertThat(until).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(1));
		}
	}

	@Test
	void fault72_whenAllFailsCallsAreNotMultiplied() throws Exception {
		this.one.answerWith(Script.json(503, "{\"error\":{\"message\":\"down\"}}"));
		this.two.answerWith(Script.json(503, "{\"error\":{\"message\":\"down\"}}"));
		int requests = 2_000;
		try (TestServer server = server(Map.of("llm-proxy.resilience.breaker.enabled", "false",
				"llm-proxy.resilience.retry.base-delay", "1ms"))) {
			load(server, requests, (response) -> assertThat(response.status()).isEqualTo(503));
		}
		int calls = this.one.requests().size() + this.two.requests().size();
		System.out.printf("%nAll deployments fail: %d upstream calls for %d requests%n", calls, requests);
		assertThat(calls).isBetween(requests, requests + requests / 10);
	}

	@Test
	void fault73_exactlyThreeProbesReachATargetThatWasDown() throws Exception {
		this.one.answerWith(Script.json(500, "{\"error\":{\"message\":\"down\"}}"));
		try (TestServer server = server(Map.of("llm-proxy.aliases.both", "one/m",
				"llm-proxy.resilience.breaker.open-for", "1s", "llm-proxy.resilience.retry.max-retries", "0"))) {
			load(server, 6, (response) -> {
			});
			Gate gate = new Gate();
			this.one.answerWith((request) -> Script.script().gate(gate).then(Script.json(200, ANSWER)));
			int before = this.one.requests().size();
			Awaitility.await()
				.pollInSameThread()
				.until(() -> server.context().getBean(BreakerGate.class).all().get("one/m").remaining().isZero());
			List<RawHttpClient> clients = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				RawHttpClient client = server.client();
				client.sendPost("/v1/chat/completions", TestServer.headers(), request());
				clients.add(client);
			}
			ExecutorService threads = Executors.newFixedThreadPool(clients.size());
			List<Future<Integer>> answers = new ArrayList<>();
			for (RawHttpClient client : clients) {
				answers.add(threads.submit(() -> client.readHead(RawHttpClient.PATIENCE).status()));
			}
			Awaitility.await().until(() -> this.one.requests().size() == before + 3);
			// Who asks after the probes have succeeded is served.
			Awaitility.await().until(() -> answers.stream().filter(Future::isDone).count() == clients.size() - 3);
			gate.open();
			int answered = 0;
			for (Future<Integer> answer : answers) {
				answered += (answer.get() == 200) ? 1 : 0;
			}
			threads.shutdown();
			clients.forEach(RawHttpClient::close);
			assertThat(answered).isEqualTo(3);
			assertThat(this.one.requests()).hasSize(before + 3);
		}
	}

	@Test
	void fault74_whenAllAreOpenNobodyIsCalledAndCallersAreToldWhenToCome() throws Exception {
		this.one.goDown();
		this.two.goDown();
		try (TestServer server = server(Map.of("llm-proxy.resilience.retry.max-retries", "0"))) {
			load(server, 40, (response) -> {
			});
			Map<String, TargetStatistics> targets = server.context().getBean(StatisticsGate.class).all();
			long called = targets.values().stream().mapToLong(TargetStatistics::failedCount).sum();
			long start = System.nanoTime();
			load(server, 50, (response) -> {
				assertThat(response.status()).isEqualTo(503);
				assertThat(Integer.parseInt(response.header("retry-after"))).isBetween(1, 5);
				assertThat(response.json().at("/error/code").asString()).isEqualTo("no_target_available");
			});
			// Far from the time-out of a connection, or from the end of the rest.
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
			assertThat(targets.values().stream().mapToLong(TargetStatistics::failedCount).sum()).isEqualTo(called);
		}
	}

	private TestServer server(Map<String, String> more) {
		Map<String, String> properties = new LinkedHashMap<>();
		provider(properties, "one", this.one);
		provider(properties, "two", this.two);
		properties.put("llm-proxy.routes.both.strategy", "round-robin");
		properties.put("llm-proxy.routes.both.targets[0].model", "one/m");
		properties.put("llm-proxy.routes.both.targets[1].model", "two/m");
		if (more.containsKey("llm-proxy.aliases.both")) {
			properties.keySet().removeIf((key) -> key.startsWith("llm-proxy.routes."));
		}
		properties.putAll(more);
		return TestServer.start(properties);
	}

	private static void provider(Map<String, String> properties, String name, ScriptedUpstream upstream) {
		properties.put("llm-proxy.providers." + name + ".type", "openai-compatible");
		properties.put("llm-proxy.providers." + name + ".base-url", upstream.url() + "/v1");
		properties.put("llm-proxy.providers." + name + ".api-key", "k-0123456789abcdef");
	}

	private static void load(TestServer server, int requests, Check check) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
		CountDownLatch start = new CountDownLatch(1);
		AtomicInteger left = new AtomicInteger(requests);
		try {
			List<Future<?>> callers = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				callers.add(threads.submit(() -> {
					start.await();
					try (RawHttpClient client = server.client()) {
						while (left.getAndDecrement() > 0) {
							check.accept(client.post("/v1/chat/completions", TestServer.headers(), request()));
						}
					}
					return null;
				}));
			}
			start.countDown();
			for (Future<?> caller : callers) {
				caller.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static String request() {
		return "{\"model\":\"both\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
	}

	/** Looks at an answer. */
	@FunctionalInterface
	private interface Check {

		void accept(RawResponse response);

	}

}
