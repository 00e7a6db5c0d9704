package dev.llmproxy.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmproxy.testkit.RawHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mutated and random requests over sockets: none hangs, none is answered with 500, none
 * is logged as an error, and a caller in between is served all the time. The number of
 * requests is {@code -Dllm-proxy.test.fuzz}, the first seed
 * {@code -Dllm-proxy.test.fuzz-seed}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SocketFuzzTest {

	private static final long REQUESTS = Long.getLong("llm-proxy.test.fuzz", 6_000);

	private static final long SEED = Long.getLong("llm-proxy.test.fuzz-seed", 1);

	private static final int THREADS = 4;

	private static final String[] PATHS = { "/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/embeddings",
			"/v1beta/models/simulator%2Fdemo:generateContent", "/v1/completions", "/v1/audio/transcriptions",
			"/v1/rerank", "/v1/messages/count_tokens", "/v1/models", "/providers/simulator/x", "/nowhere" };

	private static final String[] BODIES = {
			"{\"model\":\"simulator/demo\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
			"{\"model\":\"simulator/demo\",\"stream\":true,\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
			"{\"model\":\"simulator/demo\",\"input\":\"hi\"}",
			"{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}" };

	@Test
	@Timeout(value = 24, unit = TimeUnit.HOURS)
	void nothingThatIsSentDoesHarm(CapturedOutput output) throws Exception {
		AtomicLong sent = new AtomicLong();
		AtomicLong failures = new AtomicLong();
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try (TestServer server = TestServer.start(Map.of("llm-proxy.simulator.enabled", "true"))) {
			warmUp(server);
			List<Future<?>> runs = new ArrayList<>();
			for (int t = 0; t < THREADS; t++) {
				Random random = new Random(SEED + t);
				runs.add(threads.submit(() -> {
					while (sent.get() < REQUESTS) {
						sent.addAndGet(connection(server, random, failures));
					}
				}));
			}
			while (!runs.stream().allMatch(Future::isDone)) {
				try (RawHttpClient canary = server.client()) {
					assertThat(canary.post(PATHS[0], TestServer.headers(), BODIES[0]).status()).isEqualTo(200);
				}
			}
			for (Future<?> run : runs) {
				run.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		System.out.printf("%nFuzz: %d requests, seeds from %d, %d answered with 500%n", sent.get(), SEED,
				failures.get());
		assertThat(failures.get()).isZero();
		assertThat(output).doesNotContain("ERROR", "LEAK");
	}

	/** What is made on first use may be made behind a lock, which is no harm. */
	private static void warmUp(TestServer server) {
		for (String path : PATHS) {
			for (String body : BODIES) {
				try (RawHttpClient client = server.client()) {
					client.post(path, TestServer.headers(), body);
				}
			}
		}
	}

	/** Sends some requests on one connection; how many. */
	private static int connection(TestServer server, Random random, AtomicLong failures) {
		int requests = 1 + random.nextInt(8);
		try (RawHttpClient client = server.client()) {
			StringBuilder bytes = new StringBuilder();
			for (int i = 0; i < requests; i++) {
				bytes.append(request(random));
			}
			byte[] mutated = mutate(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), random);
			client.send(mutated);
			switch (random.nextInt(4)) {
				case 0 -> client.reset();
				case 1 -> client.halfClose();
				default -> {
				}
			}
			String answer = new String(client.readSome(1 << 20, Duration.ofMillis(1 + random.nextInt(30))),
					StandardCharsets.ISO_8859_1);
			if (answer.contains("HTTP/1.1 500")) {
				failures.incrementAndGet();
			}
		}
		catch (RuntimeException | AssertionError ex) {
			// The server may close, and may say nothing for so short a time.
		}
		return requests;
	}

	private static String request(Random random) {
		String body = BODIES[random.nextInt(BODIES.length)];
		boolean chunked = random.nextInt(4) == 0;
		return (random.nextInt(12) == 0 ? "GET " : "POST ") + PATHS[random.nextInt(PATHS.length)]
				+ " HTTP/1.1\r\nHost: x\r\n" + "Authorization: Bearer " + TestServer.KEY
				+ "\r\nContent-Type: application/json\r\n"
				+ (chunked ? "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body
						+ "\r\n0\r\n\r\n" : "Content-Length: " + body.length() + "\r\n\r\n" + body);
	}

	private static byte[] mutate(byte[] bytes, Random random) {
		byte[] mutated = bytes.clone();
		for (int i = random.nextInt(4); i > 0; i--) {
			int at = random.nextInt(mutated.length);
			switch (random.nextInt(3)) {
				case 0 -> mutated[at] = (byte) random.nextInt(256);
				case 1 -> mutated[at] = (byte) "\r\n:{}[]\",0\\ \t%".charAt(random.nextInt(15));
				default -> {
					int length = Math.min(1 + random.nextInt(20), mutated.length - at);
					System.arraycopy(mutated, random.nextInt(mutated.length - length + 1), mutated, at, length);
				}
			}
		}
		return mutated;
	}

}
