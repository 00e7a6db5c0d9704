package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * Reads, or only frames, an answer of 100 chat chunks. Divide the time per stream by
 * {@link #BYTES} for the time per byte.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SseDecoderBenchmark {

	private static final byte[] STREAM = stream();

	/** The stream's length, about 25 KB. */
	static final int BYTES = STREAM.length;

	private static final byte[] NEEDLE = "\"usage\":{".getBytes(StandardCharsets.US_ASCII);

	/** Where the bytes are: those of a socket are usually outside of the heap. */
	@Param({ "heap", "direct" })
	public String memory = "heap";

	/** How many bytes arrive at once: a burst, and chunks that cut events. */
	@Param({ "65536", "1400" })
	public int chunk;

	private ByteBuffer bytes = ByteBuffer.allocate(0);

	@Setup
	public void fill() {
		this.bytes = this.memory.equals("direct") ? ByteBuffer.allocateDirect(BYTES) : ByteBuffer.allocate(BYTES);
		this.bytes.put(STREAM).flip();
	}

	/** Reads every event. */
	@Benchmark
	public void decode(Blackhole blackhole) {
		SseDecoder decoder = new SseDecoder(1 << 20);
		for (int at = 0; at < BYTES; at += this.chunk) {
			decoder.feed(this.bytes.limit(Math.min(BYTES, at + this.chunk)).position(at), blackhole::consume);
		}
		blackhole.consume(decoder.end());
	}

	/** Walks over the frames and looks for usage in each, as the relay does. */
	@Benchmark
	public int frames() {
		int found = 0;
		int from = 0;
		int scanned = 0;
		this.bytes.clear();
		for (int at = 0; at < BYTES; at += this.chunk) {
			int to = Math.min(BYTES, at + this.chunk);
			int end = SseFrames.nextFrameEnd(this.bytes, from, scanned, to, false);
			while (end >= 0) {
				if (SseFrames.contains(this.bytes, from, end, NEEDLE)) {
					found++;
				}
				from = end;
				end = SseFrames.nextFrameEnd(this.bytes, from, to, false);
			}
			scanned = to;
		}
		return found;
	}

	/** Walks over the frames only. */
	@Benchmark
	public int boundaries() {
		int from = 0;
		int count = 0;
		this.bytes.clear();
		for (int end; (end = SseFrames.nextFrameEnd(this.bytes, from, BYTES, false)) >= 0; from = end) {
			count++;
		}
		return count;
	}

	private static byte[] stream() {
		StringBuilder stream = new StringBuilder();
		for (int i = 0; i < 100; i++) {
			stream.append("data: {\"id\":\"chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG\",\"object\":\"chat.completion.chunk\",")
				.append("\"created\":1741570283,\"model\":\"gpt-4o-2024-08-06\",\"service_tier\":\"default\",")
				.append("\"system_fingerprint\":\"fp_fc9f1d7035\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word")
				.append(i)
				.append("\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n");
		}
		return stream.append("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":100}}\n\n")
			.append("data: [DONE]\n\n")
			.toString()
			.getBytes(StandardCharsets.UTF_8);
	}

}
