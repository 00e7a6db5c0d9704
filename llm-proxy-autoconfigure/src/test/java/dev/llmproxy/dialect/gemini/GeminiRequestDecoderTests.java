package dev.llmproxy.dialect.gemini;

import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GeminiRequestDecoderTests {

	@Test
	void readsAConversationWithTools() {
		ChatRequest request = Json.request(Json.resource("request-tools.json"));
		assertThat(request.messages()).extracting(Message::role)
			.containsExactly(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT, Role.USER);
		assertThat(request.messages().get(0).text()).isEqualTo("Answer briefly.In English.");
		assertThat(request.messages().get(2).parts()).containsExactly(new Part.Reasoning("Two cities.", null),
				new Part.ToolCall("fc-1", "get_weather", "{\"city\":\"Paris\",\"days\":1.50}",
						new Signature("gemini", "c2lnLWE="), null),
				new Part.ToolCall("fc-2", "get_weather", "{\"city\":\"Rome\"}"));
		assertThat(request.messages().get(3).parts()).containsExactly(
				new Part.ToolResult("fc-1", "get_weather", List.of(Part.text("{\"temperature\":15.0,\"unit\":\"C\"}")),
						false, null),
				new Part.ToolResult("fc-2", "get_weather", List.of(Part.text("no such station")), true, null));
		assertThat(request.messages().get(4).parts()).containsExactly(Part.text("Paris has 15 degrees."),
				new Part.Reasoning("", new Signature("gemini", "c2lnLWI=")));
		assertThat(request.tools()).extracting(Tool::name).containsExactly("get_weather", "get_map", "googleSearch");
		assertThat(request.tools().get(2))
			.isEqualTo(new Tool.Hosted("gemini", "googleSearch", Map.of("googleSearch", Map.of())));
		assertThat(request.toolChoice()).isEqualTo(ToolChoice.named("get_map"));
	}

	@Test
	void readsTheGenerationConfig() {
		ChatRequest request = Json.request(Json.resource("request-tools.json"));
		assertThat(request.temperature()).isEqualTo(0.5);
		assertThat(request.topP()).isEqualTo(0.9);
		assertThat(request.topK()).isEqualTo(40);
		assertThat(request.maxTokens()).isEqualTo(2048);
		assertThat(request.n()).isEqualTo(2);
		assertThat(request.stop()).containsExactly("END");
		assertThat(request.seed()).isEqualTo(7);
		assertThat(request.presencePenalty()).isEqualTo(0.25);
		assertThat(request.frequencyPenalty()).isEqualTo(-0.25);
		assertThat(request.reasoning()).isEqualTo(new ReasoningConfig(null, "low", null, "auto"));
		assertThat(request.serviceTier()).isEqualTo("flex");
		assertThat(request.includeUsage()).isTrue();
	}

	@Test
	void keepsWhatHasNoCanonicalPlaceByPath() {
		ChatRequest request = Json.request(Json.resource("request-tools.json"));
		assertThat(request.rest().keySet()).containsExactly("$dialect", "toolConfig.retrievalConfig", "safetySettings",
				"generationConfig.responseModalities", "generationConfig.speechConfig", "cachedContent");
		assertThat(request.rest()).containsEntry("$dialect", "gemini")
			.containsEntry("cachedContent", "cachedContents/abc");
	}

	@Test
	void readsSnakeCaseAndLoneElements() {
		ChatRequest request = Json.request(Json.resource("request-snake.json"));
		assertThat(request.messages().get(0)).isEqualTo(Message.text(Role.SYSTEM, "Answer briefly."));
		assertThat(request.messages().get(1).parts()).containsExactly(Part.text("What is on it?"),
				new Part.Image(new MediaSource.Inline("image/png", "aW1n"), null, null),
				new Part.Audio(new MediaSource.Inline("audio/wav", "d2F2")),
				new Part.Document(new MediaSource.Url("gs://bucket/report.pdf", "application/pdf"), null, null),
				new Part.Image(new MediaSource.Url("https://example.org/photo.jpg?size=2", "image/jpeg"), null, null),
				new Part.Document(new MediaSource.Inline("video/mp4", "bXA0"), null, null));
		assertThat(request.maxTokens()).isEqualTo(100);
		assertThat(request.reasoning()).isEqualTo(new ReasoningConfig(null, null, 2048, null));
		assertThat(request.responseFormat())
			.isEqualTo(new ResponseFormat.JsonSchema("response", null, Map.of("type", "object", "properties",
					Map.of("answer", Map.of("type", "string")), "required", List.of("answer")), null));
		assertThat(request.toolChoice()).isEqualTo(ToolChoice.REQUIRED);
		assertThat(request.rest()).containsEntry("toolConfig.functionCallingConfig.allowedFunctionNames",
				List.of("find", "seek"));
		assertThat(request.rest()).containsKey("contents[0].parts[5].videoMetadata");
	}

	@Test
	void readsOpenApiSchemasAsJsonSchemas() {
		ChatRequest request = Json.request(Json.resource("request-snake.json"));
		Tool.Function function = (Tool.Function) request.tools().get(0);
		assertThat(GeminiJson.tree(function.parameters())).isEqualTo(Json.tree("""
				{'type': ['object', 'null'], 'propertyOrdering': ['a', 'b'], 'properties': {
				  'a': {'type': ['string', 'null'], 'enum': ['X', 'Y']},
				  'b': {'type': 'array', 'minItems': 1, 'items': {'anyOf': [{'type': 'integer'}, {'type': 'null'}]}},
				  'type': {'type': 'string', 'description': 'named like a keyword'}}}"""));
	}

	@Test
	void pairsResultsWithCallsByNameAndOrderWhereIdentifiersAreMissing() {
		ChatRequest request = Json.request(Json.resource("request-unnamed-calls.json"));
		assertThat(request.messages()).extracting(Message::role)
			.containsExactly(Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER);
		assertThat(request.messages().get(1).parts()).containsExactly(
				new Part.ToolCall("call_toss_coin_0", "toss.coin", "{}"),
				new Part.ToolCall("call_roll_1", "roll", "{\"sides\":6}"),
				new Part.ToolCall("call_toss_coin_2", "toss.coin", "{}"));
		assertThat(request.messages().get(2).parts()).extracting((part) -> ((Part.ToolResult) part).toolCallId())
			.containsExactly("call_roll_1", "call_toss_coin_0", "call_toss_coin_2");
		assertThat(request.messages().get(3).text()).isEqualTo("That is all.");
	}

	@Test
	void joinsThoughtsThatAStreamHadCut() {
		ChatRequest request = Json.request("""
				{'contents': [{'role': 'model', 'parts': [
				  {'text': 'Think', 'thought': true}, {'text': 'ing.', 'thought': true},
				  {'text': '', 'thought': true, 'thoughtSignature': 'c2ln'},
				  {'text': 'More.', 'thought': true}, {'text': 'Done.'}]}]}""");
		assertThat(request.messages().get(0).parts()).containsExactly(
				new Part.Reasoning("Thinking.", new Signature("gemini", "c2ln")), new Part.Reasoning("More.", null),
				Part.text("Done."));
	}

	@Test
	void recognisesSignaturesAndEncryptedThoughtsOfOthers() {
		String signature = new Signature("anthropic", "sig").in("gemini");
		String redacted = new Signature("anthropic", "redacted:data").in("gemini");
		ChatRequest request = Json.request("{'contents': [{'role': 'model', 'parts': ["
				+ "{'text': 'Hm.', 'thought': true}, {'text': '', 'thought': true, 'thoughtSignature': '" + redacted
				+ "'}, {'text': 'So.', 'thought': true, 'thoughtSignature': '" + signature + "'}]}]}");
		assertThat(request.messages().get(0).parts()).containsExactly(new Part.Reasoning("Hm.", null),
				new Part.Reasoning("", null, new Signature("anthropic", "data")),
				new Part.Reasoning("So.", new Signature("anthropic", "sig")));
	}

	@Test
	void readsMediaInFunctionResponses() {
		ChatRequest request = Json.request("""
				{'contents': [{'parts': [{'functionResponse': {'name': 'shoot', 'response': {},
				  'parts': [{'inlineData': {'mimeType': 'image/png', 'data': 'aW1nLQ'}}]}}]}]}""");
		assertThat(request.messages().get(0).parts()).containsExactly(new Part.ToolResult("call_shoot_0", "shoot",
				List.of(new Part.Image(new MediaSource.Inline("image/png", "aW1nLQ=="), null, null)), false, null));
	}

	@Test
	void normalisesBase64() {
		ChatRequest request = Json.request("""
				{'contents': [{'parts': [{'inlineData': {'mimeType': 'image/png', 'data': '-_8'}}]}]}""");
		assertThat(request.messages().get(0).parts())
			.containsExactly(new Part.Image(new MediaSource.Inline("image/png", "+/8="), null, null));
	}

	@Test
	void keepsValidatedModeForItsOwnDialect() {
		ChatRequest request = Json.request("""
				{'contents': [{'parts': [{'text': 'Hi'}]}], 'tools': [{'functionDeclarations': [{'name': 'f'}]}],
				 'toolConfig': {'functionCallingConfig': {'mode': 'VALIDATED'}}}""");
		assertThat(request.toolChoice()).isEqualTo(ToolChoice.AUTO);
		assertThat(Json.tree(GeminiCodecTests.CODEC.encodeRequest(request).body()).path("toolConfig"))
			.isEqualTo(Json.tree("{'functionCallingConfig': {'mode': 'VALIDATED'}}"));
	}

	@Test
	void readsTheWholeRequestOfATokenCount() {
		ChatRequest request = Json.request("""
				{'generateContentRequest': {'model': 'models/m', 'contents': [{'parts': [{'text': 'Hi'}]}],
				 'systemInstruction': {'parts': [{'text': 'Be brief.'}]}}}""");
		assertThat(request.messages()).containsExactly(Message.text(Role.SYSTEM, "Be brief."),
				Message.text(Role.USER, "Hi"));
	}

	@Test
	void keepsOtherFormatsThanJsonForItsOwnDialect() {
		ChatRequest request = Json.request("""
				{'contents': [{'parts': [{'text': 'Hi'}]}], 'generationConfig': {'responseMimeType': 'text/x.enum',
				 'responseSchema': {'type': 'STRING', 'enum': ['A']}}}""");
		assertThat(request.responseFormat()).isNull();
		assertThat(Json.tree(GeminiCodecTests.CODEC.encodeRequest(request).body()).path("generationConfig")).isEqualTo(
				Json.tree("{'responseMimeType': 'text/x.enum', 'responseSchema': {'type': 'STRING', 'enum': ['A']}}"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "{} | contents", "{'contents': []} | contents",
			"{'contents': 'Hi'} | contents", "{'contents': [{'role': 'model'}]} | contents[0].parts",
			"{'contents': [{'role': 'robot', 'parts': [{'text': ''}]}]} | contents[0].role",
			"{'contents': [{'parts': [{'text': 7}]}]} | contents[0].parts[0].text",
			"{'contents': [{'parts': [{'text': ''}, {'inlineData': {'data': 'aa'}}]}]} | contents[0].parts[1].inlineData",
			"{'contents': [{'parts': [{'fileData': {'mimeType': 'a/b'}}]}]} | contents[0].parts[0].fileData.fileUri",
			"{'contents': [{'parts': [{'functionCall': {'args': {}}}]}]} | contents[0].parts[0].functionCall.name",
			"{'contents': [{'parts': [{'functionCall': {'name': 'f', 'args': []}}]}]} | contents[0].parts[0].functionCall.args",
			"{'contents': [{'parts': [{'functionResponse': {}}]}]} | contents[0].parts[0].functionResponse.name",
			"{'contents': [{'parts': [{'functionResponse': {'name': 'f', 'response': 1}}]}]} | contents[0].parts[0].functionResponse.response",
			"{'contents': [{'parts': [{'text': 'x'}]}], 'generationConfig': {'candidateCount': 0}} | generationConfig.candidateCount",
			"{'contents': [{'parts': [{'text': 'x'}]}], 'generationConfig': {'maxOutputTokens': 1.5}} | generationConfig.maxOutputTokens",
			"{'contents': [{'parts': [{'text': 'x'}]}], 'generationConfig': {'temperature': 'hot'}} | generationConfig.temperature",
			"{'contents': [{'parts': [{'text': 'x'}]}], 'generationConfig': {'stopSequences': [1]}} | generationConfig.stopSequences[0]",
			"{'contents': [{'parts': [{'text': 'x'}]}], 'tools': [{'functionDeclarations': [{}]}]} | tools[0].functionDeclarations[0].name",
			"{'contents': [{'parts': [{'text': 'x'}]}], 'toolConfig': {'functionCallingConfig': {'mode': 'MAYBE'}}} | toolConfig.functionCallingConfig.mode" })
	void namesTheOffendingField(String body, String param) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> Json.request(body))
			.satisfies((ex) -> assertThat(ex.error().param()).isEqualTo(param));
	}

	@Test
	void refusesAFieldInBothSpellings() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> Json.request("""
				{'contents': [{'parts': [{'text': 'x'}]}], 'systemInstruction': {'parts': [{'text': 'a'}]},
				 'system_instruction': {'parts': [{'text': 'b'}]}}"""))
			.satisfies((ex) -> assertThat(ex.error().param()).isEqualTo("system_instruction"));
	}

}
