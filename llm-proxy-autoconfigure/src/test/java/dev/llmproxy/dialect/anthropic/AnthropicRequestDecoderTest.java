package dev.llmproxy.dialect.anthropic;

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
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

class AnthropicRequestDecoderTest {

	private static final String HELLO = "'messages':[{'role':'user','content':'Hello'}]";

	@Test
	void readsEverythingThatHasAPlace() {
		ChatRequest request = Bodies.decode(Bodies.file("request-full.json"));

		assertThat(request.model()).isEqualTo("claude-sonnet-4-5-20250929");
		assertThat(request.maxTokens()).isEqualTo(2048);
		assertThat(request.stream()).isTrue();
		assertThat(request.includeUsage()).isTrue();
		assertThat(request.temperature()).isEqualTo(0.5);
		assertThat(request.topK()).isEqualTo(40);
		assertThat(request.stop()).containsExactly("END", "\n\nHuman:");
		assertThat(request.user()).isEqualTo("user-7");
		assertThat(request.serviceTier()).isEqualTo("standard_only");
		assertThat(request.toolChoice()).isEqualTo(ToolChoice.named("get_weather"));
		assertThat(request.parallelToolCalls()).isFalse();
		assertThat(request.responseFormat()).isInstanceOfSatisfying(ResponseFormat.JsonSchema.class,
				(format) -> assertThat(format.schema().toString()).contains("minimum=1.50")
					.startsWith("{type=object, properties={z="));
		assertThat(request.rest()).containsOnlyKeys("$dialect", "container", "mcp_servers")
			.containsEntry("$dialect", "anthropic")
			.containsEntry("container", "container_1");
	}

	@Test
	void readsTools() {
		ChatRequest request = Bodies.decode(Bodies.file("request-full.json"));

		assertThat(request.tools().get(0)).isInstanceOfSatisfying(Tool.Function.class, (tool) -> {
			assertThat(tool.name()).isEqualTo("get_weather");
			assertThat(tool.description()).isEqualTo("Tells the weather.");
			assertThat(tool.strict()).isTrue();
			assertThat(tool.cacheControl()).isEqualTo(new CacheControl("1h"));
			assertThat(tool.parameters()).containsOnlyKeys("type", "properties", "required");
		});
		assertThat(request.tools().get(1)).isEqualTo(new Tool.Hosted("anthropic", "web_search_20250305",
				Map.of("type", "web_search_20250305", "name", "web_search", "max_uses", 3)));
	}

	@Test
	void readsMessages() {
		List<Message> messages = Bodies.decode(Bodies.file("request-full.json")).messages();

		assertThat(messages).extracting(Message::role)
			.containsExactly(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER);
		assertThat(messages.get(0).parts()).containsExactly(Part.text("Be brief."),
				new Part.Text("Speak German.", CacheControl.EPHEMERAL));
		assertThat(messages.get(1).parts()).containsExactly(Part.text("Look:"),
				new Part.Image(new MediaSource.Inline("image/png", "iVBORw0KGgo="), null, null),
				new Part.Image(new MediaSource.Url("https://example.org/a.jpg"), null, CacheControl.EPHEMERAL),
				new Part.Image(new MediaSource.FileId("file_011"), null, null),
				new Part.Document(new MediaSource.Inline("application/pdf", "JVBERi0="), "report.pdf", null),
				new Part.Document(new MediaSource.Url("https://example.org/a.pdf"), null, null),
				new Part.Document(new MediaSource.PlainText("Plain."), "note", null),
				new Part.Document(new MediaSource.FileId("file_012"), null, null));
		assertThat(messages.get(2).parts()).containsExactly(
				new Part.Reasoning("Two cities.", new Signature("anthropic", "EqQBCgIYAhIM")),
				new Part.Reasoning("", null, new Signature("anthropic", "EmwKAhgBEgy3")), Part.text("I'll ask."),
				new Part.ToolCall("toolu_01", "get_weather", "{\"city\":\"Köln\",\"at\":1.10}"),
				new Part.ToolCall("toolu_02", "get_weather", "{}"));
		assertThat(messages.get(3).parts()).containsExactly(
				new Part.ToolResult("toolu_01", null, List.of(Part.text("18 °C")), false, null),
				new Part.ToolResult("toolu_02", null,
						List.of(Part.text("No city."),
								new Part.Image(new MediaSource.Inline("image/png", "iVBORw0KGgo="), null, null)),
						true, CacheControl.EPHEMERAL));
		assertThat(messages.get(4).parts()).containsExactly(Part.text("And tomorrow?"));
	}

	@Test
	void takesModelAndStreamFromTheEnvelope() {
		ChatRequest request = Bodies.CODEC.decodeRequest(Bodies.json("{'max_tokens':1," + HELLO + "}"),
				Envelope.none().withModel("from-path").withStream(true));

		assertThat(request.model()).isEqualTo("from-path");
		assertThat(request.stream()).isTrue();
	}

	@Test
	void leavesTheLimitToTheFrontWhereItIsMissing() {
		ChatRequest request = Bodies.decode(Bodies.json("{'model':'m'," + HELLO + "}"));

		assertThat(request.maxTokens()).isNull();
	}

	@Test
	void readsThinking() {
		assertThat(reasoning("'thinking':{'type':'enabled','budget_tokens':2048}"))
			.isEqualTo(new ReasoningConfig(true, null, 2048, "auto"));
		assertThat(reasoning("'thinking':{'type':'adaptive'},'output_config':{'effort':'high'}"))
			.isEqualTo(new ReasoningConfig(true, "high", -1, "auto"));
		assertThat(reasoning("'thinking':{'type':'adaptive','display':'summarized'}"))
			.isEqualTo(new ReasoningConfig(true, null, -1, "auto"));
		assertThat(reasoning("'thinking':{'type':'disabled'}")).isEqualTo(new ReasoningConfig(false, null, null, null));
		assertThat(reasoning("'thinking':{'type':'between_tools'}"))
			.isEqualTo(new ReasoningConfig(false, null, null, null));
		assertThat(reasoning("'output_config':{'effort':'low'}")).isEqualTo(ReasoningConfig.effort("low"));
	}

	@Test
	void keepsThinkingOfALaterKindAside() {
		ChatRequest request = Bodies.decode(HELLO + ",'thinking':{'type':'dreaming','depth':2}");

		assertThat(request.reasoning()).isNull();
		assertThat(request.rest()).contains(entry("thinking", Map.of("type", "dreaming", "depth", 2)));
	}

	private static ReasoningConfig reasoning(String members) {
		return Bodies.decode(HELLO + "," + members).reasoning();
	}

	@Test
	void readsTheFormatWhereTheBetaHadIt() {
		ChatRequest request = Bodies
			.decode(HELLO + ",'output_format':{'type':'json_schema','schema':{'type':'object'}}");

		assertThat(request.responseFormat())
			.isEqualTo(new ResponseFormat.JsonSchema("response", null, Map.of("type", "object"), true));
	}

	@Test
	void keepsWhatHasNoPlaceByItsPath() {
		ChatRequest request = Bodies.decode("'inference_geo':'eu','metadata':{'team':'x'},"
				+ "'tools':[{'name':'t','input_schema':{'type':'object'},'defer_loading':true,'type':'custom'}],"
				+ "'tool_choice':{'type':'auto','later':1},'messages':[{'role':'user','content':["
				+ "{'type':'text','text':'a','citations':[{'type':'x'}]},{'type':'text','text':'b','citations':null},"
				+ "{'type':'document','title':'d','context':'c','citations':{'enabled':true},"
				+ "'source':{'type':'url','url':'https://example.org/d.pdf'}}]},{'role':'assistant','content':["
				+ "{'type':'server_tool_use','id':'s','name':'web_search','input':{}},"
				+ "{'type':'tool_use','id':'a','name':'t','input':{},'caller':{'type':'direct'}},"
				+ "{'type':'tool_use','id':'b','name':'t','input':{},'caller':{'type':'code_execution'}}]}]");

		assertThat(request.rest()).containsOnlyKeys("$dialect", "inference_geo", "metadata.team",
				"tools[0].defer_loading", "tool_choice.later", "messages[0].content[0].citations",
				"messages[0].content[2].context", "messages[0].content[2].citations", "messages[1].content[0]",
				"messages[1].content[2].caller");
		assertThat(request.messages().get(1).parts()).hasSize(2);
	}

	@Test
	void readsDocumentsMadeOfBlocksAndSearchResults() {
		ChatRequest request = Bodies.decode("'messages':[{'role':'user','content':["
				+ "{'type':'document','title':'d','source':{'type':'content','content':'one'}},"
				+ "{'type':'document','source':{'type':'content','content':[{'type':'text','text':'a'},"
				+ "{'type':'image','source':{'type':'file','file_id':'file_1'}},{'type':'text','text':'b'}]}},"
				+ "{'type':'search_result','source':'https://example.org','title':'t',"
				+ "'content':[{'type':'text','text':'found'}]}]}]");

		assertThat(request.messages().get(0).parts()).containsExactly(
				new Part.Document(new MediaSource.PlainText("one"), "d", null),
				new Part.Document(new MediaSource.PlainText("a\nb"), null, null),
				new Part.Image(new MediaSource.FileId("file_1"), null, null),
				new Part.Document(new MediaSource.PlainText("found"), "t", null));
		assertThat(request.rest()).containsKey("messages[0].content[2].source");
	}

	@Test
	void givesTheProofBeforeACallToTheCall() {
		Signature proof = new Signature("gemini", "abc");
		ChatRequest request = Bodies.decode("'messages':[{'role':'assistant','content':["
				+ "{'type':'thinking','thinking':'','signature':'" + AnthropicSignatures.encodeOfCall(proof) + "'},"
				+ "{'type':'tool_use','id':'a','name':'t','input':{}},{'type':'tool_use','id':'b','name':'t'}]}]");

		assertThat(request.messages().get(0).parts()).containsExactly(new Part.ToolCall("a", "t", "{}", proof, null),
				new Part.ToolCall("b", "t", "{}"));
	}

	@Test
	void keepsThoughtsWithoutTextApartFromTheCallAfterThem() {
		Signature proof = new Signature("responses", "abc");
		ChatRequest request = Bodies
			.decode("'messages':[{'role':'assistant','content':[" + "{'type':'thinking','thinking':'','signature':'"
					+ proof.in("anthropic") + "'}," + "{'type':'tool_use','id':'a','name':'t','input':{}}]}]");

		assertThat(request.messages().get(0).parts()).containsExactly(new Part.Reasoning("", proof),
				new Part.ToolCall("a", "t", "{}"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					'messages':[]                                                            | messages
					'messages':{}                                                            | messages
					'system':'x'                                                             | messages
					'messages':['x']                                                         | messages[0]
					'messages':[{'content':'x'}]                                             | messages[0].role
					'messages':[{'role':'tool','content':'x'}]                               | messages[0].role
					'messages':[{'role':'user'}]                                             | messages[0].content
					'messages':[{'role':'user','content':[{'text':'x'}]}]                    | messages[0].content[0].type
					'messages':[{'role':'user','content':[{'type':'text'}]}]                 | messages[0].content[0].text
					'messages':[{'role':'user','content':[{'type':'image','source':{'type':'bits'}}]}] | messages[0].content[0].source.type
					'messages':[{'role':'user','content':[{'type':'image','source':{'type':'base64','data':'x'}}]}] | messages[0].content[0].source.media_type
					'messages':[{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'b','input':'x'}]}] | messages[0].content[0].input
					'messages':[{'role':'user','content':[{'type':'tool_result','content':'x'}]}] | messages[0].content[0].tool_use_id
					'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'a','is_error':1}]}] | messages[0].content[0].is_error
					'temperature':1.1,'messages':[{'role':'user','content':'x'}]             | temperature
					'top_p':'1','messages':[{'role':'user','content':'x'}]                   | top_p
					'top_k':1.5,'messages':[{'role':'user','content':'x'}]                   | top_k
					'stop_sequences':[1],'messages':[{'role':'user','content':'x'}]          | stop_sequences[0]
					'tools':[{'input_schema':{}}],'messages':[{'role':'user','content':'x'}] | tools[0].name
					'tool_choice':{'type':'tool'},'messages':[{'role':'user','content':'x'}] | tool_choice.name
					'tool_choice':{'type':'some'},'messages':[{'role':'user','content':'x'}] | tool_choice.type
					'thinking':{'type':'enabled'},'messages':[{'role':'user','content':'x'}] | thinking.budget_tokens
					'output_config':{'format':{'type':'yaml'}},'messages':[{'role':'user','content':'x'}] | output_config.format.type
					'metadata':'x','messages':[{'role':'user','content':'x'}]                | metadata
					""")
	void namesThePlaceOfAMistake(String members, String param) {
		assertThatThrownBy(() -> Bodies.decode(members)).isInstanceOfSatisfying(InvalidRequestException.class,
				(failure) -> assertThat(failure.error().param()).isEqualTo(param));
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "1.5", "99999999999", "'1'" })
	void refusesLimitsThatAreNone(String limit) {
		byte[] body = Bodies.json("{'model':'m','max_tokens':" + limit + "," + HELLO + "}");

		assertThatThrownBy(() -> Bodies.CODEC.decodeRequest(body, Envelope.none().withModel("m")))
			.isInstanceOfSatisfying(InvalidRequestException.class,
					(failure) -> assertThat(failure.error().param()).isEqualTo("max_tokens"));
	}

	@Test
	void refusesARequestWithoutAModel() {
		assertThatThrownBy(() -> Bodies.decode(Bodies.json("{" + HELLO + "}"))).isInstanceOfSatisfying(
				InvalidRequestException.class, (failure) -> assertThat(failure.error().param()).isEqualTo("model"));
	}

}
