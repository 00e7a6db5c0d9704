package dev.llmproxy.server;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.testkit.RedisServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Three nodes that share limits in one Redis, behind HAProxy with the configuration that
 * the documentation shows, are restarted one after the other while callers ask and
 * streams are open.
 */
@Tag("once")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RollingRestartTest {

	private static final int NODES = 3;

	private static final Duration PATIENCE = Duration.ofSeconds(120);

	private static final String SHORT = "{\"model\":\"simulator/instant\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

	/** Takes about three seconds. */
	private static final String STREAM = "{\"model\":\"simulator/words-60+tps-20\",\"stream\":true,\"messages\":"
			+ "[{\"role\":\"user\",\"content\":\"hi\"}]}";

	@TempDir
	private Path directory;

	private final List<Integer> ports = new ArrayList<>();

	private final List<Integer> managementPorts = new ArrayList<>();

	private final Process[] nodes = new Process[NODES];

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final AtomicInteger answers = new AtomicInteger();

	private final AtomicInteger streams = new AtomicInteger();

	private final Queue<String> failures = new ConcurrentLinkedQueue<>();

	private final List<Thread> callers = new ArrayList<>();

	private volatile boolean over;

	private RedisServer redis;

	private Process balancer;

	private int port;

	@BeforeEach
	@Timeout(value = 5, unit = TimeUnit.MINUTES)
	void start() throws IOException {
		this.redis = RedisServer.start();
		this.port = freePort();
		for (int i = 0; i < NODES; i++) {
			this.ports.add(freePort());
			this.managementPorts.add(freePort());
			this.nodes[i] = node(i);
		}
		for (int i = 0; i < NODES; i++) {
			awaitReady(i);
		}
		this.balancer = balancer();
		Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> ask(SHORT).statusCode() == 200);
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private Process node(int i) throws IOException {
		List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-Xshare:auto", "-cp",
				System.getProperty("java.class.path"), LlmProxyServer.class.getName(),
				"--server.port=" + this.ports.get(i), "--management.server.port=" + this.managementPorts.get(i),
				"--llm-proxy.server.drain-delay=2s", "--llm-proxy.detect-providers=false",
				"--llm-proxy.simulator.enabled=true", "--llm-proxy.simulator.first-token-delay=0s",
				"--llm-proxy.limits.store=redis", "--spring.data.redis.port=" + this.redis.port(),
				"--llm-proxy.limits.rules.all.requests=1000000", "--llm-proxy.limits.rules.all.window=1h",
				"--llm-proxy.access.keys[0].id=test", "--llm-proxy.access.keys[0].key=" + TestServer.KEY);
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.directory.resolve(i + ".log").toFile()))
			.start();
	}

	/** As the documentation has it, with this test's addresses. */
	private Process balancer() throws IOException {
		String shown = Files.readString(Path.of("..", "config", "haproxy", "haproxy.cfg"));
		StringBuilder servers = new StringBuilder();
		for (int i = 0; i < NODES; i++) {
			servers.append("    server node%d 127.0.0.1:%d check port %d%n".formatted(i, this.ports.get(i),
					this.managementPorts.get(i)));
		}
		String used = shown.replaceAll("(?m)^    server .*\\R", "") + servers;
		used = used.replace("bind :8080", "bind 127.0.0.1:" + this.port);
		assertThat(used).contains("bind 127.0.0.1:" + this.port).contains("default-server");
		Path file = Files.writeString(this.directory.resolve("haproxy.cfg"), used);
		return new ProcessBuilder("haproxy", "-db", "-f", file.toString()).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("haproxy.log").toFile())
			.start();
	}

	private void awaitReady(int i) {
		Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> readiness(i) == 200);
	}

	private int readiness(int i) throws IOException, InterruptedException {
		return this.client
			.send(HttpRequest
				.newBuilder(
						URI.create("http://127.0.0.1:" + this.managementPorts.get(i) + "/actuator/health/readiness"))
				.build(), HttpResponse.BodyHandlers.discarding())
			.statusCode();
	}

	@AfterEach
	void stop() throws InterruptedException {
		this.over = true;
		for (Thread caller : this.callers) {
			caller.join();
		}
		if (this.balancer != null) {
			this.balancer.destroyForcibly();
		}
		for (Process node : this.nodes) {
			if (node != null) {
				node.destroyForcibly().onExit().join();
			}
		}
		this.redis.close();
	}

	@Test
	void nobodyNotices() throws IOException, InterruptedException {
		// More would leave those that start little of the processors.
		call(this::answered);
		for (int i = 0; i < 3; i++) {
			call(this::streamed);
		}
		for (int i = 0; i < NODES; i++) {
			int before = this.streams.get();
			// One that is open when the node is told to go.
			Awaitility.await().atMost(PATIENCE).until(() -> this.streams.get() > before || !this.failures.isEmpty());
			assertThat(this.failures).isEmpty();
			this.nodes[i].destroy();
			assertThat(this.nodes[i].onExit().join().exitValue()).isEqualTo(143);
			this.nodes[i] = node(i);
			awaitReady(i);
		}
		int before = this.streams.get();
		Awaitility.await().atMost(PATIENCE).until(() -> this.streams.get() > before + 3 || !this.failures.isEmpty());
		this.over = true;
		for (Thread caller : this.callers) {
			caller.join();
		}
		System.out.println("Rolling restart: " + this.answers + " answers, " + this.streams + " streams, "
				+ this.failures.size() + " failed");
		assertThat(this.failures).isEmpty();
		assertThat(this.answers.get()).isPositive();
	}

	private void call(Runnable once) {
		Thread caller = new Thread(() -> {
			while (!this.over) {
				once.run();
			}
		});
		caller.start();
		this.callers.add(caller);
	}

	private void answered() {
		try {
			HttpResponse<String> response = ask(SHORT);
			if (response.statusCode() == 200) {
				this.answers.incrementAndGet();
			}
			else {
				this.failures.add(response.statusCode() + " " + response.body());
			}
		}
		catch (IOException ex) {
			this.failures.add("answer: " + ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void streamed() {
		try {
			HttpResponse<String> response = ask(STREAM);
			if (response.statusCode() == 200 && response.body().strip().endsWith("data: [DONE]")) {
				this.streams.incrementAndGet();
			}
			else {
				this.failures.add("stream " + response.statusCode() + " " + response.body());
			}
		}
		catch (IOException ex) {
			this.failures.add("stream: " + ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private HttpResponse<String> ask(String body) throws IOException, InterruptedException {
		return this.client
			.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/v1/chat/completions"))
				.header("authorization", "Bearer " + TestServer.KEY)
				.header("content-type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString(body))
				.build(), HttpResponse.BodyHandlers.ofString());
	}

}
