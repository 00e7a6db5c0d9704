package dev.llmproxy.dialect.bedrock;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.framing.EventStreamEncoder;
import dev.llmproxy.dialect.framing.EventStreamMessage;
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
 * Writes a conversation of 20 turns, and reads an answer of 100 deltas: watched as it
 * arrives, and decoded.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BedrockCodecBenchmark {

	private static final BedrockCodec CODEC = new BedrockCodec();

	private static final ChatRequest REQUEST = request();

	private static final byte[] STREAM = stream();

	private static ChatRequest request() {
		ChatRequest.Builder request = ChatRequest.builder("anthropic.claude-sonnet-4-5-20250929-v1:0").maxTokens(1024);
		for (int i = 0; i < 21; i++) {
			request.message(Message.text((i % 2 == 0) ? Role.USER : Role.ASSISTANT, "A few words. ".repeat(20)));
		}
		return request.build();
	}

	private static byte[] stream() {
		ByteArrayOutputStream stream = new ByteArrayOutputStream();
		stream.writeBytes(frame("messageStart", "{\"role\":\"assistant\"}"));
		for (int i = 0; i < 100; i++) {
			stream.writeBytes(frame("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\" word" + i
					+ "\"},\"p\":\"abcdefghijklmnopqrstuvwxyz\"}"));
		}
		stream.writeBytes(frame("contentBlockStop", "{\"contentBlockIndex\":0}"));
		stream.writeBytes(frame("messageStop", "{\"stopReason\":\"end_turn\"}"));
		stream.writeBytes(frame("metadata",
				"{\"usage\":{\"inputTokens\":1000,\"outputTokens\":100,\"totalTokens\":1100}}"));
		return stream.toByteArray();
	}

	private static byte[] frame(String type, String json) {
		Map<String, Object> headers = new LinkedHashMap<>();
		headers.put(":event-type", type);
		headers.put(":content-type", "application/json");
		headers.put(":message-type", "event");
		return EventStreamEncoder
			.encode(new EventStreamMessage(headers, json.getBytes(StandardCharsets.UTF_8)));
	}

	@Benchmark
	public EncodedRequest encodeRequest() {
		return CODEC.encodeRequest(REQUEST);
	}

	@Benchmark
	public void decodeStream(Blackhole events) {
		StreamDecoder decoder = CODEC.streamDecoder();
		decoder.feed(STREAM, 0, STREAM.length, events::consume);
		decoder.end(events::consume);
	}

	@Benchmark
	public StreamInspector inspectStream() {
		StreamInspector inspector = CODEC.streamInspector();
		ByteBuffer stream = ByteBuffer.wrap(STREAM);
		while (stream.hasRemaining()) {
			stream.limit(stream.position() + stream.getInt(stream.position()));
			inspector.inspect(stream);
			stream.position(stream.limit());
			stream.limit(STREAM.length);
		}
		return inspector;
	}

}
