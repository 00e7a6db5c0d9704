package dev.llmproxy.dialect.anthropic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.CacheControl;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AnthropicRequestEncoderTest {

	/** Takes what the dialect has had from the start. */
	private static final String OLD = "claude-sonnet-4-20250514";

	@ParameterizedTest
	@ValueSource(
			strings = { "request-simple.json", "request-full.json", "request-thinking.json", "request-budget.json" })
	void loosesNothingOfItsOwnCallers(String file) {
		byte[] body = Bodies.file(file);

		EncodedRequest encoded = Bodies.CODEC.encodeRequest(Bodies.decode(body));

		assertThat(Bodies.tree(encoded.body())).isEqualTo(Bodies.tree(body));
		assertThat(encoded.dropped()).isEmpty();
	}

	@Test
	void beginsALongerConversationWithTheBytesOfAShorterOne() {
		ChatRequest.Builder request = Bodies.hello(OLD).stream(true);
		String shorter = Bodies.text(Bodies.encoded(request).body());
		request.message(Message.text(Role.ASSISTANT, "Hi")).message(Message.text(Role.USER, "More"));

		assertThat(Bodies.text(Bodies.encoded(request).body()))
			.startsWith(shorter.substring(0, shorter.length() - "]}".length()));
	}

	@Test
	void givesTheLimitThatTheApiDemands() {
		assertThat(Bodies.encode(Bodies.hello(OLD)).path("max_tokens").intValue()).isEqualTo(4096);
		assertThat(Bodies.encode(Bodies.hello("claude-opus-5-5")).path("max_tokens").intValue()).isEqualTo(16_384);
		assertThat(Bodies.encode(Bodies.hello(OLD).maxTokens(7)).path("max_tokens").intValue()).isEqualTo(7);
	}

	@Test
	void namesWhatTheDialectLacks() {
		EncodedRequest encoded = Bodies.encoded(Bodies.hello(OLD)
			.n(2)
			.seed(1L)
			.frequencyPenalty(0.1)
			.presencePenalty(0.1)
			.metadata(Map.of("a", "b"))
			.serviceTier("flex")
			.stop(List.of("END", " \n"))
			.responseFormat(new ResponseFormat.JsonObject())
			.tool(new Tool.Hosted("openai", "web_search_preview", Map.of()))
			.rest("$dialect", "openai")
			.rest("logit_bias", Map.of("1", 2))
			.rest("messages[0].audio", "x"));

		assertThat(encoded.dropped()).containsExactlyInAnyOrder("n", "seed", "frequency_penalty", "presence_penalty",
				"metadata", "service_tier", "stop[1]", "response_format (json_object)", "tools[0] (web_search_preview)",
				"logit_bias", "messages[0].audio");
		assertThat(Bodies.tree(encoded.body())).isEqualTo(Bodies.tree("{'model':'" + OLD
				+ "','max_tokens':4096,'stop_sequences':['END'],'messages':[{'role':'user','content':'Hello'}]}"));
	}

	@Test
	void saysNothingOfWhatIsTheDefaultAnyway() {
		EncodedRequest encoded = Bodies.encoded(Bodies.hello("claude-opus-4-8")
			.n(1)
			.frequencyPenalty(0.0)
			.presencePenalty(0.0)
			.temperature(1.0)
			.topP(1.0)
			.toolChoice(ToolChoice.AUTO)
			.responseFormat(new ResponseFormat.Text()));

		assertThat(encoded.dropped()).isEmpty();
	}

	@Test
	void putsBackWhatItsOwnCallersSaid() {
		JsonNode body = Bodies.encode(Bodies.hello(OLD)
			.rest("$dialect", "anthropic")
			.rest("inference_geo", "eu")
			.rest("container", Map.of("id", "c")));

		assertThat(body.path("inference_geo").stringValue()).isEqualTo("eu");
		assertThat(body.path("container").path("id").stringValue()).isEqualTo("c");
	}

	@Test
	void putsInstructionsOnTopAndKeepsTheirMarks() {
		JsonNode body = Bodies.encode(ChatRequest.builder(OLD)
			.message(Message.text(Role.SYSTEM, "One."))
			.message(Message.text(Role.USER, "Hello"))
			.message(new Message(Role.DEVELOPER, List.of(new Part.Text("Two.", CacheControl.EPHEMERAL)))));

		assertThat(body.path("system")).isEqualTo(Bodies.tree(
				"[{'type':'text','text':'One.'},{'type':'text','text':'Two.','cache_control':{'type':'ephemeral'}}]"));
		assertThat(body.path("messages")).isEqualTo(Bodies.tree("[{'role':'user','content':'Hello'}]"));
	}

	@Test
	void letsInstructionsAloneSpeakAsTheUser() {
		JsonNode body = Bodies.encode(ChatRequest.builder(OLD).message(Message.text(Role.SYSTEM, "Sing.")));

		assertThat(body.has("system")).isFalse();
		assertThat(body.path("messages")).isEqualTo(Bodies.tree("[{'role':'user','content':'Sing.'}]"));
	}

	@Test
	void mergesTurnsAndPutsResultsFirst() {
		JsonNode messages = Bodies
			.encode(ChatRequest.builder(OLD)
				.message(Message.text(Role.USER, "a"))
				.message(Message.text(Role.USER, "b"))
				.message(
						new Message(Role.ASSISTANT, List.of(Part.text(" "), new Part.ToolCall("c1", "t", "{\"x\":1}"))))
				.message(new Message(Role.ASSISTANT, List.of(new Part.ToolCall("c2", "t", ""))))
				.message(Message.text(Role.USER, "hurry"))
				.message(result("c1", false))
				.message(result("c2", true))
				.tool(new Tool.Function("t", null, null, null, null)))
			.path("messages");

		assertThat(messages).isEqualTo(Bodies.tree("[{'role':'user','content':[{'type':'text','text':'a'},"
				+ "{'type':'text','text':'b'}]},{'role':'assistant','content':["
				+ "{'type':'tool_use','id':'c1','name':'t','input':{'x':1}},"
				+ "{'type':'tool_use','id':'c2','name':'t','input':{}}]},{'role':'user','content':["
				+ "{'type':'tool_result','tool_use_id':'c1','content':'ok'},"
				+ "{'type':'tool_result','tool_use_id':'c2','content':'ok','is_error':true},"
				+ "{'type':'text','text':'hurry'}]}]"));
	}

	private static Message result(String id, boolean error) {
		return new Message(Role.TOOL, List.of(new Part.ToolResult(id, "t", List.of(Part.text("ok")), error, null)));
	}

	@Test
	void makesIdentifiersLegalAndKeepsPairsTogether() {
		JsonNode messages = Bodies
			.encode(ChatRequest.builder(OLD)
				.message(new Message(Role.ASSISTANT,
						List.of(new Part.ToolCall("a:1", "t", "{}"), new Part.ToolCall("a.1", "t", "{}"))))
				.message(result("a:1", false))
				.message(result("a.1", false)))
			.path("messages");

		List<String> calls = messages.get(0)
			.path("content")
			.valueStream()
			.map((b) -> b.path("id").stringValue())
			.toList();
		List<String> results = messages.get(1)
			.path("content")
			.valueStream()
			.map((b) -> b.path("tool_use_id").stringValue())
			.toList();
		assertThat(calls).doesNotHaveDuplicates().isEqualTo(results).allMatch((id) -> id.matches("[a-zA-Z0-9_-]+"));
	}

	@Test
	void refusesArgumentsThatAreNoObject() {
		ChatRequest.Builder request = Bodies.hello(OLD)
			.message(new Message(Role.ASSISTANT, List.of(Part.text("x"), new Part.ToolCall("a", "t", "{\"x\":"))));

		assertThatThrownBy(() -> Bodies.encoded(request)).isInstanceOfSatisfying(InvalidRequestException.class,
				(failure) -> assertThat(failure.error().param()).isEqualTo("messages[1].parts[1].arguments"));
	}

	@Test
	void sendsOnlyItsOwnProofsBack() {
		EncodedRequest encoded = Bodies.encoded(Bodies.hello(OLD)
			.message(new Message(Role.ASSISTANT,
					List.of(new Part.Reasoning("a", new Signature("anthropic", "s")),
							new Part.Reasoning("b", new Signature("gemini", "s")), new Part.Reasoning("c", null),
							new Part.Reasoning("", null, new Signature("anthropic", "d")),
							new Part.Reasoning("", null, new Signature("responses", "d")),
							new Part.ToolCall("a", "t", "{}", new Signature("gemini", "s"), null))))
			.message(result("a", false)));

		assertThat(Bodies.tree(encoded.body()).path("messages").get(1).path("content"))
			.isEqualTo(Bodies.tree("[{'type':'thinking','thinking':'a','signature':'s'},"
					+ "{'type':'redacted_thinking','data':'d'},{'type':'tool_use','id':'a','name':'t','input':{}}]"));
		assertThat(encoded.dropped()).containsExactly("messages[1].parts[1] (reasoning)",
				"messages[1].parts[2] (reasoning)", "messages[1].parts[4] (reasoning)",
				"messages[1].parts[5] (signature)");
	}

	@Test
	void namesMediaThatHasNoPlace() {
		EncodedRequest encoded = Bodies.encoded(ChatRequest.builder(OLD)
			.message(new Message(Role.USER,
					List.of(Part.text("x"), new Part.Audio(new MediaSource.Inline("audio/wav", "AA==")),
							new Part.Image(new MediaSource.Url("gs://bucket/a.png"), null, null),
							new Part.Image(new MediaSource.FileId("file-abc"), null, null),
							new Part.Image(new MediaSource.Url("https://example.org/a.png"), "low", null),
							new Part.Document(new MediaSource.Inline("application/msword", "AA=="), "a.doc", null),
							new Part.Document(new MediaSource.Inline("text/csv", "YSxi"), "a.csv", null)),
					"alice"))
			.message(new Message(Role.TOOL, List.of(new Part.ToolResult("c", null,
					List.of(new Part.Audio(new MediaSource.Inline("audio/wav", "AA=="))), false, null)))));

		assertThat(encoded.dropped()).containsExactly("messages[0].name", "messages[0].parts[1] (audio)",
				"messages[0].parts[2] (image)", "messages[0].parts[3] (image)", "messages[0].parts[4].detail",
				"messages[0].parts[5] (document)", "messages[1].parts[0].content[0] (audio)");
		assertThat(Bodies.tree(encoded.body()).path("messages").get(0).path("content"))
			.isEqualTo(Bodies.tree("[{'type':'tool_result','tool_use_id':'c'},{'type':'text','text':'x'},"
					+ "{'type':'image','source':{'type':'url','url':'https://example.org/a.png'}},"
					+ "{'type':'document','source':{'type':'text','media_type':'text/plain','data':'a,b'},"
					+ "'title':'a.csv'}]"));
	}

	@Test
	void translatesToolsAndChoice() {
		Map<String, @Nullable Object> open = new LinkedHashMap<>();
		open.put("properties", Map.of());
		JsonNode body = Bodies.encode(Bodies.hello(OLD)
			.tool(new Tool.Function("a", "A.", null, false, CacheControl.EPHEMERAL))
			.tool(new Tool.Function("b", null, open, null, null))
			.toolChoice(ToolChoice.REQUIRED)
			.parallelToolCalls(false));

		assertThat(body.path("tools")).isEqualTo(Bodies.tree(
				"[{'name':'a','description':'A.','input_schema':{'type':'object'},'cache_control':{'type':'ephemeral'}},"
						+ "{'name':'b','input_schema':{'type':'object','properties':{}}}]"));
		assertThat(body.path("tool_choice")).isEqualTo(Bodies.tree("{'type':'any','disable_parallel_tool_use':true}"));
	}

	@Test
	void definesToolsThatAreHistoryAndForbidsThem() {
		JsonNode body = Bodies.encode(Bodies.hello(OLD)
			.message(new Message(Role.ASSISTANT,
					List.of(new Part.ToolCall("a", "t", "{}"), new Part.ToolCall("b", "t", "{}"))))
			.message(result("a", false))
			.message(result("b", false)));

		assertThat(body.path("tools")).isEqualTo(Bodies.tree("[{'name':'t','input_schema':{'type':'object'}}]"));
		assertThat(body.path("tool_choice")).isEqualTo(Bodies.tree("{'type':'none'}"));
	}

	@Test
	void namesAForcedChoiceThatTheModelDoesNotTake() {
		for (String model : List.of("claude-opus-5-5", "claude-sonnet-5-5", "claude-fable-5-1")) {
			EncodedRequest encoded = Bodies.encoded(Bodies.hello(model)
				.tool(new Tool.Function("t", null, null, null, null))
				.toolChoice(ToolChoice.named("t")));

			assertThat(encoded.dropped()).as(model).containsExactly("tool_choice");
			assertThat(Bodies.tree(encoded.body()).path("tool_choice")).isEqualTo(Bodies.tree("{'type':'auto'}"));
		}
	}

	@Test
	void fitsSchemasIntoWhatTheApiTakes() {
		Map<String, @Nullable Object> age = new LinkedHashMap<>(Map.of("type", "integer"));
		age.put("minimum", 0);
		Map<String, @Nullable Object> schema = new LinkedHashMap<>();
		schema.put("type", "object");
		schema.put("properties", Map.of("age", age));
		EncodedRequest encoded = Bodies.encoded(Bodies.hello("claude-sonnet-4-5")
			.responseFormat(new ResponseFormat.JsonSchema("person", "A person.", schema, null))
			.tool(new Tool.Function("t", null, schema, true, null)));

		String fitted = "'type':'object','properties':{'age':{'type':'integer'}},'additionalProperties':false";
		assertThat(Bodies.tree(encoded.body()).path("output_config")).isEqualTo(
				Bodies.tree("{'format':{'type':'json_schema','schema':{" + fitted + ",'description':'A person.'}}}"));
		assertThat(Bodies.tree(encoded.body()).path("tools").get(0))
			.isEqualTo(Bodies.tree("{'name':'t','input_schema':{" + fitted + "},'strict':true}"));
		assertThat(encoded.dropped()).containsExactly("response_format.json_schema.schema (minimum)",
				"tools[0].parameters (minimum)");
	}

	@Test
	void namesStructureThatTheModelDoesNotHave() {
		EncodedRequest encoded = Bodies.encoded(Bodies.hello(OLD)
			.responseFormat(new ResponseFormat.JsonSchema("x", null, Map.of("type", "object"), true))
			.tool(new Tool.Function("t", null, null, true, null)));

		assertThat(encoded.dropped()).containsExactlyInAnyOrder("response_format", "tools[0].strict");
	}

	@Test
	void samplesAsTheModelAllows() {
		EncodedRequest clamped = Bodies.encoded(Bodies.hello(OLD).temperature(1.7).topP(0.5).topK(3));
		assertThat(Bodies.tree(clamped.body()))
			.isEqualTo(Bodies.tree("{'model':'" + OLD + "','max_tokens':4096,'temperature':1.0,'top_p':0.5,'top_k':3,"
					+ "'messages':[{'role':'user','content':'Hello'}]}"));
		assertThat(clamped.dropped()).containsExactly("temperature (clamped to 1)");

		assertThat(Bodies.encoded(Bodies.hello("claude-haiku-4-5").temperature(0.2).topP(0.5)).dropped())
			.containsExactly("top_p");
		assertThat(Bodies.encoded(Bodies.hello("claude-opus-4-7").temperature(0.2).topP(0.5).topK(1)).dropped())
			.containsExactly("temperature", "top_p", "top_k");
	}

	@Test
	void beginsTheAnswerOnlyWhereTheModelGoesOnFromThere() {
		Message begun = Message.text(Role.ASSISTANT, "Once \n");

		JsonNode kept = Bodies.encode(Bodies.hello(OLD).message(begun));
		assertThat(kept.path("messages").get(1).path("content").stringValue()).isEqualTo("Once");

		EncodedRequest encoded = Bodies.encoded(Bodies.hello("claude-opus-4-6").message(begun));
		assertThat(encoded.dropped()).containsExactly("messages[1] (prefill)");
		assertThat(Bodies.tree(encoded.body()).path("messages").size()).isEqualTo(1);
	}

	@Test
	void translatesTheServiceTier() {
		assertThat(Bodies.encode(Bodies.hello(OLD).serviceTier("auto")).path("service_tier").stringValue())
			.isEqualTo("auto");
		assertThat(Bodies.encode(Bodies.hello(OLD).serviceTier("default")).path("service_tier").stringValue())
			.isEqualTo("standard_only");
	}

	@Test
	void tellsTheUser() {
		assertThat(Bodies.encode(Bodies.hello(OLD).user("u")).path("metadata"))
			.isEqualTo(Bodies.tree("{'user_id':'u'}"));
	}

}
