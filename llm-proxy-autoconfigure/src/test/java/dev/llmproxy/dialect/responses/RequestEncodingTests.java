package dev.llmproxy.dialect.responses;

import java.util.LinkedHashMap;
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
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class RequestEncodingTests {

	@Test
	void anEditedRequestKeepsItsWords() {
		EncodedRequest encoded = Samples.CODEC.encodeRequest(Samples.decode(Samples.resource("request.json")));
		assertThat(Samples.text(encoded.body())).isEqualTo(Samples.compact("request-rewritten.json"));
		assertThat(encoded.dropped()).isEmpty();
	}

	@Test
	void aForeignRequestLosesWhatHasNoPlaceAndSaysSo() {
		Signature foreign = new Signature("anthropic", "proof");
		ChatRequest request = ChatRequest.builder("gpt-5.1")
			.message(new Message(Role.SYSTEM,
					List.of(new Part.Text("One.", CacheControl.EPHEMERAL), new Part.Text("Two.", null))))
			.message(new Message(Role.USER,
					List.of(new Part.Text("Look:", CacheControl.EPHEMERAL),
							new Part.Audio(new MediaSource.Inline("audio/wav", "UklG")),
							new Part.Document(new MediaSource.PlainText("a plain document"), "a.txt", null),
							new Part.Document(new MediaSource.Inline("application/pdf", "JVBERi0="), null, null)),
					"alice"))
			.message(new Message(Role.ASSISTANT,
					List.of(new Part.Reasoning("Hm.", foreign), Part.text("Before."), Part.text(""),
							new Part.ToolCall("toolu_1", "weather", "", new Signature("gemini", "p"), null))))
			.message(new Message(Role.USER,
					List.of(new Part.ToolResult("toolu_1", "weather", List.of(Part.text("failed")), true, null),
							Part.text("Go on."))))
			.tool(new Tool.Function("weather", null, null, null, CacheControl.EPHEMERAL))
			.tool(new Tool.Hosted("anthropic", "web_search_20250305", Map.of("type", "web_search_20250305")))
			.toolChoice(ToolChoice.named("web_search"))
			.maxTokens(1)
			.topK(40)
			.frequencyPenalty(0.1)
			.presencePenalty(0.2)
			.seed(7L)
			.stop(List.of("END"))
			.n(2)
			.reasoning(new ReasoningConfig(true, null, 10_000, null))
			.rest("$dialect", "anthropic")
			.rest("container", "c")
			.build();
		EncodedRequest encoded = Samples.CODEC.encodeRequest(request);
		assertThat(Samples.text(encoded.body())).isEqualTo(Samples.compact("request-foreign.json"));
		assertThat(encoded.dropped()).containsExactly("messages[1].name", "messages[1].parts[1] (audio)",
				"messages[1].parts[2].filename", "messages[2].parts[0] (reasoning)", "messages[2].parts[3].signature",
				"messages[3].parts[0].error", "max_tokens (raised to 16)", "top_k", "frequency_penalty",
				"presence_penalty", "seed", "stop", "n", "container", "tools[1] (web_search_20250305)", "tool_choice");
	}

	@Test
	void nothingIsStoredUnlessTheCallerSaysSo() {
		assertThat(Samples.encode(Samples.request().build()).path("store").asBoolean(true)).isFalse();
		assertThat(Samples.encode(Samples.decode("'store':true")).path("store").asBoolean(false)).isTrue();
		ChatRequest foreign = Samples.request().rest("$dialect", "openai").rest("store", true).build();
		assertThat(Samples.encode(foreign).path("store").asBoolean(true)).isFalse();
		assertThat(Samples.dropped(foreign)).containsExactly("store");
	}

	@Test
	void encryptedThoughtsAreAskedForOnlyOfModelsThatThink() {
		assertThat(Samples.encode(Samples.request().build()).has("include")).isFalse();
		assertThat(Samples.encode(Samples.request().reasoning(ReasoningConfig.effort("none")).build()).has("include"))
			.isFalse();
		assertThat(Samples.encode(Samples.request().reasoning(ReasoningConfig.effort("low")).build()).path("include"))
			.hasToString("[\"reasoning.encrypted_content\"]");
		ChatRequest earlier = Samples.request()
			.message(new Message(Role.ASSISTANT, List.of(new Part.Reasoning("", new Signature("responses", "x")))))
			.build();
		assertThat(Samples.encode(earlier).path("include")).hasToString("[\"reasoning.encrypted_content\"]");
	}

	@Test
	void thoughtsGoBackOnlyHome() {
		Signature home = new Signature("responses", "gAAA+/==");
		JsonNode input = Samples.encode(Samples.request()
			.message(new Message(Role.ASSISTANT,
					List.of(new Part.Reasoning("Hm.", home), new Part.Reasoning("", null, home),
							new Part.Reasoning("unsigned", null), new Part.ToolCall("c", "f", "{}", home, null))))
			.build()).path("input");
		String sealed = "{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"gAAA+/==\"}";
		assertThat(input.path(1)).hasToString(
				"{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"Hm.\"}],\"encrypted_content\":\"gAAA+/==\"}");
		assertThat(input.path(2)).hasToString(sealed);
		assertThat(input.path(3)).hasToString(sealed);
		assertThat(input.path(4).path("type").asString("")).isEqualTo("function_call");
		assertThat(input.size()).isEqualTo(5);
	}

	@Test
	void toThinkNotAtAllIsNotSaidToModelsThatMayNotKnowIt() {
		ChatRequest request = Samples.request().reasoning(new ReasoningConfig(false, null, null, "auto")).build();
		assertThat(Samples.encode(request).has("reasoning")).isFalse();
		assertThat(Samples.dropped(request)).containsExactly("reasoning (disabled)");
		ChatRequest none = Samples.request().reasoning(new ReasoningConfig(null, "none", null, "auto")).build();
		assertThat(Samples.encode(none).path("reasoning")).hasToString("{\"effort\":\"none\"}");
		assertThat(Samples.dropped(none)).isEmpty();
	}

	@Test
	void budgetsBecomeEfforts() {
		assertThat(effort(new ReasoningConfig(true, null, 1024, "detailed")))
			.hasToString("{\"effort\":\"low\",\"summary\":\"detailed\"}");
		assertThat(effort(new ReasoningConfig(true, null, 32_000, null))).hasToString("{\"effort\":\"high\"}");
		assertThat(effort(new ReasoningConfig(true, "max", 1024, null))).hasToString("{\"effort\":\"max\"}");
		assertThat(effort(new ReasoningConfig(null, null, -1, null)).isMissingNode()).isTrue();
	}

	private static JsonNode effort(ReasoningConfig reasoning) {
		return Samples.encode(Samples.request().reasoning(reasoning).build()).path("reasoning");
	}

	@Test
	void functionsWithoutAWordOnStrictnessStayAsLaxAsTheyWere() {
		Tool tool = new Tool.Function("f", null, Map.of("type", "object"), null, null);
		assertThat(Samples.encode(Samples.request().tool(tool).build()).path("tools").path(0).path("strict"))
			.hasToString("false");
		ChatRequest own = Samples.decode("'tools':[{'type':'function','name':'f','parameters':{'type':'object'}}]");
		assertThat(Samples.encode(own).path("tools").path(0).has("strict")).isFalse();
		Tool strict = new Tool.Function("f", "Does it.", Map.of("type", "object"), true, null);
		assertThat(Samples.encode(Samples.request().tool(strict).build()).path("tools").path(0)).hasToString(
				"{\"type\":\"function\",\"name\":\"f\",\"description\":\"Does it.\",\"parameters\":{\"type\":\"object\"},\"strict\":true}");
	}

	@Test
	void choicesWithoutToolsAreNotMade() {
		assertThat(Samples.encode(Samples.request().toolChoice(ToolChoice.AUTO).parallelToolCalls(true).build())
			.propertyNames()).doesNotContain("tool_choice", "parallel_tool_calls", "tools");
		ChatRequest required = Samples.request()
			.tool(new Tool.Hosted("gemini", "google_search", Map.of()))
			.toolChoice(ToolChoice.REQUIRED)
			.build();
		assertThat(Samples.encode(required).has("tool_choice")).isFalse();
		assertThat(Samples.dropped(required)).containsExactly("tools[0] (google_search)", "tool_choice");
	}

	@Test
	void theChoiceOfAnOwnHostedToolGoesBack() {
		ChatRequest request = Samples.decode("'tools':[{'type':'web_search'}],'tool_choice':{'type':'web_search'}");
		assertThat(Samples.encode(request).path("tool_choice")).hasToString("{\"type\":\"web_search\"}");
		assertThat(Samples.dropped(request)).isEmpty();
	}

	@Test
	void longIdentifiersOfCallsAreShortenedAlikeForCallAndResult() {
		String id = "call_" + "thought".repeat(20);
		JsonNode input = Samples
			.encode(Samples.request()
				.message(new Message(Role.ASSISTANT, List.of(new Part.ToolCall(id, "f", "{}"))))
				.message(new Message(Role.TOOL, List.of(new Part.ToolResult(id, null, List.of(), false, null))))
				.build())
			.path("input");
		String shortened = input.path(1).path("call_id").asString("");
		assertThat(shortened).startsWith("call_").hasSizeLessThanOrEqualTo(64).isNotEqualTo(id.substring(0, 64));
		assertThat(input.path(2).path("call_id").asString("")).isEqualTo(shortened);
		assertThat(CallIds.fit(id + "x")).isNotEqualTo(shortened);
		assertThat(CallIds.fit("x".repeat(64))).isEqualTo("x".repeat(64));
	}

	@Test
	void oneTextAboveAllIsTheInstructions() {
		JsonNode body = Samples.encode(ChatRequest.builder("m")
			.message(Message.text(Role.SYSTEM, "Be terse."))
			.message(Message.text(Role.USER, "Hi"))
			.message(Message.text(Role.SYSTEM, "Really."))
			.build());
		assertThat(body.path("instructions").asString("")).isEqualTo("Be terse.");
		assertThat(body.path("input")).hasToString(
				"[{\"type\":\"message\",\"role\":\"user\",\"content\":\"Hi\"},{\"type\":\"message\",\"role\":\"system\",\"content\":\"Really.\"}]");
	}

	@Test
	void aSystemMessageAloneIsInput() {
		JsonNode body = Samples.encode(ChatRequest.builder("m").message(Message.text(Role.SYSTEM, "Go.")).build());
		assertThat(body.has("instructions")).isFalse();
		assertThat(body.path("input").path(0).path("role").asString("")).isEqualTo("system");
	}

	@Test
	void resultsStandWhereTheyStood() {
		JsonNode input = Samples
			.encode(ChatRequest.builder("m")
				.message(new Message(Role.USER,
						List.of(Part.text("before"),
								new Part.ToolResult("a", null,
										List.of(Part.text("x"), Part.text("y"),
												new Part.Audio(new MediaSource.Inline("audio/wav", "z"))),
										false, null),
								new Part.ToolResult("b", null, List.of(), false, null), Part.text("after"))))
				.build())
			.path("input");
		assertThat(input).hasToString("[{\"type\":\"message\",\"role\":\"user\",\"content\":\"before\"},"
				+ "{\"type\":\"function_call_output\",\"call_id\":\"a\",\"output\":[{\"type\":\"input_text\",\"text\":\"x\"},{\"type\":\"input_text\",\"text\":\"y\"}]},"
				+ "{\"type\":\"function_call_output\",\"call_id\":\"b\",\"output\":\"\"},"
				+ "{\"type\":\"message\",\"role\":\"user\",\"content\":\"after\"}]");
	}

	@Test
	void whatTheModelShowedCannotBeShownBack() {
		ChatRequest request = Samples.request()
			.message(new Message(Role.ASSISTANT,
					List.of(new Part.Image(new MediaSource.Inline("image/png", "aGk="), null, null))))
			.build();
		assertThat(Samples.dropped(request)).containsExactly("messages[1].parts[0] (image)");
		assertThat(Samples.encode(request).path("input").size()).isEqualTo(1);
	}

	@Test
	void formatsAreWritten() {
		assertThat(format(new ResponseFormat.Text())).hasToString("{\"format\":{\"type\":\"text\"}}");
		assertThat(format(new ResponseFormat.JsonObject())).hasToString("{\"format\":{\"type\":\"json_object\"}}");
		Map<String, Object> schema = new LinkedHashMap<>();
		schema.put("z", 1);
		schema.put("a", 2);
		assertThat(format(new ResponseFormat.JsonSchema("n", null, schema, null)))
			.hasToString("{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":{\"z\":1,\"a\":2}}}");
	}

	private static JsonNode format(ResponseFormat format) {
		return Samples.encode(Samples.request().responseFormat(format).build()).path("text");
	}

	@Test
	void filesAreNamedAfterTheirTypeWhereNobodyNamedThem() {
		JsonNode content = Samples.encode(ChatRequest.builder("m")
			.message(new Message(Role.USER,
					List.of(new Part.Document(new MediaSource.Inline("text/csv", "YQ=="), null, null),
							new Part.Document(new MediaSource.Inline("application/x-odd", "YQ=="), null, null))))
			.build()).path("input").path(0).path("content");
		assertThat(content).extracting((part) -> part.path("filename").asString(""))
			.containsExactly("document.csv", "document.bin");
	}

}
