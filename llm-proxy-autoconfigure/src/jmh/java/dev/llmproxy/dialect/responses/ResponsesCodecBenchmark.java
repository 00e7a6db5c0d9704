package dev.llmproxy.dialect.responses;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.WholeInspection;
import dev.llmproxy.dialect.framing.SseFrames;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A conversation of twenty turns with ten tools, and an answer of 500 deltas: what each
 * costs to decode, to encode and merely to watch.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ResponsesCodecBenchmark {

	private static final int DELTAS = 500;

	private final ResponsesCodec codec = new ResponsesCodec();

	private ChatRequest request;

	private byte[] body;

	private Envelope envelope;

	private List<ChatEvent> events;

	private byte[] stream;

	private List<ByteBuffer> frames;

	private ChatResponse response;

	private byte[] answer;

	@Setup
	public void prepare() {
		this.request = request();
		this.body = this.codec.encodeRequest(this.request).body();
		this.envelope = EnvelopeScanner.scan(this.body, JsonLimits.DEFAULT);
		this.events = events();
		this.stream = encodeStream();
		this.frames = frames(this.stream);
		this.response = new ChatResponse("msg_1", "some-model", 1,
				List.of(new ChatResponse.Choice(0, List.of(Part.text("A word or two. ".repeat(DELTAS / 4))),
						FinishReason.STOP, null)),
				Usage.of(1000, DELTAS), null);
		this.answer = this.codec.encodeResponse(this.response);
	}

	private static ChatRequest request() {
		ChatRequest.Builder builder = ChatRequest.builder("some-model").stream(true);
		builder.message(Message.text(Role.SYSTEM, "You are of help. ".repeat(50)));
		for (int turn = 0; turn < 20; turn++) {
			String id = "call_" + turn;
			builder.message(Message.text(Role.USER, "What is the weather in the city? ".repeat(5)));
			builder.message(new Message(Role.ASSISTANT,
					List.of(Part.text("Let me see."), new Part.ToolCall(id, "tool_1", "{\"city\":\"Ulm\"}"))));
			builder.message(new Message(Role.TOOL,
					List.of(new Part.ToolResult(id, null, List.of(Part.text("12 °C. ".repeat(20))), false, null))));
		}
		for (int tool = 0; tool < 10; tool++) {
			builder.tool(new Tool.Function("tool_" + tool, "Tells something. ".repeat(10),
					Map.of("type", "object", "properties", Map.of("city", Map.of("type", "string"))), null, null));
		}
		return builder.build();
	}

	private static List<ChatEvent> events() {
		List<ChatEvent> events = new ArrayList<>();
		events.add(new ChatEvent.Started("msg_1", "some-model", 1));
		for (int delta = 0; delta < DELTAS; delta++) {
			events.add(new ChatEvent.TextDelta(0, " word"));
		}
		events.add(new ChatEvent.Finished(0, FinishReason.STOP, null));
		events.add(new ChatEvent.UsageReported(Usage.of(1000, DELTAS)));
		return events;
	}

	private static List<ByteBuffer> frames(byte[] stream) {
		List<ByteBuffer> frames = new ArrayList<>();
		for (int from = 0, end; (end = SseFrames.nextFrameEnd(stream, from, stream.length, true)) >= 0; from = end) {
			frames.add(ByteBuffer.wrap(stream, from, end - from).slice());
		}
		return frames;
	}

	@Benchmark
	public ChatRequest decodeRequest() {
		return this.codec.decodeRequest(this.body, this.envelope);
	}

	@Benchmark
	public EncodedRequest encodeRequest() {
		return this.codec.encodeRequest(this.request);
	}

	@Benchmark
	public ChatResponse decodeResponse() {
		return this.codec.decodeResponse(this.answer);
	}

	@Benchmark
	public byte[] encodeResponse() {
		return this.codec.encodeResponse(this.response);
	}

	@Benchmark
	public WholeInspection inspectResponse() {
		return this.codec.inspect(this.answer);
	}

	@Benchmark
	public void decodeStream(Blackhole sink) {
		StreamDecoder decoder = this.codec.streamDecoder();
		decoder.feed(this.stream, 0, this.stream.length, sink::consume);
		decoder.end(sink::consume);
	}

	@Benchmark
	public byte[] encodeStream() {
		StreamEncoder encoder = this.codec.streamEncoder(this.request);
		StringBuilder joined = new StringBuilder();
		for (ChatEvent event : this.events) {
			joined.append(new String(encoder.encode(event), StandardCharsets.ISO_8859_1));
		}
		return joined.append(new String(encoder.end(), StandardCharsets.ISO_8859_1))
			.toString()
			.getBytes(StandardCharsets.ISO_8859_1);
	}

	@Benchmark
	public StreamInspector inspectStream(Blackhole sink) {
		StreamInspector inspector = this.codec.streamInspector();
		for (ByteBuffer frame : this.frames) {
			sink.consume(inspector.inspect(frame));
		}
		return inspector;
	}

}
