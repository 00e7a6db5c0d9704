package dev.llmproxy.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that is killed under load, and started again: what was settled up to the
 * stated bound is in its ledger, once.
 */
@Tag("once")
class LedgerKillTest {

	private static final Duration INTERVAL = Duration.ofMillis(100);

	/** For a busy machine to write what was gathered in the interval. */
	private static final Duration WRITING = Duration.ofSeconds(2);

	private static final int CALLERS = 4;

	private static final String ANSWER = """
			{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":20}}""";

	@TempDir
	private Path directory;

	private final Map<String, Long> answered = new ConcurrentHashMap<>();

	private final AtomicLong ids = new AtomicLong();

	@ParameterizedTest
	@ValueSource(strings = { "file", "jdbc" })
	void whatWasSettledIsThereAfterAKillAndNothingTwice(String store) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.start()
			.answerWith((request) -> Script.script().delay(Duration.ofMillis(4)).then(Script.json(200, ANSWER)))) {
			long killed;
			try (Node node = new Node(store, upstream)) {
				killed = killUnderLoad(node);
			}
			try (Node node = new Node(store, upstream)) {
				List<JsonNode> entries = node.entries();
				assertThat(entries).hasSizeLessThan(10_000);
				assertThat(entries).extracting((entry) -> entry.path("id").asString()).doesNotHaveDuplicates();
				List<String> requests = entries.stream().map((entry) -> entry.path("request").asString()).toList();
				assertThat(requests).doesNotHaveDuplicates();
				List<String> missing = this.answered.keySet().stream().filter((id) -> !requests.contains(id)).toList();
				long oldest = missing.stream().mapToLong((id) -> killed - this.answered.get(id)).max().orElse(0);
				System.out.printf("%nLedger in %s, killed: %d calls answered, %d entries, %d lost of the last %d ms%n",
						store, this.answered.size(), entries.size(), missing.size(), oldest / 1_000_000);
				assertThat(Duration.ofNanos(oldest)).isLessThan(INTERVAL.plus(WRITING));
				JsonNode total = node.get("/actuator/llmusage").path("total");
				assertThat(total.path("attempts").asLong()).isEqualTo(entries.size());
				assertThat(total.path("cost_nano_usd").asLong())
					.isEqualTo(entries.stream().mapToLong((entry) -> entry.path("cost_nano_usd").asLong()).sum())
					.isEqualTo(entries.size() * (100 * 2500L + 20 * 10_000L));
				// It goes on.
				long before = entries.size();
				node.call("after");
				Awaitility.await().until(() -> node.entries().size() == before + 1);
			}
		}
	}

	private long killUnderLoad(Node node) throws InterruptedException {
		AtomicBoolean over = new AtomicBoolean();
		List<Thread> callers = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			Thread caller = new Thread(() -> {
				while (!over.get()) {
					String id = "call-" + this.ids.incrementAndGet();
					try {
						node.call(id);
						this.answered.put(id, System.nanoTime());
					}
					catch (RuntimeException | AssertionError ex) {
						// It was killed.
						return;
					}
				}
			});
			caller.start();
			callers.add(caller);
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.answered.size() > 500 && node.written() > 300);
		node.kill();
		long killed = System.nanoTime();
		over.set(true);
		for (Thread caller : callers) {
			caller.join();
		}
		return killed;
	}

	/** The server in a process of its own. */
	private final class Node implements AutoCloseable {

		private final int port = freePort();

		private final int managementPort = freePort();

		private final Path log;

		private final Process process;

		Node(String store, ScriptedUpstream upstream) throws IOException {
			this.log = Files.createTempFile(LedgerKillTest.this.directory, "node", ".log");
			Map<String, String> properties = new LinkedHashMap<>();
			properties.put("server.port", Integer.toString(this.port));
			properties.put("management.server.port", Integer.toString(this.managementPort));
			properties.put("management.endpoints.web.exposure.include", "health,llmusage");
			properties.put("llm-proxy.detect-providers", "false");
			properties.put("llm-proxy.access.keys[0].id", "test");
			properties.put("llm-proxy.access.keys[0].key", TestServer.KEY);
			properties.put("llm-proxy.providers.up.type", "openai-compatible");
			properties.put("llm-proxy.providers.up.base-url", upstream.url() + "/v1");
			properties.put("llm-proxy.providers.up.api-key", TestServer.UPSTREAM_KEY);
			properties.put("llm-proxy.routes.priced.targets[0].model", "up/m");
			properties.put("llm-proxy.routes.priced.targets[0].prices.input", "2.5");
			properties.put("llm-proxy.routes.priced.targets[0].prices.output", "10");
			properties.put("llm-proxy.usage.ledger.store", store);
			properties.put("llm-proxy.usage.ledger.interval", INTERVAL.toMillis() + "ms");
			properties.put("llm-proxy.usage.ledger.batch", "50");
			properties.put("llm-proxy.usage.ledger.file.directory", LedgerKillTest.this.directory.toString());
			properties.put("llm-proxy.usage.ledger.file.max-size", "20KB");
			properties.put("llm-proxy.usage.ledger.file.max-files", "1000");
			properties.put("llm-proxy.usage.ledger.jdbc.url",
					"jdbc:h2:file:" + LedgerKillTest.this.directory.toAbsolutePath().resolve("usage"));
			List<String> command = new ArrayList<>(
					List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
							"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-Xshare:auto", "-cp",
							System.getProperty("java.class.path"), LlmProxyServer.class.getName()));
			properties.forEach((name, value) -> command.add("--" + name + "=" + value));
			this.process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(this.log.toFile())
				.start();
			try {
				Awaitility.await()
					.atMost(Duration.ofSeconds(90))
					.ignoreExceptions()
					.until(() -> get("/actuator/llmusage").has("total"));
			}
			catch (ConditionTimeoutException ex) {
				close();
				throw new AssertionError(Files.readString(this.log), ex);
			}
		}

		private static int freePort() {
			try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		void call(String id) {
			try (RawHttpClient client = RawHttpClient.connect(this.port)) {
				assertThat(client
					.post("/v1/chat/completions",
							Map.of("authorization", "Bearer " + TestServer.KEY, "content-type", "application/json",
									"x-request-id", id),
							"{\"model\":\"priced\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
					.status()).isEqualTo(200);
			}
		}

		JsonNode get(String path) {
			try (RawHttpClient client = RawHttpClient.connect(this.managementPort)) {
				return client.get(path, Map.of()).json();
			}
		}

		long written() {
			return get("/actuator/llmusage/writer").path("written").asLong();
		}

		List<JsonNode> entries() {
			try (RawHttpClient client = RawHttpClient.connect(this.managementPort)) {
				return client.get("/actuator/llmusage/entries?limit=10000", Map.of())
					.text()
					.lines()
					.map((line) -> JsonMapper.shared().readTree(line))
					.toList();
			}
		}

		/** As {@code kill -9} does. */
		void kill() {
			this.process.destroyForcibly().onExit().join();
		}

		@Override
		public void close() {
			kill();
		}

	}

}
