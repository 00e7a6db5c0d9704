package dev.llmproxy.dialect.gemini;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.StreamInspector.Kind;
import dev.llmproxy.dialect.Transcripts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GeminiStreamTests {

	@Test
	void readsThoughtsTextAndATrailingSignature() {
		assertThat(decode("stream-text.sse")).containsExactly(
				new ChatEvent.Started("resp-s1", "gemini-3-pro-preview", 1_700_000_000),
				new ChatEvent.ReasoningDelta(0, "Thin"), new ChatEvent.ReasoningDelta(0, "king."),
				new ChatEvent.TextDelta(0, "Grüße, \"finishReason\""), new ChatEvent.TextDelta(0, " 世界"),
				new ChatEvent.ReasoningSigned(0, new Signature("gemini", "c2lnLXRleHQ=")),
				new ChatEvent.Finished(0, FinishReason.STOP, null),
				new ChatEvent.UsageReported(new Usage(11, 13, 0, 0, 7, 0, 0, false)));
	}

	@Test
	void readsCalls() {
		List<ChatEvent> events = decode("stream-calls.sse");
		assertThat(events).filteredOn(ChatEvent.ToolCallStarted.class::isInstance)
			.extracting((event) -> ((ChatEvent.ToolCallStarted) event).index())
			.containsExactly(0, 1);
		assertThat(events).contains(new ChatEvent.ToolCallStarted(0, 1, "own", "get_weather", null),
				new ChatEvent.ToolCallDelta(0, 0, "{\"city\":\"Paris\",\"finishReason\":\"no\",\"error\":{\"a\":1}}"),
				new ChatEvent.ToolCallDelta(0, 1, "{\"city\":\"Rome\"}"),
				new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null));
	}

	@Test
	void putsArgumentsThatComeInPiecesTogether() {
		assertThat(decode("stream-partial-calls.sse")).contains(new ChatEvent.ToolCallDelta(0, 0,
				"{\"light\":{\"brightness\":50},\"rooms\":[{\"the name\":\"living\"},null],\"on\":true}"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a.b", "$", "$.a[1]", "$.a[x]", "$[0]", "$['a", "$.a[-1]", "$.a[", "$x",
			"$.a[99999999999]" })
	void refusesPiecesWithoutAPlace(String path) {
		GeminiPartialArguments arguments = new GeminiPartialArguments();
		assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> arguments
			.accept(Json.tree("[{'jsonPath': '" + path.replace("'", "\\u0027") + "', 'stringValue': 'x'}]")));
	}

	@Test
	void waitsForEveryCandidate() {
		List<ChatEvent> events = decode("stream-two.sse");
		assertThat(events).contains(new ChatEvent.Finished(0, FinishReason.LENGTH, null),
				new ChatEvent.Finished(1, FinishReason.CONTENT_FILTER, null),
				new ChatEvent.UsageReported(Usage.of(2, 3)));
		byte[] stream = Json.resource("stream-two.sse");
		String text = new String(stream, StandardCharsets.UTF_8);
		byte[] cut = text.substring(0, text.lastIndexOf("data: ")).getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(DecodingException.class)
			.isThrownBy(() -> Transcripts.decode(GeminiCodecTests.CODEC.streamDecoder(), cut));
		StreamInspector inspector = GeminiCodecTests.CODEC.streamInspector();
		inspect(inspector, cut);
		assertThat(inspector.complete()).isFalse();
	}

	@Test
	void fault58_theUsageOfTheFirstChunkIsAnEstimateUntilTheLast() {
		StreamInspector inspector = GeminiCodecTests.CODEC.streamInspector();
		inspect(inspector, Json.bytes("""
				data: {'candidates':[{'content':{'parts':[{'text':'x'}]}}],\
				'usageMetadata':{'promptTokenCount':4,'candidatesTokenCount':1}}

				"""));
		assertThat(inspector.usage()).isEqualTo(Usage.estimate(4, 1));
		inspect(inspector, Json.bytes("""
				data: {'candidates':[{'content':{'parts':[{'text':'y'}]},'finishReason':'STOP'}],\
				'usageMetadata':{'promptTokenCount':4,'candidatesTokenCount':5,'totalTokenCount':9}}

				"""));
		assertThat(inspector.usage()).isEqualTo(Usage.of(4, 5));
	}

	@Test
	void readsABlockedPromptAsFilteredContent() {
		assertThat(decode("stream-blocked.sse")).containsExactly(new ChatEvent.Started("resp-s5", "m", 1_700_000_000),
				new ChatEvent.Finished(0, FinishReason.CONTENT_FILTER, null),
				new ChatEvent.UsageReported(Usage.of(5, 0)));
	}

	@Test
	void endsWithAnErrorInTheMiddle() {
		List<ChatEvent> events = decode("stream-error.sse");
		assertThat(events.get(events.size() - 1)).isEqualTo(new ChatEvent.Failed(new LlmError(ErrorKind.OVERLOADED,
				"The model is overloaded. Please try again later.", "UNAVAILABLE", null)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "data: {", "data: []", "data: 7", "data: {'candidates': [{'index': 4000}]}",
			"data: {'candidates': [{'content': {'parts': [7]}}]}" })
	void refusesWhatIsNoChunk(String frame) {
		StreamDecoder decoder = GeminiCodecTests.CODEC.streamDecoder();
		byte[] bytes = Json.bytes(frame + "\n\n");
		assertThatExceptionOfType(DecodingException.class)
			.isThrownBy(() -> decoder.feed(bytes, 0, bytes.length, (event) -> {
			}));
	}

	@Test
	void tellsNewsFromMeaning() {
		assertThat(inspect("stream-late-usage.sse")).containsExactly(Kind.LIFECYCLE, Kind.LIFECYCLE, Kind.SEMANTIC,
				Kind.SEMANTIC, Kind.SEMANTIC, Kind.LIFECYCLE);
		assertThat(inspect("stream-several-lines.sse")).containsExactly(Kind.LIFECYCLE, Kind.SEMANTIC, Kind.SEMANTIC);
		assertThat(inspect("stream-error.sse")).containsExactly(Kind.SEMANTIC, Kind.ERROR);
		assertThat(inspect("stream-blocked.sse")).containsExactly(Kind.SEMANTIC);
		assertThat(inspect("stream-calls.sse")).containsOnly(Kind.SEMANTIC);
	}

	@Test
	void writesAChunkForEachPartAndTheUsageWithTheEnd() {
		StreamEncoder encoder = encoder();
		assertThat(encoder.encode(new ChatEvent.Started("id-1", "m", 0))).isEmpty();
		assertThat(text(encoder.encode(new ChatEvent.ReasoningDelta(0, "Hm.")))).isEqualTo(
				chunk("'candidates':[{'content':{'role':'model','parts':[{'text':'Hm.','thought':true}]},'index':0}]"));
		assertThat(text(encoder.encode(new ChatEvent.ReasoningSigned(0, new Signature("gemini", "c2ln")))))
			.contains("[{\"text\":\"\",\"thought\":true,\"thoughtSignature\":\"c2ln\"}]");
		assertThat(text(encoder.encode(new ChatEvent.TextDelta(0, "Hi"))))
			.isEqualTo(chunk("'candidates':[{'content':{'role':'model','parts':[{'text':'Hi'}]},'index':0}]"));
		assertThat(text(encoder.encode(new ChatEvent.ReasoningSigned(0, new Signature("gemini", "c2ln")))))
			.contains("[{\"text\":\"\",\"thoughtSignature\":\"c2ln\"}]");
		assertThat(encoder.encode(new ChatEvent.Finished(0, FinishReason.STOP, null))).isEmpty();
		assertThat(text(encoder.encode(new ChatEvent.UsageReported(Usage.of(3, 2))))).isEqualTo(chunk(
				"'candidates':[{'index':0,'finishReason':'STOP'}],'usageMetadata':{'promptTokenCount':3,'candidatesTokenCount':2,'totalTokenCount':5}"));
		assertThat(encoder.end()).isEmpty();
	}

	@Test
	void writesTheEndWithoutUsageToo() {
		StreamEncoder encoder = encoder();
		encoder.encode(new ChatEvent.Started("id-1", "m", 0));
		encoder.encode(new ChatEvent.Finished(0, FinishReason.LENGTH, null));
		assertThat(text(encoder.end())).isEqualTo(chunk("'candidates':[{'index':0,'finishReason':'MAX_TOKENS'}]"));
	}

	@Test
	void writesCallsInOrderWhenTheirArgumentsAreWhole() {
		StreamEncoder encoder = encoder();
		encoder.encode(new ChatEvent.Started("id-1", "m", 0));
		assertThat(encoder.encode(new ChatEvent.ToolCallStarted(0, 0, "a", "f", null))).isEmpty();
		assertThat(encoder.encode(new ChatEvent.ToolCallDelta(0, 0, "{\"x\""))).isEmpty();
		assertThat(encoder.encode(new ChatEvent.ToolCallStarted(0, 1, "b", "g", null))).isEmpty();
		assertThat(encoder.encode(new ChatEvent.ToolCallDelta(0, 1, "{}"))).isEmpty();
		assertThat(encoder.encode(new ChatEvent.ToolCallDelta(0, 0, ":1}"))).isEmpty();
		String both = text(encoder.encode(new ChatEvent.TextDelta(0, "Done.")));
		assertThat(both.indexOf("\"id\":\"a\"")).isPositive().isLessThan(both.indexOf("\"id\":\"b\""));
		assertThat(both.indexOf("\"id\":\"b\"")).isLessThan(both.indexOf("Done."));
	}

	@Test
	void sayNothingOfACallWhoseArgumentsAreCutOff() {
		StreamEncoder encoder = encoder();
		encoder.encode(new ChatEvent.Started("id-1", "m", 0));
		encoder.encode(new ChatEvent.ToolCallStarted(0, 0, "a", "f", null));
		encoder.encode(new ChatEvent.ToolCallDelta(0, 0, "{\"x\""));
		encoder.encode(new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null));
		assertThat(text(encoder.end()))
			.isEqualTo(chunk("'candidates':[{'index':0,'finishReason':'MALFORMED_FUNCTION_CALL'}]"));
	}

	@Test
	void writesErrorsAsTheApiDoes() {
		assertThat(
				text(GeminiCodecTests.CODEC.encodeStreamError(new LlmError(ErrorKind.RATE_LIMIT, "Slow down."), null)))
			.isEqualTo(
					"data: {\"error\":{\"code\":429,\"message\":\"Slow down.\",\"status\":\"RESOURCE_EXHAUSTED\"}}\n\n");
	}

	private static StreamEncoder encoder() {
		return GeminiCodecTests.CODEC.streamEncoder(ChatRequest.builder("m").build());
	}

	private static String chunk(String members) {
		return ("data: {" + members + ",'modelVersion':'m','responseId':'id-1'}\n\n").replace('\'', '"');
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	private static List<ChatEvent> decode(String name) {
		return Transcripts.decode(GeminiCodecTests.CODEC.streamDecoder(), Json.resource(name));
	}

	private static List<Kind> inspect(String name) {
		return inspect(GeminiCodecTests.CODEC.streamInspector(), Json.resource(name));
	}

	private static List<Kind> inspect(StreamInspector inspector, byte[] stream) {
		List<Kind> kinds = new ArrayList<>();
		for (String frame : text(stream).split("(?<=\n\n)")) {
			kinds.add(inspector.inspect(ByteBuffer.wrap(frame.getBytes(StandardCharsets.UTF_8))));
		}
		return kinds;
	}

}
