package dev.llmproxy.dialect.responses;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.llmproxy.chat.ChatEvents;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.Transcripts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Proofs of other dialects go out in an answer and must come back in the next request.
 */
class SealTests {

	private static final Signature SIGNATURE = new Signature("anthropic", "EqoB+/==");

	private static final Signature DATA = new Signature("anthropic", "redacted data");

	private static final Signature CALL = new Signature("gemini", "thought signature");

	private static final Part TOOL_CALL = new Part.ToolCall("call_1", "f", "{}");

	static Stream<List<Part>> turns() {
		Part signedCall = new Part.ToolCall("call_2", "f", "{}", CALL, null);
		return Stream.of(List.of(new Part.Reasoning("Hm.", SIGNATURE), Part.text("Hi")),
				List.of(new Part.Reasoning("", SIGNATURE), TOOL_CALL),
				List.of(new Part.Reasoning("", null, DATA), TOOL_CALL),
				List.of(new Part.Reasoning("Hm.", SIGNATURE), new Part.Reasoning("", null, DATA), Part.text("Hi"),
						TOOL_CALL),
				List.of(signedCall), List.of(new Part.Reasoning("Hm.", null), signedCall, TOOL_CALL),
				List.of(TOOL_CALL, signedCall), List.of(new Part.Reasoning("Hm.", SIGNATURE), signedCall),
				List.of(new Part.Reasoning("", null, DATA), signedCall));
	}

	@ParameterizedTest
	@MethodSource("turns")
	void everyProofComesBackWithTheNextRequest(List<Part> parts) {
		byte[] answer = Samples.CODEC.encodeResponse(Samples.answer(FinishReason.STOP, parts.toArray(Part[]::new)));
		assertThat(nextRequest(ResponsesJson.parse(answer).path("output"))).containsExactlyElementsOf(parts);
	}

	@ParameterizedTest
	@MethodSource("turns")
	void everyProofComesBackFromAStream(List<Part> parts) {
		ChatResponse answer = Samples.answer(FinishReason.STOP, parts.toArray(Part[]::new));
		byte[] stream = Transcripts.encode(Samples.CODEC.streamEncoder(Samples.request().build()),
				ChatEvents.of(answer));
		assertThat(Transcripts.assemble(Transcripts.decode(Samples.CODEC.streamDecoder(), stream)).choices().get(0))
			.satisfies((choice) -> assertThat(choice.parts()).containsExactlyElementsOf(parts));
		// What clients send back is gathered from the closing events of the items.
		List<JsonNode> items = new ArrayList<>();
		for (String line : Samples.text(stream).split("\n")) {
			if (line.startsWith("data: {\"type\":\"response.output_item.done\"")) {
				items.add(ResponsesJson.parse(line.substring(6).getBytes(StandardCharsets.UTF_8)).path("item"));
			}
		}
		assertThat(nextRequest(ResponsesJson.array().addAll(items))).containsExactlyElementsOf(parts);
	}

	private static List<Part> nextRequest(JsonNode items) {
		ObjectNode request = ResponsesJson.object().put("model", "m");
		request.set("input", items);
		List<Message> messages = Samples.decode(ResponsesJson.write(request)).messages();
		assertThat(messages).hasSize(1);
		return messages.get(0).parts();
	}

	@Test
	void thoughtsWithTextAndCallsAreWrittenWithoutAMark() {
		assertThat(Seal.ofThought(SIGNATURE, true)).isEqualTo(SIGNATURE.in("responses"));
		assertThat(Seal.ofCall(CALL)).isEqualTo(CALL.in("responses"));
	}

	@Test
	void openAisOwnBytesStayTheSame() {
		Signature home = new Signature("responses", "gAAAAABo+/==");
		assertThat(List.of(Seal.ofThought(home, true), Seal.ofThought(home, false), Seal.ofRedacted(home),
				Seal.ofCall(home)))
			.containsOnly("gAAAAABo+/==");
		assertThat(Seal.read("gAAAAABo+/==", false)).isEqualTo(new Seal(Seal.Kind.THOUGHT, home));
	}

	@Test
	void aProofWithoutTextIsTheCallsOnlyIfThatFollowsAtOnce() {
		String sealed = "{'type':'reasoning','summary':[],'encrypted_content':'" + CALL.in("responses") + "'}";
		String call = "{'type':'function_call','call_id':'c','name':'f','arguments':'{}'}";
		assertThat(parts(sealed + "," + call)).containsExactly(new Part.ToolCall("c", "f", "{}", CALL, null));
		assertThat(parts(sealed + ",{'role':'assistant','content':'a'}," + call))
			.containsExactly(new Part.Reasoning("", CALL), Part.text("a"), new Part.ToolCall("c", "f", "{}"));
		assertThat(parts(sealed + ",{'type':'web_search_call','id':'w'}," + call))
			.containsExactly(new Part.Reasoning("", CALL), new Part.ToolCall("c", "f", "{}"));
		assertThat(parts(call + "," + sealed)).containsExactly(new Part.ToolCall("c", "f", "{}"),
				new Part.Reasoning("", CALL));
		assertThat(parts(sealed.replace("[]", "[{'type':'summary_text','text':'Hm.'}]") + "," + call))
			.containsExactly(new Part.Reasoning("Hm.", CALL), new Part.ToolCall("c", "f", "{}"));
	}

	private static List<Part> parts(String items) {
		return Samples.items(items).get(0).parts();
	}

}
