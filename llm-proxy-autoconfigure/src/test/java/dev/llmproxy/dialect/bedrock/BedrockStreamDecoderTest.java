package dev.llmproxy.dialect.bedrock;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.StreamInspector.Kind;
import dev.llmproxy.dialect.Transcripts;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BedrockStreamDecoderTest {

	private static final ChatEvent STARTED = new ChatEvent.Started("", "", 0);

	private static List<ChatEvent> decode(byte[] stream) {
		return Transcripts.decode(new BedrockCodec().streamDecoder(), stream);
	}

	private static List<ChatEvent> decode(String name) {
		return decode(BedrockStreams.resource(name));
	}

	@Test
	void readsTextAndTheUsageAfterTheEnd() {
		assertThat(decode("stream-text.jsonl")).containsExactly(STARTED, new ChatEvent.TextDelta(0, "Hel"),
				new ChatEvent.TextDelta(0, "lo, Köln 😀"), new ChatEvent.Finished(0, FinishReason.STOP, null),
				new ChatEvent.UsageReported(new Usage(17, 4, 3, 2, 0, 0, 0, false)));
	}

	@Test
	void readsCallsAndGivesEmptyOnesAnObject() {
		assertThat(decode("stream-tools.jsonl")).containsExactly(STARTED, new ChatEvent.TextDelta(0, "I'll look."),
				new ChatEvent.ToolCallStarted(0, 0, "tooluse_1", "get_weather", null),
				new ChatEvent.ToolCallDelta(0, 0, "{\"city\": \"K"), new ChatEvent.ToolCallDelta(0, 0, "öln\"}"),
				new ChatEvent.ToolCallStarted(0, 1, "tooluse_2", "get_time", null),
				new ChatEvent.ToolCallDelta(0, 1, "{}"), new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null),
				new ChatEvent.UsageReported(Usage.of(400, 88)));
	}

	@Test
	void putsProofsAndEncryptedThoughtsTogether() {
		assertThat(decode("stream-thinking.jsonl")).containsExactly(STARTED, new ChatEvent.ReasoningDelta(0, "Let me "),
				new ChatEvent.ReasoningDelta(0, "think."),
				new ChatEvent.ReasoningSigned(0, new Signature("bedrock", "EqoBCkgIBRABGAIiQL8=")),
				new ChatEvent.ReasoningRedacted(0, new Signature("bedrock", "cmVkYWN0ZWQ=")),
				new ChatEvent.TextDelta(0, "Done"), new ChatEvent.Finished(0, FinishReason.STOP, "END"),
				new ChatEvent.UsageReported(Usage.of(30, 70)));
	}

	@Test
	void readsACallThatStandsForTheAnswerAsText() {
		assertThat(decode("stream-answer-tool.jsonl")).containsExactly(STARTED,
				new ChatEvent.TextDelta(0, "{\"name\":"), new ChatEvent.TextDelta(0, "\"Ada\"}"),
				new ChatEvent.Finished(0, FinishReason.STOP, null), new ChatEvent.UsageReported(Usage.of(350, 20)));
	}

	@Test
	void isWholeWithoutUsage() {
		assertThat(decode("stream-no-usage.jsonl")).containsExactly(STARTED,
				new ChatEvent.TextDelta(0, "Cut by its limit"), new ChatEvent.Finished(0, FinishReason.LENGTH, null));
	}

	@Test
	void startsWithoutBeingTold() {
		byte[] stream = BedrockStreams.of(
				"{\"event\":\"contentBlockDelta\",\"payload\":{\"contentBlockIndex\":0,\"delta\":{\"text\":\"a\"}}}",
				"{\"event\":\"metadata\",\"payload\":{\"usage\":{\"inputTokens\":1,\"outputTokens\":2}}}",
				"{\"event\":\"messageStop\",\"payload\":{\"stopReason\":\"end_turn\"}}");
		assertThat(decode(stream)).containsExactly(STARTED, new ChatEvent.TextDelta(0, "a"),
				new ChatEvent.Finished(0, FinishReason.STOP, null), new ChatEvent.UsageReported(Usage.of(1, 2)));
	}

	@Test
	void endsWithTheProvidersException() {
		List<ChatEvent> events = decode("stream-error-first.jsonl");
		assertThat(events).hasSize(2).first().isEqualTo(STARTED);
		assertThat(events.get(1)).isInstanceOfSatisfying(ChatEvent.Failed.class, (failed) -> {
			assertThat(failed.error().kind()).isEqualTo(ErrorKind.RATE_LIMIT);
			assertThat(failed.error().code()).isEqualTo("throttlingException");
			assertThat(failed.error().message()).isEqualTo("Too many tokens, please wait before trying again.");
		});
	}

	@Test
	void refusesDamage() {
		byte[] stream = BedrockStreams.resource("stream-text.jsonl");
		stream[stream.length / 2] ^= 1;
		assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> decode(stream))
			.withMessageContaining("BAD_CHECKSUM");
	}

	@Test
	void refusesEventsThatAreNotJson() {
		byte[] stream = BedrockStreams.of("{\"event\":\"messageStop\",\"payload\":\"text\"}");
		assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> decode(stream));
	}

	@Test
	void theInspectorRefusesDamage() {
		byte[] frame = BedrockStreams
			.of("{\"event\":\"contentBlockDelta\",\"payload\":{\"contentBlockIndex\":0,\"delta\":{\"text\":\"a\"}}}");
		StreamInspector inspector = new BedrockCodec().streamInspector();
		assertThat(inspector.inspect(ByteBuffer.wrap(frame))).isEqualTo(Kind.SEMANTIC);
		frame[frame.length - 8] ^= 1;
		assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> inspector.inspect(ByteBuffer.wrap(frame)));
	}

	@Test
	void theInspectorTellsNewsFromMeaning() {
		StreamInspector inspector = new BedrockCodec().streamInspector();
		assertThat(kinds(inspector, "{\"event\":\"messageStart\",\"payload\":{\"role\":\"assistant\"}}",
				"{\"event\":\"contentBlockDelta\",\"payload\":{\"contentBlockIndex\":0,\"delta\":{\"text\":\"\"}}}",
				"{\"event\":\"contentBlockStart\",\"payload\":{\"start\":{\"toolUse\":{\"name\":\"a\"}}}}",
				"{\"event\":\"contentBlockStop\",\"payload\":{\"contentBlockIndex\":0}}"))
			.containsExactly(Kind.LIFECYCLE, Kind.LIFECYCLE, Kind.SEMANTIC, Kind.SEMANTIC);
		assertThat(inspector.complete()).isFalse();
		assertThat(kinds(inspector, "{\"event\":\"messageStop\",\"payload\":{\"stopReason\":\"tool_use\"}}",
				"{\"event\":\"metadata\",\"payload\":{\"usage\":{\"inputTokens\":1,\"outputTokens\":2}}}"))
			.containsExactly(Kind.SEMANTIC, Kind.USAGE);
		assertThat(inspector.complete()).isTrue();
		assertThat(inspector.usage()).isEqualTo(Usage.of(1, 2));
	}

	@Test
	void theInspectorLeavesTheFrameAlone() {
		ByteBuffer frame = ByteBuffer
			.wrap(BedrockStreams.of("{\"event\":\"messageStart\",\"payload\":{\"role\":\"assistant\"}}"));
		ByteBuffer direct = ByteBuffer.allocateDirect(frame.remaining() + 8).position(4).put(frame.duplicate());
		direct.flip().position(4);
		StreamInspector inspector = new BedrockCodec().streamInspector();
		assertThat(inspector.inspect(direct)).isEqualTo(Kind.LIFECYCLE);
		assertThat(direct.position()).isEqualTo(4);
		assertThat(direct.remaining()).isEqualTo(frame.remaining());
	}

	private static List<Kind> kinds(StreamInspector inspector, String... lines) {
		return Arrays.stream(lines).map((line) -> inspector.inspect(ByteBuffer.wrap(BedrockStreams.of(line)))).toList();
	}

}
