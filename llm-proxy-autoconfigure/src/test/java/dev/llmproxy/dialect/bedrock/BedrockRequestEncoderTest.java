package dev.llmproxy.dialect.bedrock;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.dialect.Transcripts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BedrockRequestEncoderTest {

	private static final String SONNET_4_5 = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

	private static final String SONNET_4_6 = "anthropic.claude-sonnet-4-6";

	private static final String SONNET_3_7 = "anthropic.claude-3-7-sonnet-20250219-v1:0";

	private static final String OPUS_4_7 = "anthropic.claude-opus-4-7";

	private static final String NOVA = "amazon.nova-pro-v1:0";

	private static final String NOVA_2 = "amazon.nova-2-lite-v1:0";

	private static final String LLAMA = "meta.llama3-3-70b-instruct-v1:0";

	private static final String MISTRAL = "mistral.mistral-large-2407-v1:0";

	private static final String GPT_OSS = "openai.gpt-oss-120b-1:0";

	private static final Message HELLO = Message.text(Role.USER, "Hello");

	private static final Part.ToolCall CALL = new Part.ToolCall("call_1", "get_weather", "{}");

	private static ChatRequest.Builder to(String model) {
		return ChatRequest.builder(model).message(HELLO);
	}

	private static ChatRequest.Builder to(String model, Message... messages) {
		return ChatRequest.builder(model).messages(List.of(messages));
	}

	private static EncodedRequest encode(ChatRequest.Builder request) {
		return new BedrockCodec().encodeRequest(request.build());
	}

	private static JsonNode body(ChatRequest.Builder request) {
		return body(encode(request));
	}

	private static JsonNode body(EncodedRequest request) {
		return BedrockJson.MAPPER.readTree(request.body());
	}

	private static JsonNode json(String json) {
		return BedrockJson.MAPPER.readTree(json.replace('\'', '"'));
	}

	private static Message user(Part... parts) {
		return new Message(Role.USER, List.of(parts));
	}

	private static Message assistant(Part... parts) {
		return new Message(Role.ASSISTANT, List.of(parts));
	}

	private static Message result(String id, Part... content) {
		return new Message(Role.TOOL, List.of(new Part.ToolResult(id, null, List.of(content), false, null)));
	}

	private static Map<String, @Nullable Object> weatherSchema() {
		Map<String, @Nullable Object> schema = new LinkedHashMap<>();
		schema.put("type", "object");
		schema.put("properties", Map.of("city", Map.of("type", "string")));
		schema.put("required", List.of("city"));
		return schema;
	}

	private static Tool.Function weather() {
		return new Tool.Function("get_weather", "Tells the weather.", weatherSchema(), null, null);
	}

	private static Tool.Function time(@Nullable CacheControl mark) {
		return new Tool.Function("get_time", null, null, null, mark);
	}

	@Test
	void writesARequestInFull() {
		CacheControl hour = new CacheControl("1h");
		EncodedRequest encoded = encode(
				to(SONNET_4_5, new Message(Role.SYSTEM, List.of(new Part.Text("Be brief.", hour), Part.text(" "))),
						Message.text(Role.DEVELOPER, "Be kind."), user(Part.text("What is in here?"), Part.text(""),
								new Part.Image(new MediaSource.Inline("image/png", "aW1n"), "low", null),
								new Part.Image(new MediaSource.Url("s3://bucket/photo.JPG"), null, null),
								new Part.Document(new MediaSource.Inline("application/pdf", "cGRm"),
										"Q3 report_ final.pdf", null),
								new Part.Document(new MediaSource.PlainText("plain"), null, CacheControl.EPHEMERAL)),
						assistant(new Part.Reasoning("Hm.", new Signature("bedrock", "c2ln")),
								new Part.Reasoning("", null, new Signature("bedrock", "cmVk")), Part.text("I'll look."),
								new Part.ToolCall("call_1", "get_weather", "{\"city\": \"Köln\", \"days\": 1.50}"),
								new Part.ToolCall("call_2", "get_time", "")),
						new Message(Role.TOOL, List.of(
								new Part.ToolResult("call_1", "get_weather",
										List.of(Part.text("Rain"),
												new Part.Image(new MediaSource.Inline("image/webp", "d2VicA=="), null,
														null)),
										false, null),
								new Part.ToolResult("call_2", null, List.of(), true, null))),
						Message.text(Role.USER, "So?"))
					.tools(List.of(weather(), time(CacheControl.EPHEMERAL)))
					.toolChoice(ToolChoice.REQUIRED)
					.maxTokens(500)
					.temperature(0.5)
					.topK(40)
					.stop(List.of("END"))
					.metadata(Map.of("trace", "abc-1"))
					.serviceTier("priority")
					.stream(true));
		String expected = new String(Transcripts.resource(getClass(), "request-claude.json"), StandardCharsets.UTF_8);
		assertThat(new String(encoded.body(), StandardCharsets.UTF_8))
			.isEqualTo(BedrockJson.MAPPER.readTree(expected).toString());
		assertThat(encoded.dropped()).isEmpty();
	}

	@Test
	void namesWhatHasNoPlace() {
		EncodedRequest encoded = encode(to(SONNET_4_5, new Message(Role.USER,
				List.of(Part.text("Hi"), new Part.Image(new MediaSource.Url("https://example.org/a.png"), null, null),
						new Part.Image(new MediaSource.FileId("file-1"), null, null),
						new Part.Image(new MediaSource.Inline("image/tiff", "AAAA"), null, null),
						new Part.Document(new MediaSource.Url("https://example.org/a.pdf"), null, null)),
				"alice"),
				assistant(Part.text("Hm"), new Part.Reasoning("t", new Signature("anthropic", "s")),
						new Part.Reasoning("t", null)),
				HELLO)
			.tool(weather())
			.tool(new Tool.Hosted("openai", "web_search", Map.of()))
			.n(2)
			.seed(1L)
			.frequencyPenalty(0.5)
			.presencePenalty(0.0)
			.user("u")
			.temperature(1.5)
			.topP(0.9)
			.metadata(Map.of("k", "ä"))
			.serviceTier("scale")
			.responseFormat(new ResponseFormat.JsonObject())
			.rest("$dialect", "openai")
			.rest("logit_bias", Map.of()));
		assertThat(encoded.dropped()).containsExactlyInAnyOrder("messages[0].name", "messages[0].parts[1] (image url)",
				"messages[0].parts[2] (image file)", "messages[0].parts[3] (image image/tiff)",
				"messages[0].parts[4] (document url)", "messages[1].parts[1] (reasoning)",
				"messages[1].parts[2] (reasoning)", "tools[1] (web_search)", "n", "seed", "frequency_penalty", "user",
				"temperature (clamped to 1)", "top_p", "metadata.k", "service_tier", "response_format (json_object)",
				"logit_bias");
		assertThat(body(encoded).path("inferenceConfig")).isEqualTo(json("{'temperature':1.0}"));
	}

	@Test
	void alternatesTurnsAndBeginsWithTheUser() {
		JsonNode body = body(to(SONNET_4_5, Message.text(Role.ASSISTANT, "Welcome."), HELLO,
				Message.text(Role.USER, "You"), Message.text(Role.ASSISTANT, ""), Message.text(Role.USER, "there?")));
		assertThat(body.path("messages")).isEqualTo(json("[{'role':'user','content':[{'text':'Hello.'}]},"
				+ "{'role':'assistant','content':[{'text':'Welcome.'}]},"
				+ "{'role':'user','content':[{'text':'Hello'},{'text':'You'},{'text':'there?'}]}]"));
	}

	@Test
	void letsInstructionsAloneSpeakAsTheUser() {
		JsonNode body = body(to(SONNET_4_5, Message.text(Role.SYSTEM, "Tell a joke.")));
		assertThat(body.has("system")).isFalse();
		assertThat(body.path("messages")).isEqualTo(json("[{'role':'user','content':[{'text':'Tell a joke.'}]}]"));
		assertThat(body(to(SONNET_4_5, Message.text(Role.USER, " "))).path("messages"))
			.isEqualTo(json("[{'role':'user','content':[{'text':'(empty message)'}]}]"));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> encode(ChatRequest.builder(SONNET_4_5)))
			.satisfies((ex) -> assertThat(ex.error().param()).isEqualTo("messages"));
	}

	@Test
	void keepsTheBeginningOfAnAnswerWhereTheModelCanGoOn() {
		Message begun = Message.text(Role.ASSISTANT, "The answer is \n");
		assertThat(body(to(SONNET_4_5, HELLO, begun)).at("/messages/1/content/0/text").stringValue())
			.isEqualTo("The answer is");
		for (String model : new String[] { SONNET_4_6, NOVA, LLAMA }) {
			EncodedRequest encoded = encode(to(model, HELLO, begun));
			assertThat(body(encoded).path("messages")).hasSize(1);
			assertThat(encoded.dropped()).containsExactly("messages[1] (prefill)");
		}
	}

	@Test
	void givesDocumentsAText() {
		JsonNode body = body(
				to(NOVA, user(new Part.Document(new MediaSource.Inline("text/csv", "YQ=="), "a.csv", null))));
		assertThat(body.at("/messages/0/content")).isEqualTo(json(
				"[{'document':{'format':'csv','source':{'bytes':'YQ=='},'name':'a'}},{'text':'(document attached)'}]"));
	}

	@Test
	void keepsThePlaceOfAUserWhoseOnlyWordIsDropped() {
		Message picture = user(new Part.Image(new MediaSource.Url("https://example.org/a.png"), null, null));
		EncodedRequest encoded = encode(to(NOVA, HELLO, Message.text(Role.ASSISTANT, "Hi."), picture));
		assertThat(body(encoded).at("/messages/2/content")).isEqualTo(json("[{'text':'(attachment omitted)'}]"));
		assertThat(encoded.dropped()).containsExactly("messages[2].parts[0] (image url)");
	}

	@Test
	void takesRecordings() {
		JsonNode body = body(
				to(NOVA, user(Part.text("?"), new Part.Audio(new MediaSource.Inline("audio/mpeg", "YQ==")))));
		assertThat(body.at("/messages/0/content/1"))
			.isEqualTo(json("{'audio':{'format':'mp3','source':{'bytes':'YQ=='}}}"));
	}

	@Test
	void pairsForeignIdentifiersOfCallsAndResults() {
		JsonNode body = body(to(SONNET_4_5, HELLO, assistant(new Part.ToolCall("get weather/1", "get_weather", "{}")),
				result("get weather/1", Part.text("Rain")))
			.tool(weather()));
		String id = body.at("/messages/1/content/0/toolUse/toolUseId").stringValue();
		assertThat(id).matches("[a-zA-Z0-9_-]{1,64}");
		assertThat(body.at("/messages/2/content/0/toolResult/toolUseId").stringValue()).isEqualTo(id);
	}

	@Test
	void refusesArgumentsThatAreNoObject() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> encode(to(SONNET_4_5, HELLO, assistant(new Part.ToolCall("c", "f", "[1]")))))
			.satisfies((ex) -> assertThat(ex.error().param()).isEqualTo("messages[1].parts[0].arguments"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a.b", "llmproxy_answer_x", "über" })
	void refusesNamesOfToolsThatCouldNotBeToldAgain(String name) {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> encode(to(SONNET_4_5).tool(new Tool.Function(name, null, null, null, null))))
			.satisfies((ex) -> assertThat(ex.error().param()).isEqualTo("tools[0].name"));
	}

	@Test
	void separatesResultsFromWhatTheUserSaysNextUnlessTheModelIsClaude() {
		ChatRequest.Builder request = to(LLAMA, HELLO, assistant(CALL), result("call_1", Part.text("Rain")),
				Message.text(Role.USER, "So?"))
			.tool(weather());
		JsonNode messages = body(request).path("messages");
		assertThat(messages).hasSize(5);
		assertThat(messages.path(2).path("content")).hasSize(1);
		assertThat(messages.path(3).path("role").stringValue()).isEqualTo("assistant");
		assertThat(messages.path(4)).isEqualTo(json("{'role':'user','content':[{'text':'So?'}]}"));
		assertThat(body(request.model(SONNET_4_5)).path("messages")).hasSize(3);
	}

	@Test
	void definesToolsThatOnlyTheHistoryKnows() {
		Message[] history = { HELLO, assistant(CALL), result("call_1", Part.text("Rain")) };
		assertThat(body(to(SONNET_4_5, history)).path("toolConfig")).isEqualTo(
				json("{'tools':[{'toolSpec':{'name':'get_weather','inputSchema':{'json':{'type':'object'}}}}]}"));
		EncodedRequest none = encode(to(SONNET_4_5, history).tool(time(null)).toolChoice(ToolChoice.NONE));
		assertThat(body(none).at("/toolConfig/tools/0/toolSpec/name").stringValue()).isEqualTo("get_time");
		assertThat(none.dropped()).containsExactly("tool_choice");
	}

	@Test
	void leavesToolsOutThatMustNotBeCalled() {
		EncodedRequest encoded = encode(to(SONNET_4_5).tool(weather()).toolChoice(ToolChoice.NONE));
		assertThat(body(encoded).has("toolConfig")).isFalse();
		assertThat(encoded.dropped()).isEmpty();
	}

	@Test
	void forcesToolsAsFarAsTheModelCanBeForced() {
		ChatRequest.Builder named = to(SONNET_4_5).tools(List.of(weather(), time(null)))
			.toolChoice(ToolChoice.named("get_time"));
		assertThat(body(named).at("/toolConfig/toolChoice")).isEqualTo(json("{'tool':{'name':'get_time'}}"));
		EncodedRequest mistral = encode(named.model(MISTRAL));
		assertThat(body(mistral).at("/toolConfig/toolChoice")).isEqualTo(json("{'any':{}}"));
		assertThat(mistral.dropped()).containsExactly("tool_choice (any tool instead of the named one)");
		EncodedRequest llama = encode(named.model(LLAMA));
		assertThat(body(llama).path("toolConfig").has("toolChoice")).isFalse();
		assertThat(llama.dropped()).containsExactly("tool_choice");
		EncodedRequest without = encode(to(SONNET_4_5).toolChoice(ToolChoice.REQUIRED));
		assertThat(body(without).has("toolConfig")).isFalse();
		assertThat(without.dropped()).containsExactly("tool_choice");
	}

	@Test
	void asksClaudeForOneCallAtATimeInItsOwnWords() {
		ChatRequest.Builder request = to(SONNET_4_5).tool(weather()).parallelToolCalls(false);
		JsonNode body = body(request);
		assertThat(body.path("toolConfig").has("toolChoice")).isFalse();
		assertThat(body.path("additionalModelRequestFields"))
			.isEqualTo(json("{'tool_choice':{'type':'auto','disable_parallel_tool_use':true}}"));
		body = body(request.toolChoice(ToolChoice.named("get_weather")));
		assertThat(body.path("toolConfig").has("toolChoice")).isFalse();
		assertThat(body.path("additionalModelRequestFields"))
			.isEqualTo(json("{'tool_choice':{'type':'tool','name':'get_weather','disable_parallel_tool_use':true}}"));
		assertThat(encode(to(NOVA).tool(weather()).parallelToolCalls(false)).dropped())
			.containsExactly("parallel_tool_calls");
		assertThat(encode(to(NOVA).parallelToolCalls(false)).dropped()).isEmpty();
		assertThat(body(to(SONNET_4_5).parallelToolCalls(false)).has("additionalModelRequestFields")).isFalse();
	}

	@Test
	void marksCachesWhereTheModelHasOne() {
		CacheControl hour = new CacheControl("1h");
		Message marked = user(new Part.Text("Long.", hour));
		ChatRequest.Builder request = to(SONNET_4_5, marked).tool(time(CacheControl.EPHEMERAL));
		assertThat(body(request).at("/messages/0/content/1"))
			.isEqualTo(json("{'cachePoint':{'type':'default','ttl':'1h'}}"));
		EncodedRequest nova = encode(request.model(NOVA));
		assertThat(body(nova).at("/messages/0/content/1")).isEqualTo(json("{'cachePoint':{'type':'default'}}"));
		assertThat(body(nova).at("/toolConfig/tools")).hasSize(1);
		assertThat(nova.dropped()).containsExactly("messages[0].parts[0].cache_control.ttl", "tools[0].cache_control");
		EncodedRequest llama = encode(request.model(LLAMA));
		assertThat(body(llama).at("/messages/0/content")).hasSize(1);
		assertThat(llama.dropped()).containsExactly("messages[0].parts[0].cache_control", "tools[0].cache_control");
	}

	@Test
	void movesAMarkInsideAResultBehindIt() {
		JsonNode body = body(to(SONNET_4_5, HELLO, assistant(CALL),
				result("call_1", new Part.Text("Rain", CacheControl.EPHEMERAL), Part.text("Wind"))));
		assertThat(body.at("/messages/2/content/1")).isEqualTo(json("{'cachePoint':{'type':'default'}}"));
		assertThat(body.at("/messages/2/content/0/toolResult/content")).hasSize(2);
	}

	@Test
	void leavesOutTheStatusOfAResultWhereTheModelHasNone() {
		EncodedRequest encoded = encode(to(LLAMA, HELLO, assistant(CALL),
				new Message(Role.TOOL, List.of(new Part.ToolResult("call_1", null, List.of(), true, null)))));
		assertThat(body(encoded).at("/messages/2/content/0/toolResult"))
			.isEqualTo(json("{'toolUseId':'call_1','content':[{'text':'The tool failed.'}]}"));
		assertThat(encoded.dropped()).containsExactly("messages[2].parts[0] (error)");
	}

	@Test
	void holdsAnswersToASchemaWhereTheModelCanBe() {
		Map<String, @Nullable Object> schema = weatherSchema();
		schema.put("minProperties", 1);
		ResponseFormat format = new ResponseFormat.JsonSchema("weather", "The weather.", schema, true);
		EncodedRequest encoded = encode(to(SONNET_4_5).responseFormat(format));
		JsonNode definition = body(encoded).at("/outputConfig/textFormat/structure/jsonSchema");
		assertThat(body(encoded).at("/outputConfig/textFormat/type").stringValue()).isEqualTo("json_schema");
		assertThat(definition.path("name").stringValue()).isEqualTo("weather");
		assertThat(definition.path("description").stringValue()).isEqualTo("The weather.");
		assertThat(definition.path("schema").stringValue()).isEqualTo("{\"type\":\"object\",\"properties\":{\"city\":"
				+ "{\"type\":\"string\"}},\"required\":[\"city\"],\"additionalProperties\":false}");
		assertThat(encoded.dropped()).containsExactly("response_format.json_schema.schema (minProperties)");
		assertThat(body(encoded).has("toolConfig")).isFalse();
	}

	@Test
	void lookAlikesOfAnswersAreCallsWhereTheModelHasNoSchemas() {
		ResponseFormat format = new ResponseFormat.JsonSchema("weather report", null, weatherSchema(), true);
		for (String model : new String[] { SONNET_3_7, NOVA }) {
			EncodedRequest encoded = encode(to(model).responseFormat(format));
			JsonNode config = body(encoded).path("toolConfig");
			String name = config.at("/tools/0/toolSpec/name").stringValue();
			assertThat(name).startsWith("llmproxy_answer_weather_report").matches("[a-zA-Z0-9_-]{1,64}");
			assertThat(config.at("/toolChoice/tool/name").stringValue()).isEqualTo(name);
			assertThat(config.at("/tools/0/toolSpec/inputSchema/json").propertyNames()).containsExactly("type",
					"properties", "required");
			assertThat(encoded.dropped()).isEmpty();
			assertThat(BedrockAnswerFormat.isAnswerTool(name)).isTrue();
		}
		assertThat(body(to(MISTRAL).responseFormat(format)).at("/toolConfig/toolChoice")).isEqualTo(json("{'any':{}}"));
	}

	@Test
	void lookAlikesOfAnswersStandBesideTheCallersTools() {
		ResponseFormat format = new ResponseFormat.JsonSchema("weather", null, weatherSchema(), true);
		ChatRequest.Builder request = to(NOVA).tool(weather()).responseFormat(format);
		assertThat(body(request).at("/toolConfig/tools")).hasSize(2);
		assertThat(body(request).at("/toolConfig/toolChoice")).isEqualTo(json("{'any':{}}"));
		assertThat(body(request.toolChoice(ToolChoice.NONE)).at("/toolConfig/tools")).hasSize(1);
		EncodedRequest forced = encode(request.toolChoice(ToolChoice.named("get_weather")));
		assertThat(body(forced).at("/toolConfig/toolChoice")).isEqualTo(json("{'tool':{'name':'get_weather'}}"));
		assertThat(forced.dropped()).containsExactly("response_format");
	}

	@Test
	void namesAFormatThatCannotBeHad() {
		ResponseFormat object = new ResponseFormat.JsonSchema("a", null, weatherSchema(), true);
		ResponseFormat array = new ResponseFormat.JsonSchema("a", null, Map.of("type", "array"), true);
		assertThat(encode(to(LLAMA).responseFormat(object)).dropped()).containsExactly("response_format");
		assertThat(encode(to(NOVA).responseFormat(array)).dropped()).containsExactly("response_format");
		assertThat(encode(to(SONNET_3_7).responseFormat(object).reasoning(ReasoningConfig.effort("low"))).dropped())
			.containsExactly("response_format");
	}

	@Test
	void holdsCallsToASchemaWhereTheModelCanBe() {
		Tool strict = new Tool.Function("get_weather", null, weatherSchema(), true, null);
		JsonNode spec = body(to(GPT_OSS).tool(strict)).at("/toolConfig/tools/0/toolSpec");
		assertThat(spec.path("strict").booleanValue()).isTrue();
		assertThat(spec.at("/inputSchema/json/additionalProperties").booleanValue(true)).isFalse();
		assertThat(encode(to(NOVA).tool(strict)).dropped()).containsExactly("tools[0].strict");
	}

	@Test
	void givesClaudeABudgetToThink() {
		JsonNode body = body(to(SONNET_4_5).reasoning(ReasoningConfig.effort("high"))
			.maxTokens(10_000)
			.temperature(0.2)
			.topK(3)
			.topP(0.97));
		assertThat(body.path("additionalModelRequestFields"))
			.isEqualTo(json("{'thinking':{'type':'enabled','budget_tokens':8000}}"));
		assertThat(body.path("inferenceConfig")).isEqualTo(json("{'maxTokens':10000,'topP':0.97}"));
		EncodedRequest lowered = encode(
				to(SONNET_4_5).reasoning(new ReasoningConfig(true, null, 9000, null)).maxTokens(10_000));
		assertThat(body(lowered).at("/additionalModelRequestFields/thinking/budget_tokens").intValue()).isEqualTo(8000);
		assertThat(lowered.dropped()).containsExactly("reasoning.budget_tokens (lowered to 8000)");
		EncodedRequest tight = encode(to(SONNET_4_5).reasoning(ReasoningConfig.effort("low")).maxTokens(1024));
		assertThat(body(tight).has("additionalModelRequestFields")).isFalse();
		assertThat(tight.dropped()).containsExactly("reasoning (max_tokens leaves no room for it)");
		assertThat(body(to(SONNET_4_5).reasoning(ReasoningConfig.effort("medium")))
			.at("/additionalModelRequestFields/thinking/budget_tokens")
			.intValue()).isEqualTo(8192);
	}

	@Test
	void letsClaudeChooseHowMuchToThink() {
		JsonNode body = body(to(OPUS_4_7).reasoning(ReasoningConfig.effort("xhigh")));
		assertThat(body.path("additionalModelRequestFields"))
			.isEqualTo(json("{'thinking':{'type':'adaptive'},'output_config':{'effort':'xhigh'}}"));
		assertThat(body(to(SONNET_4_6).reasoning(ReasoningConfig.effort("xhigh")))
			.at("/additionalModelRequestFields/output_config/effort")
			.stringValue()).isEqualTo("high");
		assertThat(body(to(SONNET_4_6).reasoning(new ReasoningConfig(true, null, 2048, null)))
			.at("/additionalModelRequestFields/thinking")).isEqualTo(json("{'type':'enabled','budget_tokens':2048}"));
	}

	@ParameterizedTest
	@CsvSource({ "anthropic.claude-sonnet-4-6,''", "anthropic.claude-sonnet-5,disabled" })
	void tellsClaudeNotToThink(String model, String type) {
		JsonNode body = body(to(model).reasoning(ReasoningConfig.effort("none")));
		assertThat(body.at("/additionalModelRequestFields/thinking/type").stringValue("")).isEqualTo(type);
	}

	@Test
	void forcesNoCallOfAModelThatThinks() {
		EncodedRequest encoded = encode(to(SONNET_4_5).tool(weather())
			.toolChoice(ToolChoice.REQUIRED)
			.reasoning(ReasoningConfig.effort("high")));
		assertThat(body(encoded).path("toolConfig").has("toolChoice")).isFalse();
		assertThat(encoded.dropped()).containsExactly("tool_choice");
	}

	@Test
	void thinksOnOnlyFromItsOwnThoughts() {
		Signature own = new Signature("bedrock", "c2ln");
		List<Message> turns = new ArrayList<>(
				List.of(HELLO, assistant(new Part.Reasoning("Hm.", own), CALL), result("call_1", Part.text("Rain"))));
		ChatRequest.Builder request = ChatRequest.builder(SONNET_4_5).reasoning(ReasoningConfig.effort("high"));
		assertThat(body(request.messages(turns)).at("/additionalModelRequestFields").has("thinking")).isTrue();
		turns.set(1, assistant(new Part.Reasoning("Hm.", new Signature("gemini", "x")), CALL));
		EncodedRequest foreign = encode(request.messages(turns));
		assertThat(body(foreign).has("additionalModelRequestFields")).isFalse();
		assertThat(foreign.dropped()).containsExactly("messages[1].parts[0] (reasoning)",
				"reasoning (the turn that goes on lacks its thoughts)");
		turns.add(assistant(Part.text("It rains.")));
		turns.add(HELLO);
		assertThat(body(request.messages(turns)).at("/additionalModelRequestFields").has("thinking")).isTrue();
	}

	@Test
	void tellsOthersToThinkInTheirWords() {
		JsonNode nova = body(to(NOVA_2).reasoning(ReasoningConfig.effort("high")).temperature(0.3));
		assertThat(nova.path("additionalModelRequestFields"))
			.isEqualTo(json("{'reasoningConfig':{'type':'enabled','maxReasoningEffort':'high'}}"));
		assertThat(nova.has("inferenceConfig")).isFalse();
		EncodedRequest bounded = encode(to(NOVA_2).reasoning(ReasoningConfig.effort("high")).maxTokens(100));
		assertThat(body(bounded).at("/additionalModelRequestFields/reasoningConfig/maxReasoningEffort").stringValue())
			.isEqualTo("medium");
		assertThat(body(bounded).path("inferenceConfig")).isEqualTo(json("{'maxTokens':100}"));
		assertThat(body(to(GPT_OSS).reasoning(ReasoningConfig.effort("minimal"))).path("additionalModelRequestFields"))
			.isEqualTo(json("{'reasoning_effort':'low'}"));
		assertThat(encode(to(NOVA).reasoning(ReasoningConfig.effort("low"))).dropped()).containsExactly("reasoning");
		assertThat(encode(to(NOVA).reasoning(ReasoningConfig.effort("none"))).dropped()).isEmpty();
	}

	@Test
	void samplesInTheWordsOfTheVendor() {
		assertThat(body(to(NOVA).topK(5)).path("additionalModelRequestFields"))
			.isEqualTo(json("{'inferenceConfig':{'topK':5}}"));
		assertThat(body(to(MISTRAL).topK(5)).path("additionalModelRequestFields")).isEqualTo(json("{'top_k':5}"));
		assertThat(encode(to(LLAMA).topK(5)).dropped()).containsExactly("top_k");
		EncodedRequest opus = encode(to(OPUS_4_7).temperature(0.2).topP(1.0).topK(5));
		assertThat(body(opus).has("inferenceConfig")).isFalse();
		assertThat(opus.dropped()).containsExactly("temperature", "top_k");
	}

	@Test
	void leavesOutStopSequencesThatTheModelRefuses() {
		EncodedRequest claude = encode(to(SONNET_4_5).stop(List.of("\n\n")));
		assertThat(claude.dropped()).containsExactly("stop[0]");
		assertThat(body(claude).has("additionalModelResponseFieldPaths")).isFalse();
		assertThat(body(to(NOVA).stop(List.of("\n\n"))).at("/inferenceConfig/stopSequences/0").stringValue())
			.isEqualTo("\n\n");
	}

	@Test
	void passesBetasOnFromCallersOfAnthropicsApi() {
		ChatRequest.Builder request = to(SONNET_4_5).rest("$dialect", "anthropic")
			.rest("anthropic_beta", List.of("context-1m-2025-08-07"))
			.rest("container", "c");
		assertThat(body(request).path("additionalModelRequestFields"))
			.isEqualTo(json("{'anthropic_beta':['context-1m-2025-08-07']}"));
		assertThat(encode(request).dropped()).containsExactly("container");
		assertThat(encode(request.model(NOVA)).dropped()).containsExactly("anthropic_beta", "container");
	}

}
