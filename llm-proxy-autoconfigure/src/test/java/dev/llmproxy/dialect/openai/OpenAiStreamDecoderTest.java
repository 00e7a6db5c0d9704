package dev.llmproxy.dialect.openai;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.Transcripts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OpenAiStreamDecoderTest {

	@Test
	void readsText() {
		assertThat(fixture("text")).containsExactly(
				new ChatEvent.Started("chatcmpl-BQ7f3Kx0VtN2", "gpt-4.1-mini-2025-04-14", 1746112345),
				new ChatEvent.TextDelta(0, "Grüße"), new ChatEvent.TextDelta(0, ", 世界 \uD83D\uDE00"),
				new ChatEvent.TextDelta(0, "\n\"quoted\" [DONE]"), new ChatEvent.Finished(0, FinishReason.STOP, null),
				new ChatEvent.UsageReported(new Usage(25, 9, 16, 0, 0, 0, 0, false)));
	}

	@Test
	void readsCallsWhoseFragmentsInterleave() {
		List<ChatEvent> events = fixture("tools");
		assertThat(events).containsSubsequence(
				new ChatEvent.ToolCallStarted(0, 0, "call_DdmO9pD3xa9X", "get_weather", null),
				new ChatEvent.ToolCallDelta(0, 0, "{\"city\""),
				new ChatEvent.ToolCallStarted(0, 1, "call_9pQwErTy7Zx1", "get_time", null),
				new ChatEvent.ToolCallDelta(0, 1, "{\"zone\":"), new ChatEvent.ToolCallDelta(0, 0, ":\"Kö"),
				new ChatEvent.ToolCallDelta(0, 0, "ln\"}"), new ChatEvent.ToolCallDelta(0, 1, "\"CET\"}"),
				new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null));
	}

	@Test
	void tellsWholeCallsOfOneNumberApart() {
		assertThat(choice("tools-gemini")).isEqualTo(new ChatResponse.Choice(0,
				List.of(new Part.ToolCall("function-call-1", "get_weather", "{\"city\":\"Paris\"}",
						new Signature("openai", "CrICAdHtim827fQ=="), null),
						new Part.ToolCall("function-call-2", "get_weather", "{\"city\":\"London\"}")),
				FinishReason.TOOL_CALLS, null));
	}

	@Test
	void inventsIdentifiersForCallsWithoutAny() {
		ChatResponse.Choice choice = choice("tools-without-index");
		assertThat(choice.parts()).hasSize(2)
			.allSatisfy((part) -> assertThat(part).isInstanceOfSatisfying(Part.ToolCall.class,
					(call) -> assertThat(call.id()).matches("call_[0-9a-f]{24}")));
		assertThat(choice.parts()).extracting("name").containsExactly("get_weather", "get_time");
		assertThat(choice.parts()).extracting("arguments").containsExactly("{\"city\":\"Rome\"}", "{\"zone\":\"CET\"}");
		assertThat(choice.parts()).extracting("id").doesNotHaveDuplicates();
		assertThat(choice("tools-without-index")).isEqualTo(choice);
		assertThat(choice.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
	}

	@Test
	void waitsForNamesThatComeLate() {
		assertThat(choice("tools-late-name").parts())
			.containsExactly(new Part.ToolCall("call_late", "late", "{\"a\":1}"));
	}

	@Test
	void readsCallsOfCustomToolsAndTheOlderForm() {
		assertThat(choice("tools-custom").parts())
			.containsExactly(new Part.ToolCall("call_c", "run_sql", "{\"input\":\"SELECT \\\"a\\\"\"}"));
		assertThat(choice("function-call").parts()).singleElement()
			.isInstanceOfSatisfying(Part.ToolCall.class, (call) -> {
				assertThat(call.name()).isEqualTo("get_weather");
				assertThat(call.arguments()).isEqualTo("{\"city\":\"Oslo\"}");
			});
	}

	@Test
	void sealsThoughtsWithoutAProof() {
		assertThat(fixture("reasoning-deepseek")).containsSubsequence(new ChatEvent.ReasoningDelta(0, "The user wants"),
				new ChatEvent.ReasoningDelta(0, " the weather."),
				new ChatEvent.ReasoningSigned(0, ReasoningSeal.UNSIGNED), new ChatEvent.TextDelta(0, "Let me look."),
				new ChatEvent.ToolCallStarted(0, 0, "call_00_a1B2c3", "get_weather", null),
				new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null),
				new ChatEvent.UsageReported(new Usage(300, 120, 256, 0, 80, 0, 0, false)));
	}

	@Test
	void readsProofsAndEncryptedThoughts() {
		assertThat(fixture("reasoning-openrouter")).containsExactly(
				new ChatEvent.Started("gen-1764000001-Zq8", "anthropic/claude-sonnet-4.5", 1764000001),
				new ChatEvent.ReasoningDelta(0, "First,"), new ChatEvent.ReasoningDelta(0, " think."),
				new ChatEvent.ReasoningSigned(0, own("""
						{"type":"reasoning.text","signature":"EqoBCkgIARABGAIiQL2UoU0b1OHYi+==",\
						"format":"anthropic-claude-v1","index":0}""")), new ChatEvent.ReasoningRedacted(0, own("""
						{"type":"reasoning.encrypted","data":"EvAFCoYBGAIiQL7asW==","id":"rs_1",\
						"format":"openai-responses-v1","index":1}""")), new ChatEvent.TextDelta(0, "Done."),
				new ChatEvent.Finished(0, FinishReason.STOP, null),
				new ChatEvent.UsageReported(new Usage(11, 40, 0, 7, 30, 0, 0, false)));
		assertThat(choice("reasoning-litellm").parts()).containsExactly(
				new Part.Reasoning("Step one.", own("{\"type\":\"thinking\",\"signature\":\"EqoBCkgI\"}")),
				new Part.Reasoning("", null, own("{\"type\":\"redacted_thinking\",\"data\":\"EmwKAhgB\"}")),
				Part.text("Yes."));
	}

	@Test
	void readsContentInParts() {
		assertThat(choice("reasoning-mistral").parts())
			.containsExactly(new Part.Reasoning("Hmm, well.", ReasoningSeal.UNSIGNED), Part.text("Four."));
	}

	@Test
	void readsDetailsThatNoOtherFieldRepeats() {
		List<ChatEvent> events = decode(
				"""
						data: {"choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.summary","summary":"So"}]}}]}

						data: {"choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.encrypted","data":null}]}}]}

						data: {"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}

						""");
		assertThat(events).containsSubsequence(new ChatEvent.ReasoningDelta(0, "So"),
				new ChatEvent.ReasoningSigned(0, own("{\"type\":\"reasoning.summary\"}")),
				new ChatEvent.TextDelta(0, "x"));
	}

	@Test
	void tellsChoicesApart() {
		ChatResponse response = Transcripts.assemble(fixture("choices"));
		assertThat(response.choices()).extracting(ChatResponse.Choice::text).containsExactly("One!", "Uno!");
		assertThat(response.choices()).extracting(ChatResponse.Choice::finishReason)
			.containsExactly(FinishReason.STOP, FinishReason.LENGTH);
	}

	@Test
	void readsRefusalsAndFilters() {
		assertThat(choice("refusal")).isEqualTo(new ChatResponse.Choice(0,
				List.of(new Part.Refusal("I'm sorry, I can't.")), FinishReason.REFUSAL, null));
		assertThat(choice("azure").finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
	}

	@Test
	void endsWithoutDoneWhereTheReasonWasTold() {
		assertThat(choice("without-done").text()).isEqualTo("Hello");
	}

	@Test
	void endsWithoutAReasonWhereDoneWasTold() {
		assertThat(choice("without-finish-reason"))
			.isEqualTo(new ChatResponse.Choice(0, List.of(Part.text("Hello")), FinishReason.OTHER, null));
	}

	@Test
	void isNotCompleteWhileAChoiceIsOpen() {
		assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> decode("""
				data: {"choices":[{"index":0,"delta":{"content":"x"}},{"index":1,"delta":{"content":"y"}}]}

				data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

				"""));
	}

	@Test
	void failsOnceAndIgnoresWhatFollows() {
		assertThat(fixture("failed-vllm")).satisfies((events) -> {
			assertThat(events.get(events.size() - 1)).isInstanceOfSatisfying(ChatEvent.Failed.class, (failed) -> {
				assertThat(failed.error().message()).isEqualTo("engine died");
				assertThat(failed.error().kind()).isEqualTo(ErrorKind.UPSTREAM);
			});
		});
		assertThat(fixture("failed-at-once")).singleElement()
			.isInstanceOfSatisfying(ChatEvent.Failed.class, (failed) -> {
				assertThat(failed.error().kind()).isEqualTo(ErrorKind.OVERLOADED);
				assertThat(failed.error().code()).isEqualTo("overloaded");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "data: {\"choices\":[\n\n", "data: 7\n\n", "data: [DONE]\n\n",
			"data: {}\n\ndata: [DONE]\n\n", ": ping\n\n", "",
			"data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"arguments\":\"{}\"}}]},\"finish_reason\":\"stop\"}]}\n\n" })
	void refusesWhatIsNoAnswer(String stream) {
		assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> decode(stream));
	}

	@Test
	void hasNoContentInItsMessages() {
		assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> decode("data: secret\n\n"))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
	}

	@Test
	void ignoresWhatFollowsTheEnd() {
		StreamDecoder decoder = new OpenAiCodec().streamDecoder();
		List<ChatEvent> events = new ArrayList<>();
		byte[] stream = Transcripts.resource(getClass(), "streams/text.sse");
		decoder.feed(stream, 0, stream.length, events::add);
		int count = events.size();
		byte[] junk = Json.bytes("data: junk\n\n");
		decoder.feed(junk, 0, junk.length, events::add);
		decoder.end(events::add);
		assertThat(events).hasSize(count);
	}

	private static Signature own(String value) {
		return new Signature("openai", value);
	}

	private ChatResponse.Choice choice(String name) {
		return Transcripts.assemble(fixture(name)).choices().get(0);
	}

	private List<ChatEvent> fixture(String name) {
		return Transcripts.decode(new OpenAiCodec().streamDecoder(),
				Transcripts.resource(getClass(), "streams/" + name + ".sse"));
	}

	private static List<ChatEvent> decode(String stream) {
		return Transcripts.decode(new OpenAiCodec().streamDecoder(), Json.bytes(stream));
	}

}
