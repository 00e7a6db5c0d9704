package dev.llmproxy.dialect.gemini;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.CacheControl;
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
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.InvalidRequestException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GeminiRequestEncoderTests {

	private static final Signature OWN = new Signature("gemini", "c2ln");

	private static final Signature FOREIGN = new Signature("anthropic", "c2ln");

	private static final Part.Image PICTURE = new Part.Image(new MediaSource.Inline("image/png", "aW1n"), null, null);

	@Test
	void writesEverythingThatHasAPlace() {
		ChatRequest request = ChatRequest.builder("gemini-2.5-flash")
			.message(Message.text(Role.SYSTEM, "Be brief."))
			.message(Message.text(Role.DEVELOPER, "Be kind."))
			.message(new Message(Role.USER,
					List.of(new Part.Text("Hi", CacheControl.EPHEMERAL), PICTURE,
							new Part.Image(new MediaSource.Url("https://example.org/a.webp"), null, null))))
			.tool(new Tool.Function("find", "Finds.",
					Map.of("type", "object", "properties", Map.of("q", Map.of("type", "string"))), null, null))
			.tool(new Tool.Hosted("gemini", "codeExecution", Map.of("codeExecution", Map.of())))
			.toolChoice(ToolChoice.named("find"))
			.maxTokens(10)
			.temperature(0.5)
			.topP(0.25)
			.topK(4)
			.n(2)
			.stop(List.of("END"))
			.seed(42L)
			.presencePenalty(0.5)
			.frequencyPenalty(-0.5)
			.responseFormat(new ResponseFormat.JsonSchema("answer", null, Map.of("type", "object"), true))
			.reasoning(new ReasoningConfig(null, "medium", null, "auto"))
			.serviceTier("default")
			.build();
		EncodedRequest encoded = encode(request);
		assertThat(encoded.dropped()).isEmpty();
		assertThat(new String(encoded.body(), StandardCharsets.UTF_8)).isEqualTo("""
				{"systemInstruction":{"parts":[{"text":"Be brief."},{"text":"Be kind."}]},\
				"contents":[{"role":"user","parts":[{"text":"Hi"},\
				{"inlineData":{"mimeType":"image/png","data":"aW1n"}},\
				{"fileData":{"fileUri":"https://example.org/a.webp","mimeType":"image/webp"}}]}],\
				"tools":[{"functionDeclarations":[{"name":"find","description":"Finds.",\
				"parametersJsonSchema":%s}]},{"codeExecution":{}}],\
				"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["find"]}},\
				"generationConfig":{"temperature":0.5,"topP":0.25,"topK":4,"maxOutputTokens":10,"candidateCount":2,\
				"stopSequences":["END"],"seed":42,"presencePenalty":0.5,"frequencyPenalty":-0.5,\
				"responseMimeType":"application/json","responseJsonSchema":{"type":"object"},\
				"thinkingConfig":{"thinkingBudget":8192,"includeThoughts":true}},"serviceTier":"standard"}"""
			.formatted(GeminiJson.MAPPER.writeValueAsString(((Tool.Function) request.tools().get(0)).parameters())));
	}

	@Test
	void namesWhatItDrops() {
		EncodedRequest encoded = encode(ChatRequest.builder("gemini-2.0-flash")
			.message(new Message(Role.USER,
					List.of(Part.text("Hi"), new Part.Image(new MediaSource.FileId("file-1"), null, null),
							new Part.Image(new MediaSource.Inline("image/png", "aW1n"), "low", null),
							new Part.Document(new MediaSource.Inline("application/pdf", "cGRm"), "a.pdf", null)),
					"alice"))
			.message(new Message(Role.ASSISTANT,
					List.of(new Part.Reasoning("Hm.", FOREIGN), new Part.Reasoning("", null, FOREIGN),
							new Part.Reasoning("Hm.", null), Part.text("Hello"))))
			.message(Message.text(Role.USER, "And?"))
			.tool(new Tool.Hosted("openai", "web_search", Map.of("type", "web_search")))
			.tool(new Tool.Function("f", null, null, true, null))
			.parallelToolCalls(false)
			.seed(1L << 40)
			.stop(List.of("1", "2", "3", "4", "5", "6"))
			.responseFormat(new ResponseFormat.JsonSchema("answer", "An answer.", Map.of(), null))
			.reasoning(ReasoningConfig.effort("high"))
			.serviceTier("scale")
			.user("u")
			.metadata(Map.of("k", "v"))
			.rest("$dialect", "openai")
			.rest("logit_bias", Map.of())
			.build());
		assertThat(encoded.dropped()).containsExactly("messages[0].name", "messages[0].parts[1] (file)",
				"messages[0].parts[2].detail", "messages[0].parts[3].filename", "messages[1].parts[0] (reasoning)",
				"messages[1].parts[1] (reasoning)", "messages[1].parts[2] (reasoning)", "tools[0] (web_search)",
				"tools[1].strict", "parallel_tool_calls", "stop[5]", "seed", "response_format.description", "reasoning",
				"service_tier", "user", "metadata", "logit_bias");
		assertThat(Json.tree(encoded.body()).path("contents").path(1).path("parts"))
			.isEqualTo(Json.tree("[{'text': 'Hello'}]"));
	}

	@Test
	void putsResultsOfParallelCallsIntoOneTurnRightBehindTheCalls() {
		JsonNode contents = contents("gemini-2.5-pro", Message.text(Role.USER, "Go."),
				new Message(Role.ASSISTANT, List.of(new Part.ToolCall("a", "f", "{\"x\":1}"))),
				new Message(Role.ASSISTANT, List.of(new Part.ToolCall("b", "g", ""))),
				new Message(Role.USER, List.of(Part.text("Meanwhile."))), result("b", Part.text("{\"y\":2}")),
				result("a", Part.text("done")));
		assertThat(contents).isEqualTo(Json.tree("""
				[{'role': 'user', 'parts': [{'text': 'Go.'}]},
				{'role': 'model', 'parts': [{'functionCall': {'name': 'f', 'args': {'x': 1}}},
				                            {'functionCall': {'name': 'g', 'args': {}}}]},
				{'role': 'user', 'parts': [
				  {'functionResponse': {'name': 'f', 'response': {'output': 'done'}}},
				  {'functionResponse': {'name': 'g', 'response': {'y': 2}}}]},
				{'role': 'user', 'parts': [{'text': 'Meanwhile.'}]}]"""));
	}

	@Test
	void putsPicturesOfResultsInsideForGemini3AndBehindForOthers() {
		Message[] messages = { new Message(Role.ASSISTANT, List.of(new Part.ToolCall("a", "f", "{}", OWN, null))),
				result("a", Part.text("Look."), PICTURE) };
		assertThat(contents("gemini-3-flash-preview", messages).path(1).path("parts")).isEqualTo(Json.tree("""
				[{'functionResponse': {'id': 'a', 'name': 'f', 'response': {'output': 'Look.'},
				  'parts': [{'inlineData': {'mimeType': 'image/png', 'data': 'aW1n'}}]}}]"""));
		JsonNode older = contents("gemini-2.5-flash", messages);
		assertThat(older.path(1).path("parts"))
			.isEqualTo(Json.tree("[{'functionResponse': {'name': 'f', 'response': {'output': 'Look.'}}}]"));
		assertThat(older.path(2)).isEqualTo(
				Json.tree("{'role': 'user', 'parts': [{'inlineData': {'mimeType': 'image/png', 'data': 'aW1n'}}]}"));
	}

	@Test
	void namesCallsByTheirIdentifiersForGemini3Only() {
		Message[] messages = { new Message(Role.ASSISTANT, List.of(new Part.ToolCall("a", "f", "{}", OWN, null))),
				result("a", Part.text("Done.")) };
		assertThat(contents("gemini-3-pro-preview", messages)).isEqualTo(Json
			.tree("""
					[{'role': 'model', 'parts': [{'functionCall': {'id': 'a', 'name': 'f', 'args': {}}, 'thoughtSignature': 'c2ln'}]},
					 {'role': 'user', 'parts': [{'functionResponse': {'id': 'a', 'name': 'f', 'response': {'output': 'Done.'}}}]}]"""));
		assertThat(contents("gemini-2.5-pro", messages).toString()).doesNotContain("\"id\"");
	}

	@Test
	void tellsFailedToolsApart() {
		assertThat(response(false, "{\"error\":\"x\"}")).isEqualTo(Json.tree("{'output': {'error': 'x'}}"));
		assertThat(response(true, "{\"error\":\"x\"}")).isEqualTo(Json.tree("{'error': 'x'}"));
		assertThat(response(true, "{\"a\":1}")).isEqualTo(Json.tree("{'error': {'a': 1}}"));
		assertThat(response(true, "boom")).isEqualTo(Json.tree("{'error': 'boom'}"));
		assertThat(response(false, "[1]")).isEqualTo(Json.tree("{'output': '[1]'}"));
		assertThat(response(false, "{broken")).isEqualTo(Json.tree("{'output': '{broken'}"));
	}

	private static JsonNode response(boolean error, String text) {
		Part.ToolResult result = new Part.ToolResult("a", "f", List.of(Part.text(text)), error, null);
		JsonNode part = contents("m", new Message(Role.TOOL, List.of(result))).path(0).path("parts").path(0);
		ChatRequest again = Json.request("{'contents': {'parts': " + part + "}}");
		Part.ToolResult read = (Part.ToolResult) again.messages().get(0).parts().get(0);
		assertThat(read.error()).isEqualTo(error);
		assertThat(text).contains(((Part.Text) read.content().get(0)).text());
		return part.path("functionResponse").path("response");
	}

	@Test
	void signsTheFirstOfParallelCallsThatGeminiDidNotMake() {
		Message calls = new Message(Role.ASSISTANT, List.of(Part.text("Looking."),
				new Part.ToolCall("a", "f", "{}", FOREIGN, null), new Part.ToolCall("b", "g", "{}")));
		assertThat(contents("gemini-3-pro-preview", calls).path(0).path("parts")).isEqualTo(Json
			.tree("""
					[{'text': 'Looking.'},
					 {'functionCall': {'id': 'a', 'name': 'f', 'args': {}}, 'thoughtSignature': 'skip_thought_signature_validator'},
					 {'functionCall': {'id': 'b', 'name': 'g', 'args': {}}}]"""));
		assertThat(contents("gemini-flash-latest", calls).path(0).path("parts").path(1).has("thoughtSignature"))
			.isTrue();
		assertThat(contents("gemini-2.5-flash", calls).toString()).doesNotContain("thoughtSignature");
		assertThat(contents("gemma-3-27b-it", calls).toString()).doesNotContain("thoughtSignature");
	}

	@Test
	void givesSignaturesBackToTheKindOfPartTheyCameOn() {
		JsonNode contents = contents("gemini-3-pro-preview",
				new Message(Role.ASSISTANT,
						List.of(new Part.Reasoning("Hm.", OWN), Part.text("Hello"), new Part.Reasoning("", OWN))),
				new Message(Role.USER, List.of(Part.text("Draw."))),
				new Message(Role.ASSISTANT, List.of(PICTURE, new Part.Reasoning("", OWN))),
				new Message(Role.USER, List.of(Part.text("Call."))),
				new Message(Role.ASSISTANT, List.of(new Part.ToolCall("a", "f", "{}", OWN, null))));
		assertThat(contents.path(0).path("parts")).isEqualTo(Json.tree("""
				[{'text': 'Hm.', 'thought': true, 'thoughtSignature': 'c2ln'},
				 {'text': 'Hello', 'thoughtSignature': 'c2ln'}]"""));
		assertThat(contents.path(2).path("parts")).isEqualTo(
				Json.tree("[{'inlineData': {'mimeType': 'image/png', 'data': 'aW1n'}, 'thoughtSignature': 'c2ln'}]"));
		assertThat(contents.path(4).path("parts")).isEqualTo(
				Json.tree("[{'functionCall': {'id': 'a', 'name': 'f', 'args': {}}, 'thoughtSignature': 'c2ln'}]"));
	}

	@Test
	void signsTheTextBehindWhereThoughtsWereMovedToTheFront() {
		assertThat(contents("gemini-3-pro-preview",
				new Message(Role.ASSISTANT, List.of(new Part.Reasoning("", OWN), Part.text("Hello"))))
			.path(0)
			.path("parts")).isEqualTo(Json.tree("[{'text': 'Hello', 'thoughtSignature': 'c2ln'}]"));
		assertThat(contents("gemini-3-pro-preview",
				new Message(Role.ASSISTANT,
						List.of(new Part.Reasoning("", OWN), new Part.ToolCall("a", "f", "{}", OWN, null))))
			.path(0)
			.path("parts")
			.path(0)).isEqualTo(Json.tree("{'text': '', 'thoughtSignature': 'c2ln'}"));
	}

	@Test
	void writesBackWhatItsOwnDialectHadNoPlaceFor() {
		ChatRequest request = Json.request(Json.resource("request-tools.json"));
		EncodedRequest encoded = encode(request);
		assertThat(encoded.dropped()).containsExactly("messages[2].parts[0] (reasoning)");
		JsonNode original = Json.tree(Json.resource("request-tools.json"));
		JsonNode written = Json.tree(encoded.body());
		for (String name : List.of("safetySettings", "cachedContent", "toolConfig", "tools", "systemInstruction")) {
			assertThat(written.path(name)).as(name).isEqualTo(original.path(name));
		}
		for (String name : List.of("responseModalities", "speechConfig", "stopSequences", "seed")) {
			assertThat(written.path("generationConfig").path(name)).as(name)
				.isEqualTo(original.path("generationConfig").path(name));
		}
	}

	@Test
	void dropsFieldsOfElementsEvenOfItsOwnDialect() {
		EncodedRequest encoded = encode(Json.request(Json.resource("request-snake.json")));
		assertThat(encoded.dropped()).containsExactly("contents[0].parts[5].videoMetadata");
		assertThat(Json.tree(encoded.body()).path("toolConfig")).isEqualTo(
				Json.tree("{'functionCallingConfig': {'mode': 'ANY', 'allowedFunctionNames': ['find', 'seek']}}"));
	}

	@Test
	void makesATurnOfInstructionsWhereThereIsNone() {
		JsonNode body = Json.tree(encode(
				ChatRequest.builder("gemini-2.5-flash").message(Message.text(Role.SYSTEM, "Tell a joke.")).build())
			.body());
		assertThat(body).isEqualTo(Json.tree("{'contents': [{'role': 'user', 'parts': [{'text': 'Tell a joke.'}]}]}"));
	}

	@Test
	void leavesOutAChoiceAmongNoFunctions() {
		EncodedRequest encoded = encode(ChatRequest.builder("m")
			.message(Message.text(Role.USER, "Hi"))
			.toolChoice(ToolChoice.REQUIRED)
			.build());
		assertThat(Json.tree(encoded.body()).has("toolConfig")).isFalse();
		assertThat(encoded.dropped()).containsExactly("tool_choice");
	}

	@Test
	void readsDataUrlsAndPlainTextDocuments() {
		assertThat(contents("m",
				new Message(Role.USER,
						List.of(new Part.Image(new MediaSource.Url("data:image/gif;base64,R0lG"), null, null),
								new Part.Document(new MediaSource.PlainText("plain"), null, null),
								new Part.Image(new MediaSource.Url("https://example.org/picture"), null, null))))
			.path(0)
			.path("parts")).isEqualTo(Json.tree("""
					[{'inlineData': {'mimeType': 'image/gif', 'data': 'R0lG'}}, {'text': 'plain'},
					 {'fileData': {'fileUri': 'https://example.org/picture', 'mimeType': 'image/jpeg'}}]"""));
	}

	@Test
	void refusesArgumentsThatAreNoObject() {
		for (String arguments : List.of("[1]", "{", "7", "{} {}")) {
			assertThatExceptionOfType(InvalidRequestException.class)
				.isThrownBy(() -> contents("m",
						new Message(Role.ASSISTANT, List.of(Part.text("x"), new Part.ToolCall("a", "f", arguments)))))
				.satisfies((ex) -> assertThat(ex.error().param()).isEqualTo("messages[0].parts[1].arguments"));
		}
	}

	private static JsonNode contents(String model, Message... messages) {
		return Json.tree(encode(ChatRequest.builder(model).messages(List.of(messages)).build()).body())
			.path("contents");
	}

	private static Message result(String id, Part... content) {
		return new Message(Role.TOOL, List.of(new Part.ToolResult(id, null, List.of(content), false, null)));
	}

	private static EncodedRequest encode(ChatRequest request) {
		return GeminiCodecTests.CODEC.encodeRequest(request);
	}

}
