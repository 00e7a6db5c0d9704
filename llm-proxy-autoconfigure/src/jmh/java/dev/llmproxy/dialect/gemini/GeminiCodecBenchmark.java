package dev.llmproxy.dialect.gemini;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.StreamInspector;
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
 * A conversation of 20 turns with a tool, and an answer of 100 chunks: decoded, encoded,
 * and only watched on its way through.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GeminiCodecBenchmark {

	private static final int CHUNKS = 100;

	private final GeminiCodec codec = new GeminiCodec();

	private final byte[] body = request();

	private final Envelope envelope = EnvelopeScanner.scan(this.body, JsonLimits.DEFAULT).withModel("gemini-2.5-flash");

	private final ChatRequest request = this.codec.decodeRequest(this.body, this.envelope);

	private final List<byte[]> frames = frames();

	private final List<ChatEvent> events = events();

	@Benchmark
	public ChatRequest decodeRequest() {
		return this.codec.decodeRequest(this.body, this.envelope);
	}

	@Benchmark
	public byte[] encodeRequest() {
		return this.codec.encodeRequest(this.request).body();
	}

	@Benchmark
	public void decodeStream(Blackhole blackhole) {
		StreamDecoder decoder = this.codec.streamDecoder();
		for (byte[] frame : this.frames) {
			decoder.feed(frame, 0, frame.length, blackhole::consume);
		}
		decoder.end(blackhole::consume);
	}

	@Benchmark
	public void encodeStream(Blackhole blackhole) {
		StreamEncoder encoder = this.codec.streamEncoder(this.request);
		for (ChatEvent event : this.events) {
			blackhole.consume(encoder.encode(event));
		}
		blackhole.consume(encoder.end());
	}

	@Benchmark
	public boolean inspectStream() {
		StreamInspector inspector = this.codec.streamInspector();
		for (byte[] frame : this.frames) {
			inspector.inspect(ByteBuffer.wrap(frame));
		}
		return inspector.complete();
	}

	private List<ChatEvent> events() {
		List<ChatEvent> events = new ArrayList<>();
		StreamDecoder decoder = this.codec.streamDecoder();
		this.frames.forEach((frame) -> decoder.feed(frame, 0, frame.length, events::add));
		decoder.end(events::add);
		return events;
	}

	private static byte[] request() {
		StringBuilder json = new StringBuilder("{\"contents\":[");
		for (int turn = 0; turn < 20; turn++) {
			json.append("""
					{"role":"user","parts":[{"text":"What is the weather like in city number %1$d, and why?"}]},
					{"role":"model","parts":[{"functionCall":{"id":"c%1$d","name":"weather","args":{"city":%1$d}}}]},
					{"role":"user","parts":[{"functionResponse":{"id":"c%1$d","name":"weather","response":{"t":1.5}}}]},
					{"role":"model","parts":[{"text":"It has one and a half degrees, since it is winter there."}]},
					""".formatted(turn));
		}
		return json.append("""
				{"role":"user","parts":[{"text":"Thank you."}]}],"tools":[{"functionDeclarations":[{"name":"weather",
				"parameters":{"type":"OBJECT","properties":{"city":{"type":"INTEGER"}},"required":["city"]}}]}],
				"generationConfig":{"temperature":0.5,"maxOutputTokens":1000}}""")
			.toString()
			.getBytes(StandardCharsets.UTF_8);
	}

	private static List<byte[]> frames() {
		List<byte[]> frames = new ArrayList<>();
		for (int i = 0; i < CHUNKS; i++) {
			String end = (i == CHUNKS - 1) ? "\"finishReason\": \"STOP\"," : "";
			frames.add(("data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"some words, number " + i
					+ "\"}],\"role\": \"model\"}," + end + "\"index\": 0}],\"usageMetadata\": {\"promptTokenCount\": 11,"
					+ "\"candidatesTokenCount\": " + i + ",\"totalTokenCount\": " + (i + 11)
					+ "},\"modelVersion\": \"gemini-2.5-flash\",\"responseId\": \"resp-1\"}\r\n\r\n")
				.getBytes(StandardCharsets.UTF_8));
		}
		return frames;
	}

}
