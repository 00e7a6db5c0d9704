package dev.llmproxy.dialect.openai;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.WholeInspection;
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
 * What crossing into and out of chat completions costs: requests with that many messages,
 * answers and streams with that many deltas. Run it with {@code -prof gc} for
 * allocations.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class OpenAiCodecBenchmark {

	private final OpenAiCodec codec = new OpenAiCodec();

	/** How many messages or deltas. */
	@Param({ "10", "1000" })
	public int count;

	private byte[] requestBody;

	private Envelope envelope;

	private ChatRequest request;

	private byte[] answerBody;

	private ChatResponse answer;

	private byte[] stream;

	private List<ChatEvent> events;

	@Setup
	public void prepare() {
		this.requestBody = request(this.count);
		this.envelope = EnvelopeScanner.scan(this.requestBody, JsonLimits.DEFAULT);
		this.request = decodeRequest();
		this.answerBody = answer(this.count);
		this.answer = decodeResponse();
		this.stream = stream(this.count);
		this.events = decodeStream();
	}

	@Benchmark
	public ChatRequest decodeRequest() {
		return this.codec.decodeRequest(this.requestBody, this.envelope);
	}

	@Benchmark
	public EncodedRequest encodeRequest() {
		return this.codec.encodeRequest(this.request);
	}

	@Benchmark
	public ChatResponse decodeResponse() {
		return this.codec.decodeResponse(this.answerBody);
	}

	@Benchmark
	public byte[] encodeResponse() {
		return this.codec.encodeResponse(this.answer);
	}

	@Benchmark
	public WholeInspection inspect() {
		return this.codec.inspect(this.answerBody);
	}

	@Benchmark
	public List<ChatEvent> decodeStream() {
		List<ChatEvent> decoded = new ArrayList<>();
		StreamDecoder decoder = this.codec.streamDecoder();
		decoder.feed(this.stream, 0, this.stream.length, decoded::add);
		decoder.end(decoded::add);
		return decoded;
	}

	@Benchmark
	public void encodeStream(Blackhole blackhole) {
		StreamEncoder encoder = this.codec.streamEncoder(this.request);
		for (ChatEvent event : this.events) {
			blackhole.consume(encoder.encode(event));
		}
		blackhole.consume(encoder.end());
	}

	private static byte[] request(int messages) {
		StringBuilder json = new StringBuilder("{\"model\":\"gpt-5-mini\",\"stream\":true,\"messages\":[");
		for (int i = 0; i < messages; i++) {
			json.append((i > 0) ? "," : "")
				.append("{\"role\":\"")
				.append((i % 2 == 0) ? "user" : "assistant")
				.append("\",\"content\":\"What does \\\"commit\\\" mean for a stream, and why does it matter?\"}");
		}
		return bytes(json.append("]}"));
	}

	private static byte[] answer(int words) {
		StringBuilder json = new StringBuilder("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,")
			.append("\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"");
		for (int i = 0; i < words; i++) {
			json.append("word ");
		}
		return bytes(json.append("\"},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":10,")
			.append("\"completion_tokens\":20,\"total_tokens\":30}}"));
	}

	private static byte[] stream(int deltas) {
		String head = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
				+ "\"model\":\"gpt-5-mini\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_1\",\"choices\":";
		StringBuilder stream = new StringBuilder();
		for (int i = 0; i < deltas; i++) {
			stream.append(head)
				.append("[{\"index\":0,\"delta\":{\"content\":\" word\"},\"logprobs\":null,\"finish_reason\":null}],")
				.append("\"obfuscation\":\"a1B2\"}\n\n");
		}
		stream.append(head).append("[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n");
		return bytes(stream.append("data: [DONE]\n\n"));
	}

	private static byte[] bytes(StringBuilder text) {
		return text.toString().getBytes(StandardCharsets.UTF_8);
	}

}
