package dev.llmproxy.server.systemd;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.server.TestServer;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import dev.llmproxy.testkit.SseEvent;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One server takes over from another on a socket that neither of them has opened, while
 * callers call and streams flow: no request fails, and no stream is cut.
 */
@Tag("once")
class SocketHandoverTest {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String ANSWER = """
			{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}""";

	private static final String CHUNK = "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},"
			+ "\"finish_reason\":%s}]}";

	private static final int CALLERS = 4;

	private static final int STREAMS = 4;

	@TempDir
	private Path directory;

	private Process holder;

	private Writer commands;

	private BufferedReader answers;

	private int port;

	private ScriptedUpstream upstream;

	private final List<Long> started = new ArrayList<>();

	private final AtomicBoolean over = new AtomicBoolean();

	private final AtomicInteger answered = new AtomicInteger();

	private final AtomicInteger streamed = new AtomicInteger();

	private final Queue<String> failures = new ConcurrentLinkedQueue<>();

	private final List<Thread> callers = new ArrayList<>();

	@BeforeEach
	void hold() throws IOException {
		Path script = Files.createTempFile(this.directory, "holder", ".pl");
		try (var source = Objects.requireNonNull(getClass().getResourceAsStream("/systemd/socket-holder.pl"))) {
			Files.write(script, source.readAllBytes());
		}
		this.holder = new ProcessBuilder("perl", script.toString()).redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		this.commands = this.holder.outputWriter(StandardCharsets.UTF_8);
		this.answers = this.holder.inputReader(StandardCharsets.UTF_8);
		this.port = Integer.parseInt(this.answers.readLine());
		this.upstream = ScriptedUpstream.start().answerWith(SocketHandoverTest::answer);
	}

	@AfterEach
	void release() throws InterruptedException {
		this.over.set(true);
		for (long pid : this.started) {
			ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
		}
		this.holder.destroyForcibly();
		for (Thread caller : this.callers) {
			caller.join();
		}
		this.upstream.close();
	}

	@Test
	void theNextServerStartsBeforeTheLastOneStops() throws Exception {
		try (Supervisor first = supervisor("a"); Supervisor second = supervisor("b")) {
			long old = start("a", first);
			first.await("READY", 1);
			load();
			callsMore(200);
			start("b", second);
			second.await("READY", 1);
			callsMore(100);
			stop(old, first);
			callsMore(200);
			assertNothingFailed();
			assertThat(servedBy("b")).isGreaterThan(200);
		}
	}

	@Test
	void callersWaitInTheQueueWhereTheLastServerStopsFirst() throws Exception {
		try (Supervisor first = supervisor("a"); Supervisor second = supervisor("b")) {
			long old = start("a", first);
			first.await("READY", 1);
			load();
			callsMore(200);
			stop(old, first);
			start("b", second);
			second.await("READY", 1);
			callsMore(200);
			assertNothingFailed();
			assertThat(servedBy("b")).isGreaterThan(200);
		}
	}

	private void stop(long pid, Supervisor supervisor) {
		ServiceProcess.signal(pid, "TERM");
		supervisor.await("STOPPING", 1);
		Awaitility.await().atMost(PATIENCE).until(() -> ProcessHandle.of(pid).isEmpty());
	}

	private void assertNothingFailed() throws InterruptedException {
		this.over.set(true);
		for (Thread caller : this.callers) {
			caller.join();
		}
		System.out.printf("%nHandover: %d answered, %d streamed, %d failed%n", this.answered.get(), this.streamed.get(),
				this.failures.size());
		assertThat(this.failures).isEmpty();
		assertThat(this.streamed).hasPositiveValue();
		assertThat(this.upstream.failures()).isEmpty();
	}

	private Supervisor supervisor(String name) {
		return new Supervisor(this.directory.resolve(name).toString());
	}

	private long start(String key, Supervisor supervisor) throws IOException {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.providers.up.type", "openai-compatible");
		properties.put("llm-proxy.providers.up.base-url", this.upstream.url() + "/v1");
		properties.put("llm-proxy.providers.up.api-key", key);
		// It would be taken already.
		properties.put("server.port", Integer.toString(this.upstream.port()));
		this.commands.write(ServiceProcess.command(Map.of("NOTIFY_SOCKET", supervisor.address()), properties) + " >"
				+ this.directory.resolve(key + ".log") + " 2>&1\n");
		this.commands.flush();
		long pid = Long.parseLong(this.answers.readLine());
		this.started.add(pid);
		return pid;
	}

	private static Script answer(RecordedRequest request) {
		if (!request.json().path("stream").asBoolean()) {
			return Script.script().delay(Duration.ofMillis(5)).then(Script.json(200, ANSWER));
		}
		Script script = Script.sseHead();
		for (int i = 0; i < 20; i++) {
			script = script.event(CHUNK.formatted("null")).delay(Duration.ofMillis(20));
		}
		return script.event(CHUNK.formatted("\"stop\"")).event("data: [DONE]").endChunked();
	}

	private long servedBy(String key) {
		return this.upstream.requests()
			.stream()
			.filter((request) -> ("Bearer " + key).equals(request.header("authorization")))
			.count();
	}

	private void callsMore(int count) {
		int before = this.answered.get();
		Awaitility.await().atMost(PATIENCE).until(() -> this.answered.get() >= before + count);
	}

	/**
	 * Callers that connect anew each time, that keep their connection, and that stream.
	 */
	private void load() {
		for (int i = 0; i < CALLERS; i++) {
			caller(() -> call(body(false), false));
			caller(new KeepingCaller());
		}
		for (int i = 0; i < STREAMS; i++) {
			caller(() -> call(body(true), true));
		}
	}

	private void caller(Runnable call) {
		Thread thread = new Thread(() -> {
			while (!this.over.get()) {
				try {
					call.run();
				}
				catch (RuntimeException | AssertionError ex) {
					if (!this.over.get()) {
						this.failures.add(ex.toString());
					}
				}
			}
		});
		thread.start();
		this.callers.add(thread);
	}

	private void call(String body, boolean stream) {
		try (RawHttpClient client = RawHttpClient.connect(this.port)) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), body);
			if (!stream) {
				assertThat(client.readResponse(PATIENCE).status()).isEqualTo(200);
				this.answered.incrementAndGet();
				return;
			}
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			List<SseEvent> events = client.readEvents(PATIENCE);
			assertThat(events).hasSize(22).last().extracting(SseEvent::data).isEqualTo("[DONE]");
			this.streamed.incrementAndGet();
		}
	}

	private static String body(boolean stream) {
		return "{\"model\":\"up/m\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
	}

	/** Uses a connection until an answer says that it is the last one. */
	private final class KeepingCaller implements Runnable {

		@Override
		public void run() {
			try (RawHttpClient client = RawHttpClient.connect(SocketHandoverTest.this.port)) {
				boolean last = false;
				while (!last && !SocketHandoverTest.this.over.get()) {
					client.sendPost("/v1/chat/completions", TestServer.headers(), body(false));
					RawResponse response = client.readResponse(PATIENCE);
					assertThat(response.status()).isEqualTo(200);
					SocketHandoverTest.this.answered.incrementAndGet();
					last = "close".equals(response.header("connection"));
				}
			}
		}

	}

}
