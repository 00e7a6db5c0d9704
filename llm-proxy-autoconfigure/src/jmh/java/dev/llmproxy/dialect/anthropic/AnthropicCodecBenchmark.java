package dev.llmproxy.dialect.anthropic;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.framing.SseFrames;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Reads and writes a conversation of 20 turns, and an answer of 100 deltas: watched as it
 * passes through, decoded and encoded.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AnthropicCodecBenchmark {

	private static final AnthropicCodec CODEC = new AnthropicCodec();

	private static final byte[] BODY = body();

	private static final List<ChatEvent> EVENTS = events();

	private static final byte[] STREAM = encode(EVENTS);

	private final Envelope envelope = EnvelopeScanner.scan(BODY, JsonLimits.DEFAULT);

	private final ChatRequest request = CODEC.decodeRequest(BODY, this.envelope);

	private static byte[] body() {
		StringBuilder body = new StringBuilder("{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":1024,\"messages\":[");
		for (int i = 0; i < 20; i++) {
			body.append((i > 0) ? "," : "")
				.append("{\"role\":\"")
				.append((i % 2 == 0) ? "user" : "assistant")
				.append("\",\"content\":[{\"type\":\"text\",\"text\":\"")
				.append("A few words. ".repeat(20))
				.append("\"}]}");
		}
		return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
	}

	private static List<ChatEvent> events() {
		List<ChatEvent> events = new ArrayList<>();
		events.add(new ChatEvent.Started("msg_1", "claude-sonnet-4-5", 0));
		for (int i = 0; i < 100; i++) {
			events.add(new ChatEvent.TextDelta(0, " word" + i));
		}
		events.add(new ChatEvent.Finished(0, FinishReason.STOP, null));
		events.add(new ChatEvent.UsageReported(Usage.of(1000, 100)));
		return events;
	}

	private static byte[] encode(List<ChatEvent> events) {
		StreamEncoder encoder = CODEC.streamEncoder(ChatRequest.builder("m").build());
		ByteBuffer stream = ByteBuffer.allocate(1 << 16);
		events.forEach((event) -> stream.put(encoder.encode(event)));
		stream.put(encoder.end());
		byte[] bytes = new byte[stream.flip().remaining()];
		stream.get(bytes);
		return bytes;
	}

	@Benchmark
	public ChatRequest decodeRequest() {
		return CODEC.decodeRequest(BODY, this.envelope);
	}

	@Benchmark
	public byte[] encodeRequest() {
		return CODEC.encodeRequest(this.request).body();
	}

	@Benchmark
	public void decodeStream(Blackhole blackhole) {
		StreamDecoder decoder = CODEC.streamDecoder();
		decoder.feed(STREAM, 0, STREAM.length, blackhole::consume);
		decoder.end(blackhole::consume);
	}

	@Benchmark
	public byte[] encodeStream() {
		return encode(EVENTS);
	}

	@Benchmark
	public StreamInspector inspectStream() {
		StreamInspector inspector = CODEC.streamInspector();
		ByteBuffer bytes = ByteBuffer.wrap(STREAM);
		for (int from = 0; from < STREAM.length;) {
			int end = SseFrames.nextFrameEnd(bytes, from, STREAM.length, true);
			inspector.inspect(bytes.limit(end).position(from));
			bytes.clear();
			from = end;
		}
		return inspector;
	}

}
