package dev.llmproxy.dialect.openai;

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
import dev.llmproxy.dialect.Transcripts;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OpenAiRequestEncoderTest {

	@Test
	void writesARequestOfAnotherDialect() {
		ChatRequest request = ChatRequest.builder("gpt-5-mini")
			.message(new Message(Role.SYSTEM,
					List.of(new Part.Text("Be brief.", CacheControl.EPHEMERAL), Part.text("And kind."))))
			.message(Message.text(Role.USER, "Weather in Köln?"))
			.message(new Message(Role.ASSISTANT,
					List.of(new Part.Reasoning("I need a tool.", new Signature("anthropic", "EqoB")),
							Part.text("Let me look."),
							new Part.ToolCall("toolu_1", "get_weather", "{\"city\":\"Köln\"}"),
							new Part.ToolCall("toolu_2", "radar", ""))))
			.message(new Message(Role.TOOL,
					List.of(new Part.ToolResult("toolu_1", null, List.of(Part.text("rain")), false, null),
							new Part.ToolResult("toolu_2", null, List.of(image()), false, null))))
			.message(new Message(Role.USER, List.of(Part.text(""), Part.text("And tomorrow?"))))
			.tool(new Tool.Function("get_weather", "Tells it.", Map.of("type", "object"), null, CacheControl.EPHEMERAL))
			.tool(new Tool.Hosted("anthropic", "web_search_20250305", Map.of("type", "web_search_20250305")))
			.toolChoice(ToolChoice.REQUIRED)
			.parallelToolCalls(false)
			.maxTokens(1024)
			.temperature(1.0)
			.topK(5)
			.stop(List.of("1", "2", "3", "4", "5"))
			.reasoning(new ReasoningConfig(true, null, 4096, null))
			.stream(true)
			.user("user-1")
			.metadata(Map.of("a", "b"))
			.serviceTier("standard_only")
			.rest("$dialect", "anthropic")
			.rest("container", "c1")
			.build();
		EncodedRequest encoded = encode(request);
		assertThat(Json.text(encoded.body())).isEqualTo(Json.compact(
				"""
						{"model":"gpt-5-mini","messages":[
						{"role":"system","content":"Be brief.\\n\\nAnd kind."},
						{"role":"user","content":"Weather in Köln?"},
						{"role":"assistant","content":"Let me look.","tool_calls":[
						{"id":"toolu_1","type":"function","function":{"name":"get_weather","arguments":"{\\"city\\":\\"Köln\\"}"}},
						{"id":"toolu_2","type":"function","function":{"name":"radar","arguments":"{}"}}]},
						{"role":"tool","tool_call_id":"toolu_1","content":"rain"},
						{"role":"tool","tool_call_id":"toolu_2","content":"The content follows in the next message of the user."},
						{"role":"user","content":[{"type":"text","text":"Content of the result of tool call toolu_2:"},
						{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},
						{"role":"user","content":"And tomorrow?"}],
						"stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":1024,"temperature":1.0,
						"stop":["1","2","3","4"],
						"tools":[{"type":"function","function":{"name":"get_weather","description":"Tells it.","parameters":{"type":"object"}}}],
						"tool_choice":"required","parallel_tool_calls":false,"reasoning_effort":"medium","user":"user-1"}"""));
		assertThat(encoded.dropped()).containsExactly("messages[2].parts[0] (reasoning)", "top_k", "stop[4]",
				"tools[1] (web_search_20250305)", "metadata", "service_tier", "container");
	}

	@Test
	void keepsPicturesOfResultsBehindAllResults() {
		ChatRequest request = ChatRequest.builder("m")
			.message(new Message(Role.TOOL, List.of(new Part.ToolResult("a", null, List.of(image()), false, null))))
			.message(new Message(Role.TOOL,
					List.of(new Part.ToolResult("b", null, List.of(Part.text("x")), false, null))))
			.build();
		assertThat(Json.text(encode(request).body())).isEqualTo(Json.compact("""
				{"model":"m","messages":[
				{"role":"tool","tool_call_id":"a","content":"The content follows in the next message of the user."},
				{"role":"tool","tool_call_id":"b","content":"x"},
				{"role":"user","content":[{"type":"text","text":"Content of the result of tool call a:"},
				{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]}"""));
	}

	@Test
	void writesBackWhatItsOwnCallersSaid() {
		String json = Json.text(Transcripts.resource(getClass(), "requests/everything.json"));
		EncodedRequest encoded = encode(new OpenAiCodec().decodeRequest(Json.bytes(json), Json.envelope(json)));
		String body = Json.text(encoded.body());
		assertThat(body).contains("\"top_k\":40")
			.contains("\"stop\":[\"END\",\"\\n\\n\",\"3\",\"4\",\"5\"]")
			.contains("\"logit_bias\":{\"50256\":-100}")
			.contains("\"safety_identifier\":\"hash-1\"")
			.contains("\"metadata\":{\"trace\":\"abc\"}")
			.contains("\"minimum\":0.10")
			.contains("\"reasoning_content\":\"I need a tool.\"")
			.contains("\"extra_content\":{\"google\":{\"thought_signature\":\"CrICAdHtim827fQ==\"}}")
			.contains("{\"type\":\"custom\",\"custom\":{\"name\":\"run_sql\"")
			.doesNotContain("$dialect")
			.doesNotContain("cache_control");
		assertThat(encoded.dropped()).containsExactly("messages[2].content[6]", "messages[7].audio");
	}

	@Test
	void writesBackThoughtsInTheFieldTheyCameIn() {
		String json = Json.text(Transcripts.resource(getClass(), "requests/extensions.json"));
		EncodedRequest encoded = encode(new OpenAiCodec().decodeRequest(Json.bytes(json), Json.envelope(json)));
		assertThat(Json.text(encoded.body())).contains("""
				"reasoning_details":[{"type":"reasoning.text","signature":"EqoBCkgI","format":"anthropic-claude-v1",\
				"index":0,"text":"A greeting."},{"type":"reasoning.encrypted","data":"EmwKAhgB","index":1}]""")
			.contains("""
					"thinking_blocks":[{"type":"thinking","signature":"EqoBCkgJ","thinking":"Small talk."},\
					{"type":"redacted_thinking","data":"EmwKAhgC"}]""")
			.contains("\"content\":\"Yes\",\"reasoning\":\"Plain.\"")
			.contains("\"reasoning\":{\"max_tokens\":2000}")
			.contains("\"max_completion_tokens\":64");
		assertThat(encoded.dropped()).containsExactly("reasoning.exclude", "metadata.tags");
	}

	@Test
	void writesCallsOfCustomToolsAsSuch() {
		String json = """
				{"model":"m","messages":[{"role":"assistant","tool_calls":[
				{"id":"c","type":"custom","custom":{"name":"run_sql","input":"SELECT \\"a\\""}}]},
				{"role":"tool","tool_call_id":"c","content":"1"}],
				"tools":[{"type":"custom","custom":{"name":"run_sql"}}],
				"tool_choice":{"type":"custom","custom":{"name":"run_sql"}}}""";
		EncodedRequest encoded = encode(new OpenAiCodec().decodeRequest(Json.bytes(json), Json.envelope(json)));
		assertThat(Json.text(encoded.body()))
			.isEqualTo(Json.compact(json.replace("\"assistant\",", "\"assistant\",\"content\":null,")));
		assertThat(encoded.dropped()).isEmpty();
	}

	@Test
	void shortensIdentifiersThatOpenAiRefusesTheSameEverywhere() {
		String id = "chatcmpl-tool-" + "f".repeat(32);
		ChatRequest request = ChatRequest.builder("m")
			.message(new Message(Role.ASSISTANT, List.of(new Part.ToolCall(id, "f", "{}"))))
			.message(new Message(Role.TOOL, List.of(new Part.ToolResult(id, "f", List.of(), true, null))))
			.build();
		String body = Json.text(encode(request).body());
		String shortened = OpenAiToolCalls.shortId(id);
		assertThat(shortened).hasSizeLessThanOrEqualTo(40);
		assertThat(body).contains("{\"id\":\"" + shortened + "\"")
			.contains("\"tool_call_id\":\"" + shortened + "\",\"content\":\"The tool failed.\"")
			.doesNotContain(id);
		assertThat(encode(request).dropped()).containsExactly("messages[1].parts[0].error");
	}

	@Test
	void namesMediaThatHaveNoFormHere() {
		ChatRequest request = ChatRequest.builder("m")
			.message(new Message(Role.SYSTEM, List.of(Part.text("s"), image())))
			.message(new Message(Role.USER,
					List.of(new Part.Document(new MediaSource.Url("https://example.org/a.pdf"), null, null),
							new Part.Image(new MediaSource.FileId("f"), null, null),
							new Part.Audio(new MediaSource.Url("https://example.org/a.wav")),
							new Part.Audio(new MediaSource.Inline("audio/mpeg", "SUQz")),
							new Part.Document(new MediaSource.PlainText("text"), "a.txt", null),
							new Part.Document(new MediaSource.Inline("application/pdf", "JVBERi0="), null, null))))
			.message(new Message(Role.ASSISTANT, List.of(image())))
			.build();
		EncodedRequest encoded = encode(request);
		assertThat(encoded.dropped()).containsExactly("messages[0].parts[1] (image)", "messages[1].parts[0] (document)",
				"messages[1].parts[1] (image)", "messages[1].parts[2] (audio)", "messages[2].parts[0] (image)");
		assertThat(Json.text(encoded.body())).isEqualTo(Json.compact(
				"""
						{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":[
						{"type":"input_audio","input_audio":{"data":"SUQz","format":"mp3"}},
						{"type":"text","text":"a.txt\\n\\ntext"},
						{"type":"file","file":{"filename":"document.pdf","file_data":"data:application/pdf;base64,JVBERi0="}}]}]}"""));
	}

	@Test
	void leavesOutRulesForToolsThatAreNotThere() {
		ChatRequest request = ChatRequest.builder("m")
			.message(Message.text(Role.USER, "x"))
			.tool(new Tool.Hosted("gemini", "google_search", Map.of()))
			.toolChoice(ToolChoice.AUTO)
			.parallelToolCalls(true)
			.build();
		assertThat(Json.text(encode(request).body()))
			.isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
	}

	@Test
	void saysNothingOfThinkingThatOpenAiHasNoHarmlessWordFor() {
		ChatRequest.Builder request = ChatRequest.builder("m").message(Message.text(Role.USER, "x"));
		EncodedRequest off = encode(request.reasoning(new ReasoningConfig(false, null, null, null)).build());
		assertThat(Json.text(off.body())).doesNotContain("reasoning");
		assertThat(off.dropped()).containsExactly("reasoning");
		assertThat(Json.text(encode(request.reasoning(ReasoningConfig.effort("none")).build()).body()))
			.contains("\"reasoning_effort\":\"none\"");
		assertThat(Json.text(encode(request.reasoning(ReasoningConfig.effort("max")).build()).body()))
			.contains("\"reasoning_effort\":\"xhigh\"");
	}

	@Test
	void givesFormatsNamesThatOpenAiTakes() {
		ChatRequest request = ChatRequest.builder("m")
			.message(Message.text(Role.USER, "x"))
			.responseFormat(new ResponseFormat.JsonSchema("my answer/é", null, Map.of("type", "object"), null))
			.build();
		assertThat(Json.text(encode(request).body())).contains(
				"\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"my_answer__\",\"schema\":{\"type\":\"object\"}}}");
	}

	@Test
	void leavesOutTurnsOfWhichNothingIsLeft() {
		ChatRequest request = ChatRequest.builder("m")
			.message(Message.text(Role.USER, "x"))
			.message(new Message(Role.ASSISTANT, List.of(new Part.Reasoning("t", null))))
			.message(Message.text(Role.USER, "y"))
			.build();
		EncodedRequest encoded = encode(request);
		assertThat(Json.text(encoded.body())).doesNotContain("assistant");
		assertThat(encoded.dropped()).containsExactly("messages[1].parts[0] (reasoning)");
	}

	private static Part.Image image() {
		return new Part.Image(new MediaSource.Inline("image/png", "iVBORw0KGgo="), null, null);
	}

	private static EncodedRequest encode(ChatRequest request) {
		return new OpenAiCodec().encodeRequest(request);
	}

}
