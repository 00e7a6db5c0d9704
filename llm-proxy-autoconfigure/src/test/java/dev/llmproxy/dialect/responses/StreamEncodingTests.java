package dev.llmproxy.dialect.responses;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.Transcripts;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class StreamEncodingTests {

	private static final ChatEvent STARTED = new ChatEvent.Started("msg_1", "claude", 5);

	private static final ChatEvent STOP = new ChatEvent.Finished(0, FinishReason.STOP, null);

	private static final Signature SIGNATURE = new Signature("anthropic", "sig");

	@Test
	void anAnswerHasTheWholeGrammar() {
		List<JsonNode> events = encode(STARTED, new ChatEvent.ReasoningDelta(0, "Hm"),
				new ChatEvent.ReasoningDelta(0, "."), new ChatEvent.ReasoningSigned(0, SIGNATURE),
				new ChatEvent.TextDelta(0, "H"), new ChatEvent.TextDelta(0, "i"), new ChatEvent.RefusalDelta(0, "No."),
				new ChatEvent.ToolCallStarted(0, 0, "toolu_1", "f", null), new ChatEvent.ToolCallDelta(0, 0, "{\"a\":"),
				new ChatEvent.ToolCallDelta(0, 0, "1}"), new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null),
				new ChatEvent.UsageReported(Usage.of(1, 2)));
		assertThat(events).map((event) -> event.path("type").asString(""))
			.containsExactly("response.created", "response.in_progress", "response.output_item.added",
					"response.reasoning_summary_part.added", "response.reasoning_summary_text.delta",
					"response.reasoning_summary_text.delta", "response.reasoning_summary_text.done",
					"response.reasoning_summary_part.done", "response.output_item.done", "response.output_item.added",
					"response.content_part.added", "response.output_text.delta", "response.output_text.delta",
					"response.output_text.done", "response.content_part.done", "response.content_part.added",
					"response.refusal.delta", "response.refusal.done", "response.content_part.done",
					"response.output_item.done", "response.output_item.added", "response.function_call_arguments.delta",
					"response.function_call_arguments.delta", "response.function_call_arguments.done",
					"response.output_item.done", "response.completed");
		assertThat(events).map((event) -> event.path("sequence_number").asInt(-1))
			.containsExactlyElementsOf(IntStream.range(0, events.size()).boxed().toList());
		assertThat(events.get(11)).hasToString("{\"type\":\"response.output_text.delta\",\"sequence_number\":11,"
				+ "\"item_id\":\"msg_msg_1_1\",\"output_index\":1,\"content_index\":0,\"delta\":\"H\",\"logprobs\":[]}");
		assertThat(events.get(4)).hasToString("{\"type\":\"response.reasoning_summary_text.delta\","
				+ "\"sequence_number\":4,\"item_id\":\"rs_msg_1_0\",\"output_index\":0,\"summary_index\":0,\"delta\":\"Hm\"}");
		assertThat(events.get(16).path("content_index").asInt(-1)).isEqualTo(1);
		assertThat(events.get(20).path("item")).hasToString("{\"id\":\"fc_msg_1_2\",\"type\":\"function_call\","
				+ "\"call_id\":\"toolu_1\",\"name\":\"f\",\"arguments\":\"\",\"status\":\"in_progress\"}");
		assertThat(events.get(23)).hasToString("{\"type\":\"response.function_call_arguments.done\","
				+ "\"sequence_number\":23,\"item_id\":\"fc_msg_1_2\",\"output_index\":2,\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}");
	}

	@Test
	void theLastEventRepeatsTheItemsAndTellsTheUsage() {
		List<JsonNode> events = encode(STARTED, new ChatEvent.ReasoningRedacted(0, SIGNATURE),
				new ChatEvent.TextDelta(0, "Hi"), STOP, new ChatEvent.UsageReported(Usage.of(1, 2)));
		JsonNode response = events.get(events.size() - 1).path("response");
		List<JsonNode> done = events.stream()
			.filter((event) -> event.path("type").asString("").equals("response.output_item.done"))
			.map((event) -> event.path("item"))
			.toList();
		assertThat(response.path("output")).containsExactlyElementsOf(done).hasSize(2);
		assertThat(response.path("status").asString("")).isEqualTo("completed");
		assertThat(response.path("usage").path("total_tokens").asInt(0)).isEqualTo(3);
		assertThat(events.get(0).path("response").path("status").asString("")).isEqualTo("in_progress");
		assertThat(events.get(0).path("response").path("usage").isNull()).isTrue();
	}

	@Test
	void whatWasAskedIsEchoed() {
		ChatRequest request = Samples.request()
			.maxTokens(7)
			.tool(new Tool.Function("f", null, Map.of("type", "object"), true, null))
			.build();
		JsonNode created = events(Transcripts.encode(Samples.CODEC.streamEncoder(request), List.of(STARTED, STOP)))
			.get(0)
			.path("response");
		assertThat(created.path("max_output_tokens").asInt(0)).isEqualTo(7);
		assertThat(created.path("tools").path(0).path("name").asString("")).isEqualTo("f");
	}

	@Test
	void callsSideBySideComeOneAfterTheOther() {
		List<JsonNode> events = encode(STARTED, new ChatEvent.ToolCallStarted(0, 0, "a", "f", null),
				new ChatEvent.ToolCallDelta(0, 0, "{\"x\":"),
				new ChatEvent.ToolCallStarted(0, 1, "b", "g", new Signature("gemini", "p")),
				new ChatEvent.ToolCallDelta(0, 1, "{"), new ChatEvent.ToolCallStarted(0, 2, "c", "h", null),
				new ChatEvent.ToolCallDelta(0, 0, "\"}\"}"), new ChatEvent.ToolCallDelta(0, 1, "}"),
				new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null));
		assertThat(events.subList(2, events.size() - 1))
			.map((event) -> event.path("type").asString("").substring("response.".length()) + " "
					+ event.path("output_index").asInt(-1) + " " + event.path("delta").asString(""))
			.containsExactly("output_item.added 0 ", "function_call_arguments.delta 0 {\"x\":",
					"function_call_arguments.delta 0 \"}\"}", "function_call_arguments.done 0 ", "output_item.done 0 ",
					"output_item.added 1 ", "output_item.done 1 ", "output_item.added 2 ",
					"function_call_arguments.delta 2 {", "function_call_arguments.delta 2 }",
					"function_call_arguments.done 2 ", "output_item.done 2 ", "output_item.added 3 ",
					"function_call_arguments.done 3 ", "output_item.done 3 ");
		assertThat(events.get(events.size() - 1).path("response").path("output"))
			.map((item) -> item.path("call_id").asString("-") + " " + item.path("arguments").asString("-"))
			.containsExactly("a {\"x\":\"}\"}", "- -", "b {}", "c {}");
	}

	@Test
	void theFirstOfManyChoicesIsTold() {
		assertThat(encode(STARTED, new ChatEvent.TextDelta(1, "no"), new ChatEvent.TextDelta(0, "yes"),
				new ChatEvent.Finished(1, FinishReason.LENGTH, null), new ChatEvent.TextDelta(0, "!"), STOP,
				new ChatEvent.TextDelta(0, "late")))
			.filteredOn((event) -> event.has("delta"))
			.map((event) -> event.path("delta").asString(""))
			.containsExactly("yes", "!");
	}

	@Test
	void anIncompleteAnswerEndsSo() {
		List<JsonNode> events = encode(STARTED, new ChatEvent.TextDelta(0, "Hal"),
				new ChatEvent.Finished(0, FinishReason.LENGTH, null));
		JsonNode last = events.get(events.size() - 1);
		assertThat(last.path("type").asString("")).isEqualTo("response.incomplete");
		assertThat(last.path("response").path("incomplete_details")).hasToString("{\"reason\":\"max_output_tokens\"}");
		assertThat(last.path("response").path("output").path(0).path("status").asString("")).isEqualTo("incomplete");
	}

	@Test
	void aFailureIsToldInBothWaysAndEndsEverything() {
		StreamEncoder encoder = Samples.CODEC.streamEncoder(Samples.request().build());
		encoder.encode(STARTED);
		encoder.encode(new ChatEvent.TextDelta(0, "Hal"));
		LlmError error = new LlmError(ErrorKind.OVERLOADED, "Too much.", null, null);
		List<JsonNode> events = events(encoder.encode(new ChatEvent.Failed(error)));
		assertThat(events).hasSize(2);
		assertThat(events.get(0)).hasToString("{\"type\":\"error\",\"sequence_number\":5,"
				+ "\"code\":\"server_is_overloaded\",\"message\":\"Too much.\",\"param\":null,"
				+ "\"error\":{\"message\":\"Too much.\",\"type\":\"service_unavailable_error\",\"param\":null,\"code\":null}}");
		assertThat(events.get(1).path("type").asString("")).isEqualTo("response.failed");
		assertThat(events.get(1).path("sequence_number").asInt(-1)).isEqualTo(6);
		assertThat(events.get(1).path("response").path("status").asString("")).isEqualTo("failed");
		assertThat(events.get(1).path("response").path("error"))
			.hasToString("{\"code\":\"server_is_overloaded\",\"message\":\"Too much.\"}");
		assertThat(encoder.encode(STOP)).isEmpty();
		assertThat(encoder.end()).isEmpty();
	}

	@Test
	void anAnswerThatNeverStartedIsStillWellFormed() {
		assertThat(encode(STOP)).map((event) -> event.path("type").asString(""))
			.containsExactly("response.created", "response.in_progress", "response.completed");
	}

	@Test
	void everyEventIsFramedUnderItsType() {
		String frames = Samples
			.text(Transcripts.encode(Samples.CODEC.streamEncoder(Samples.request().build()), List.of(STARTED, STOP)));
		assertThat(frames).startsWith("event: response.created\ndata: {\"type\":\"response.created\",")
			.contains("\n\nevent: response.completed\ndata: {\"type\":\"response.completed\",")
			.endsWith("}\n\n");
	}

	private static List<JsonNode> encode(ChatEvent... events) {
		return events(Transcripts.encode(Samples.CODEC.streamEncoder(Samples.request().build()), List.of(events)));
	}

	private static List<JsonNode> events(byte[] stream) {
		List<JsonNode> events = new ArrayList<>();
		for (String line : Samples.text(stream).split("\n")) {
			if (line.startsWith("data: ")) {
				events.add(ResponsesJson.parse(line.substring(6).getBytes(StandardCharsets.UTF_8)));
			}
		}
		return events;
	}

}
