package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to check a request body and read its envelope, and to edit the body
 * afterwards. The bodies are conversations of many messages (structure counts) or a single
 * prompt (text counts), in English, in Chinese (three bytes a character) or in source code
 * (an escape every few characters). Run it with {@code -prof gc} for allocations.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EnvelopeScannerBenchmark {

	private static final int KIB = 1024;

	/** Which body. */
	@Param({ "chat-1k", "chat-100k", "chat-4m", "prompt-4m", "chinese-4m", "code-4m", "keys-95k" })
	public String body;

	private byte[] bytes;

	private Envelope envelope;

	@Setup
	public void prepare() {
		this.bytes = switch (this.body) {
			case "chat-1k" -> chat(KIB);
			case "chat-100k" -> chat(100 * KIB);
			case "chat-4m" -> chat(4 * KIB * KIB);
			case "prompt-4m" -> prompt("The quick brown fox jumps over the lazy dog. ", 4 * KIB * KIB);
			case "chinese-4m" -> prompt("天地玄黄宇宙洪荒日月盈昃辰宿列张。", 4 * KIB * KIB);
			case "code-4m" -> prompt("if (\\\"a\\\".equals(b)) {\\n\\treturn c + \\\"\\\\n\\\";\\n}\\n", 4 * KIB * KIB);
			case "keys-95k" -> keys(95 * KIB);
			default -> throw new IllegalArgumentException(this.body);
		};
		this.envelope = EnvelopeScanner.scan(this.bytes, JsonLimits.DEFAULT);
	}

	@Benchmark
	public Envelope scan() {
		return EnvelopeScanner.scan(this.bytes, JsonLimits.DEFAULT);
	}

	@Benchmark
	public byte[] edit() {
		return this.envelope.edit(this.bytes, "gpt-5-mini-2026-01-01", true);
	}

	private static byte[] chat(int length) {
		StringBuilder json = new StringBuilder("{\"model\":\"gpt-5-mini\",\"stream\":true,\"temperature\":0.7,")
			.append("\"max_completion_tokens\":512,\"user\":\"user-4711\",\"messages\":[")
			.append("{\"role\":\"system\",\"content\":\"You are a helpful assistant. Answer briefly.\"}");
		for (int i = 0; json.length() < length - 160; i++) {
			json.append(",{\"role\":\"")
				.append((i % 2 == 0) ? "user" : "assistant")
				.append("\",\"content\":\"What does \\\"commit\\\" mean for a stream, and why does it matter?\\n")
				.append("Please explain it in two or three sentences.\"}");
		}
		return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] prompt(String text, int length) {
		int times = length / text.getBytes(StandardCharsets.UTF_8).length;
		return ("{\"model\":\"gpt-5-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text.repeat(times) + "\"}]}")
			.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] keys(int length) {
		StringBuilder json = new StringBuilder("{\"model\":\"gpt-5-mini\",\"logit_bias\":{\"0\":1");
		for (int i = 1; json.length() < length; i++) {
			json.append(",\"").append(i).append("\":").append(i % 100);
		}
		return json.append("}}").toString().getBytes(StandardCharsets.UTF_8);
	}

}
