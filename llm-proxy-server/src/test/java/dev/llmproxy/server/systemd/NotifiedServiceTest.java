package dev.llmproxy.server.systemd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.server.TestServer;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import dev.llmproxy.testkit.SseEvent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What a server in a process of its own says to its supervisor, from start to end. */
@Tag("once")
class NotifiedServiceTest {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String CHUNK = "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},"
			+ "\"finish_reason\":%s}]}";

	@TempDir
	private Path directory;

	@Test
	void saysWhenItIsReadyAliveReloadingAndStopping() throws Exception {
		Path file = this.directory.resolve("application.yaml");
		Path result = this.directory.resolve("reload");
		configure(file, "first");
		CountDownLatch rest = new CountDownLatch(1);
		try (Supervisor supervisor = new Supervisor(this.directory.resolve("notify").toString());
				ScriptedUpstream upstream = ScriptedUpstream.start()
					.answerWith((request) -> Script.sseHead()
						.event(CHUNK.formatted(request.json().path("model").asString(), "null"))
						.await(rest)
						.event(CHUNK.formatted("end", "\"stop\""))
						.event("data: [DONE]")
						.endChunked())) {
			int port = freePort();
			Path log = this.directory.resolve("log");
			Process process = new ProcessBuilder("sh", "-c",
					ServiceProcess.command(variables(supervisor), properties(port, upstream)))
				.redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			try (RawHttpClient client = readyClient(supervisor, port)) {
				assertThat(supervisor.messages().get(0)).isEqualTo("READY=1\nSTATUS=Serving on port " + port);
				supervisor.await("WATCHDOG", 3);

				client.sendPost("/v1/chat/completions", TestServer.headers(), stream("named"));
				assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
				assertThat(client.readEvent(PATIENCE)).extracting(SseEvent::data).asString().contains("first");

				configure(file, "second");
				ServiceProcess.signal(process.pid(), "HUP");
				supervisor.await("READY", 2);
				List<String> reload = supervisor.messages()
					.stream()
					.filter((text) -> !text.startsWith("WATCHDOG"))
					.toList();
				assertThat(reload.get(1)).matches("RELOADING=1\nMONOTONIC_USEC=[1-9]\\d+\nSTATUS=.+");
				assertThat(reload.get(2)).startsWith("READY=1\n");
				assertThat(result).hasContent("APPLIED 2");
				try (RawHttpClient other = RawHttpClient.connect(port)) {
					other.sendPost("/v1/chat/completions", TestServer.headers(), stream("named"));
					assertThat(other.readHead(PATIENCE).status()).isEqualTo(200);
					assertThat(other.readEvent(PATIENCE)).extracting(SseEvent::data).asString().contains("second");
				}

				Files.writeString(file, "llm-proxy:\n  aliases:\n    named: gone/model\n");
				ServiceProcess.signal(process.pid(), "HUP");
				supervisor.await("READY", 3);
				assertThat(result).content().startsWith("REFUSED llm-proxy.aliases");
				assertThat(supervisor.values("STATUS")).last().asString().contains("not taken up", "gone");

				ServiceProcess.signal(process.pid(), "TERM");
				supervisor.await("STOPPING", 1);
				assertThat(process.isAlive()).isTrue();
				rest.countDown();
				assertThat(client.readEvents(PATIENCE)).last().extracting(SseEvent::data).isEqualTo("[DONE]");
				assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
				assertThat(supervisor.values("READY")).hasSize(3);
			}
			finally {
				process.destroyForcibly().onExit().join();
			}
		}
	}

	private RawHttpClient readyClient(Supervisor supervisor, int port) throws IOException {
		try {
			supervisor.await("READY", 1);
		}
		catch (RuntimeException ex) {
			throw new AssertionError(Files.readString(this.directory.resolve("log")), ex);
		}
		// It is ready, so there is no need to try twice.
		return RawHttpClient.connect(port);
	}

	private Map<String, String> variables(Supervisor supervisor) {
		Map<String, String> variables = new LinkedHashMap<>();
		variables.put("NOTIFY_SOCKET", supervisor.address());
		variables.put("WATCHDOG_USEC", "500000");
		variables.put("WATCHDOG_PID", "$$");
		variables.put("RUNTIME_DIRECTORY", this.directory.toString());
		return variables;
	}

	private Map<String, String> properties(int port, ScriptedUpstream upstream) {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("server.port", Integer.toString(port));
		properties.put("spring.config.additional-location", "file:" + this.directory + "/");
		properties.put("llm-proxy.reload.watch", "false");
		properties.put("llm-proxy.providers.up.type", "openai-compatible");
		properties.put("llm-proxy.providers.up.base-url", upstream.url() + "/v1");
		properties.put("llm-proxy.providers.up.api-key", TestServer.UPSTREAM_KEY);
		return properties;
	}

	private static void configure(Path file, String model) throws IOException {
		Files.writeString(file, "llm-proxy:\n  aliases:\n    named: up/" + model + "\n");
	}

	private static String stream(String model) {
		return "{\"model\":\"" + model + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
