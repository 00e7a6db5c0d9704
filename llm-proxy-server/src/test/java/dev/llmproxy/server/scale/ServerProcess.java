package dev.llmproxy.server.scale;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.server.LlmProxyServer;
import dev.llmproxy.server.TestServer;
import dev.llmproxy.testkit.RawHttpClient;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The server in a JVM of its own, with a heap of its own, which ends when that is full.
 */
final class ServerProcess implements AutoCloseable {

	private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

	private final Process process;

	private final Path log;

	private final int port;

	private final int managementPort;

	private ServerProcess(Process process, Path log, int port, int managementPort) {
		this.process = process;
		this.log = log;
		this.port = port;
		this.managementPort = managementPort;
	}

	static ServerProcess start(String heap, Map<String, String> properties) {
		return start(heap, List.of(), properties);
	}

	/**
	 * Starts one.
	 * @param options of its JVM
	 */
	static ServerProcess start(String heap, List<String> options, Map<String, String> properties) {
		try {
			int port = freePort();
			int managementPort = freePort();
			Map<String, String> all = new LinkedHashMap<>();
			all.put("server.port", Integer.toString(port));
			all.put("management.server.port", Integer.toString(managementPort));
			all.put("management.endpoints.web.exposure.include", "health,llmmemory");
			all.put("llm-proxy.detect-providers", "false");
			all.put("llm-proxy.access.keys[0].id", "scale");
			all.put("llm-proxy.access.keys[0].key", TestServer.KEY);
			all.put("llm-proxy.web.connections.max", "20000");
			all.put("llm-proxy.resilience.bulkhead.enabled", "false");
			all.putAll(properties);
			List<String> command = new ArrayList<>(
					List.of(JAVA_HOME.resolve("bin/java").toString(), "-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"));
			command.addAll(options);
			command.addAll(List.of("-cp", System.getProperty("java.class.path"), LlmProxyServer.class.getName()));
			all.forEach((name, value) -> command.add("--" + name + "=" + value));
			Path log = Files.createTempFile("server", ".log");
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			ServerProcess server = new ServerProcess(process, log, port, managementPort);
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.ignoreExceptions()
				.until(() -> server.get("/actuator/health/readiness").path("status").asString().equals("UP"));
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	int port() {
		return this.port;
	}

	/** A page of the actuator. */
	JsonNode get(String path) {
		try (RawHttpClient client = RawHttpClient.connect(this.managementPort)) {
			return client.get(path, Map.of()).json();
		}
	}

	/** What is counted as held. */
	long used() {
		return get("/actuator/llmmemory").path("used").asLong();
	}

	/** The heap that is in use after a full collection, in bytes. */
	long liveHeap() {
		jcmd("GC.run");
		jcmd("GC.run");
		return get("/actuator/llmmemory").at("/heap/used").asLong();
	}

	private void jcmd(String command) {
		try {
			new ProcessBuilder(JAVA_HOME.resolve("bin/jcmd").toString(), Long.toString(this.process.pid()), command)
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor(30, TimeUnit.SECONDS);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** It runs, and had nothing to complain of. */
	void assertWell() {
		assertThat(this.process.isAlive()).isTrue();
		try {
			assertThat(Files.readAllLines(this.log)).noneMatch((line) -> line.contains("OutOfMemory"))
				.noneMatch((line) -> line.contains("LEAK: "))
				.noneMatch((line) -> line.contains("ERROR"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroy();
	}

}
