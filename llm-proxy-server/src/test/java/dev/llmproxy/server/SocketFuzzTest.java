package dev.llmproxy.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
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
import org.awaitility.Awaitility;
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
 * {@code -Dllm-proxy.test.fuzz-seed}, that of connections at the same time
 * {@code -Dllm-proxy.test.fuzz-threads}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SocketFuzzTest {

	private static final long REQUESTS = Long.getLong("llm-proxy.test.fuzz", 6_000);

	private static final long SEED = Long.getLong("llm-proxy.test.fuzz-seed", 1);

	private static final int THREADS = Integer.getInteger("llm-proxy.test.fuzz-threads", 4);

	/** How many send while the server's code is not compiled yet. */
	private static final int FIRST = 4;

	/** After so many requests all of them do. */
	private static final long COLD = Math.min(REQUESTS / 10, 50_000);

	private static final String DELIMITERS = "\r\n:{}[]\",0\\ \t%";

	/** How long a connection waits for more, in milliseconds. */
	private static final int SILENCE = 40;

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
		AtomicLong answers = new AtomicLong();
		long slowest = 0;
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try (TestServer server = TestServer.start(Map.of("llm-proxy.simulator.enabled", "true"))) {
			warmUp(server);
			List<Future<?>> runs = new ArrayList<>();
			for (int t = 0; t < THREADS; t++) {
				Random random = new Random(SEED + t);
				boolean first = t < FIRST;
				runs.add(threads.submit(() -> {
					if (!first) {
						Awaitility.await().atMost(Duration.ofHours(1)).until(() -> sent.get() >= COLD);
					}
					while (sent.get() < REQUESTS) {
						sent.addAndGet(connection(server, random, answers, failures));
					}
				}));
			}
			while (!runs.stream().allMatch(Future::isDone)) {
				long asked = System.nanoTime();
				try (RawHttpClient canary = server.client()) {
					assertThat(canary.post(PATHS[0], TestServer.headers(), BODIES[0]).status()).isEqualTo(200);
				}
				slowest = Math.max(slowest, System.nanoTime() - asked);
			}
			for (Future<?> run : runs) {
				run.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
		System.out.printf(
				"%nFuzz: %d requests, seeds from %d, %d answers, %d of them 500; the caller in between waited %d ms at most%n",
				sent.get(), SEED, answers.get(), failures.get(), slowest / 1_000_000);
		assertThat(failures.get()).isZero();
		// Else nobody would have seen them.
		assertThat(answers.get()).isGreaterThan(REQUESTS / 4);
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

	/** Sends some requests on one connection, and reads what comes; how many. */
	private static int connection(TestServer server, Random random, AtomicLong answers, AtomicLong failures) {
		int requests = 1 + random.nextInt(4);
		String answer;
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
			socket.setTcpNoDelay(true);
			socket.getOutputStream().write(bytes(requests, random));
			switch (random.nextInt(8)) {
				case 0 -> socket.setSoLinger(true, 0);
				case 1 -> socket.shutdownOutput();
				default -> {
				}
			}
			answer = answers(socket, requests);
		}
		catch (IOException ex) {
			// The server may close before it has read everything.
			return requests;
		}
		answers.addAndGet(count(answer, "HTTP/1.1 "));
		failures.addAndGet(count(answer, "HTTP/1.1 500"));
		return requests;
	}

	private static byte[] bytes(int requests, Random random) {
		if (random.nextInt(16) == 0) {
			byte[] noise = new byte[1 + random.nextInt(300)];
			random.nextBytes(noise);
			return noise;
		}
		StringBuilder bytes = new StringBuilder();
		for (int i = 0; i < requests; i++) {
			bytes.append(request(random));
		}
		return mutate(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), random);
	}

	/**
	 * Until there are so many, the server closes, or nothing comes any more: it may wait
	 * for the rest of a request.
	 */
	private static String answers(Socket socket, int expected) throws IOException {
		socket.setSoTimeout(SILENCE);
		StringBuilder text = new StringBuilder();
		byte[] piece = new byte[8192];
		try {
			while (count(text.toString(), "HTTP/1.1 ") < expected) {
				int read = socket.getInputStream().read(piece);
				if (read < 0) {
					break;
				}
				text.append(new String(piece, 0, read, StandardCharsets.ISO_8859_1));
			}
		}
		catch (SocketTimeoutException ex) {
			// Nothing comes any more.
		}
		return text.toString();
	}

	private static int count(String text, String word) {
		int count = 0;
		for (int at = 0; (at = text.indexOf(word, at)) >= 0; at += word.length()) {
			count++;
		}
		return count;
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
				case 1 -> mutated[at] = (byte) DELIMITERS.charAt(random.nextInt(DELIMITERS.length()));
				default -> {
					int length = Math.min(1 + random.nextInt(20), mutated.length - at);
					System.arraycopy(mutated, random.nextInt(mutated.length - length + 1), mutated, at, length);
				}
			}
		}
		return mutated;
	}

}
