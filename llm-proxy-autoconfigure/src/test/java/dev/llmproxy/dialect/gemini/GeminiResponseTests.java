package dev.llmproxy.dialect.gemini;

import java.util.List;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GeminiResponseTests {

	@Test
	void readsTextThoughtsAndUsage() {
		ChatResponse response = decode(Json.resource("response-text.json"));
		assertThat(response.id()).isEqualTo("mAitaLmkHPPlz7IPvtfUqQ4");
		assertThat(response.model()).isEqualTo("gemini-3-pro-preview");
		assertThat(response.created()).isEqualTo(1_700_000_000);
		assertThat(response.choices()).containsExactly(
				new ChatResponse.Choice(0,
						List.of(new Part.Reasoning("The user greets.", null), Part.text("Hello there."),
								new Part.Reasoning("", new Signature("gemini", "c2lnLXRleHQ="))),
						FinishReason.STOP, null));
		assertThat(response.usage()).isEqualTo(new Usage(110, 50, 64, 0, 30, 25, 0, false));
	}

	@Test
	void readsCallsAndInventsStableIdentifiers() {
		ChatResponse response = decode(Json.resource("response-calls.json"));
		assertThat(response.created()).isEqualTo(1_767_323_045);
		ChatResponse.Choice choice = response.choices().get(0);
		assertThat(choice.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
		Part.ToolCall first = (Part.ToolCall) choice.parts().get(1);
		assertThat(first.id()).matches("call_[0-9a-f]{16}");
		assertThat(first.arguments()).isEqualTo("{\"city\":\"Paris\",\"days\":1.50}");
		assertThat(first.signature()).isEqualTo(new Signature("gemini", "c2lnLWE="));
		assertThat(choice.parts().get(2)).isEqualTo(new Part.ToolCall("own-id", "get_weather", "{}"));
		assertThat(choice.parts()).hasSize(3);
		assertThat(decode(Json.resource("response-calls.json"))).isEqualTo(response);
		String other = new String(Json.resource("response-calls.json")).replace("resp-1", "resp-9");
		assertThat(((Part.ToolCall) decode(Json.bytes(other)).choices().get(0).parts().get(1)).id())
			.isNotEqualTo(first.id());
	}

	@Test
	void readsABlockedPromptAsFilteredContent() {
		ChatResponse response = decode(Json.resource("response-blocked.json"));
		assertThat(response.choices())
			.containsExactly(new ChatResponse.Choice(0, List.of(), FinishReason.CONTENT_FILTER, null));
		assertThat(response.usage()).isEqualTo(Usage.of(12, 0));
	}

	@Test
	void readsPictures() {
		assertThat(decode(Json.resource("response-two.json")).choices().get(1).parts()).containsExactly(
				new Part.Image(new MediaSource.Inline("image/png", "aW1n"), null, null),
				new Part.Reasoning("", new Signature("gemini", "c2lnLWltZw==")));
	}

	@ParameterizedTest
	@CsvSource({ "STOP, STOP", "MAX_TOKENS, LENGTH", "SAFETY, CONTENT_FILTER", "RECITATION, CONTENT_FILTER",
			"PROHIBITED_CONTENT, CONTENT_FILTER", "BLOCKLIST, CONTENT_FILTER", "SPII, CONTENT_FILTER",
			"LANGUAGE, CONTENT_FILTER", "IMAGE_SAFETY, CONTENT_FILTER", "MALFORMED_FUNCTION_CALL, OTHER",
			"UNEXPECTED_TOOL_CALL, OTHER", "OTHER, OTHER", "SOMETHING_NEW, OTHER" })
	void readsReasonsToFinish(String word, FinishReason reason) {
		ChatResponse response = decode(Json
			.bytes("{'candidates': [{'content': {'parts': [{'text': 'x'}]}, " + "'finishReason': '" + word + "'}]}"));
		assertThat(response.choices().get(0).finishReason()).isEqualTo(reason);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "{}", "{'candidates': []}", "{'candidates': [{}", "<html>",
			"{'candidates': [{'content': {'parts': [{'text': 1}]}}]}" })
	void refusesWhatIsNoAnswer(String body) {
		assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> decode(Json.bytes(body)));
	}

	@Test
	void writesAnAnswer() {
		ChatResponse response = new ChatResponse("id-1", "some-model", 1_700_000_000,
				List.of(new ChatResponse.Choice(0,
						List.of(new Part.Reasoning("Hm.", new Signature("anthropic", "sig")), Part.text("Hello"),
								new Part.ToolCall("c1", "f", "{\"x\":1}", new Signature("gemini", "c2ln"), null)),
						FinishReason.TOOL_CALLS, null)),
				new Usage(100, 50, 10, 5, 20, 30, 10, false), null);
		assertThat(Json.tree(GeminiCodecTests.CODEC.encodeResponse(response))).isEqualTo(Json
			.tree("""
					{'candidates': [{'content': {'parts': [
					   {'text': 'Hm.', 'thought': true, 'thoughtSignature': '%s'},
					   {'text': 'Hello'},
					   {'functionCall': {'id': 'c1', 'name': 'f', 'args': {'x': 1}}, 'thoughtSignature': 'c2ln'}],
					  'role': 'model'}, 'finishReason': 'STOP', 'index': 0}],
					 'usageMetadata': {'promptTokenCount': 100, 'candidatesTokenCount': 30, 'totalTokenCount': 150,
					  'cachedContentTokenCount': 10, 'thoughtsTokenCount': 20,
					  'promptTokensDetails': [{'modality': 'TEXT', 'tokenCount': 70}, {'modality': 'AUDIO', 'tokenCount': 30}],
					  'candidatesTokensDetails': [{'modality': 'TEXT', 'tokenCount': 20}, {'modality': 'AUDIO', 'tokenCount': 10}]},
					 'modelVersion': 'some-model', 'createTime': '2023-11-14T22:13:20Z', 'responseId': 'id-1'}"""
				.formatted(new Signature("anthropic", "sig").in("gemini"))));
	}

	@Test
	void leavesOutACallWhoseArgumentsAreCutOff() {
		JsonNode candidate = candidate(FinishReason.TOOL_CALLS);
		assertThat(candidate.path("content").path("parts")).isEmpty();
		assertThat(candidate.path("finishReason").stringValue()).isEqualTo("MALFORMED_FUNCTION_CALL");
		assertThat(candidate(FinishReason.LENGTH).path("finishReason").stringValue()).isEqualTo("MAX_TOKENS");
	}

	private static JsonNode candidate(FinishReason reason) {
		ChatResponse response = new ChatResponse("id-1", "m", 0,
				List.of(new ChatResponse.Choice(0, List.of(new Part.ToolCall("c", "f", "{\"x\":")), reason, null)),
				null, null);
		return Json.tree(GeminiCodecTests.CODEC.encodeResponse(response)).path("candidates").path(0);
	}

	@Test
	void givesAnIdentifierWhereThereIsNone() {
		ChatResponse response = new ChatResponse("", "m", 0, List.of(), null, null);
		assertThat(Json.tree(GeminiCodecTests.CODEC.encodeResponse(response)).path("responseId").stringValue())
			.hasSize(22);
	}

	@Test
	void seesErrorsThatCameWithAGoodStatus() {
		assertThat(GeminiCodecTests.CODEC
			.inspect(Json.bytes("[{'error': {'code': 503, 'message': 'Busy.', 'status': 'UNAVAILABLE'}}]"))
			.error()
			.message()).isEqualTo("Busy.");
		assertThat(GeminiCodecTests.CODEC.inspect(Json.bytes("{'candidates': [{'x': {'error': {}}}]}")).error())
			.isNull();
	}

	private static ChatResponse decode(byte[] body) {
		return GeminiCodecTests.CODEC.decodeResponse(body);
	}

}
