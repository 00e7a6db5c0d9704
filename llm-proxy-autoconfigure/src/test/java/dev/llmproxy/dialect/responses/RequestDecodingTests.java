package dev.llmproxy.dialect.responses;

import java.math.BigDecimal;
import java.math.BigInteger;
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
import dev.llmproxy.dialect.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RequestDecodingTests {

	private final ChatRequest request = Samples.decode(Samples.resource("request.json"));

	@Test
	void aStringIsWhatTheUserSays() {
		assertThat(Samples.decode(Samples.json("{'model':'m','input':'Hi'}")).messages())
			.containsExactly(Message.text(Role.USER, "Hi"));
	}

	@Test
	void itemsBecomeTurns() {
		assertThat(this.request.messages()).extracting(Message::role)
			.containsExactly(Role.SYSTEM, Role.DEVELOPER, Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER);
		assertThat(this.request.messages().get(0)).isEqualTo(Message.text(Role.SYSTEM, "You are terse."));
	}

	@Test
	void contentKeepsItsKindsAndSources() {
		assertThat(this.request.messages().get(2).parts()).containsExactly(
				new Part.Text("What is in these?", CacheControl.EPHEMERAL),
				new Part.Image(new MediaSource.Url("https://example.com/cat.png"), "low", null),
				new Part.Image(new MediaSource.Inline("image/png", "iVBORw0KGgo="), null, null),
				new Part.Image(new MediaSource.FileId("file-abc"), "high", null),
				new Part.Document(new MediaSource.Inline("application/pdf", "JVBERi0="), "a.pdf", null),
				new Part.Document(new MediaSource.Url("https://example.com/b.pdf"), null, null),
				new Part.Document(new MediaSource.FileId("file-def"), null, null));
	}

	@Test
	void whatTheModelDidIsOneTurn() {
		assertThat(this.request.messages().get(3).parts()).containsExactly(
				new Part.Reasoning("Look at both.\n\nThen ask.", new Signature("responses", "gAAAAABo+/secret==")),
				Part.text("Let me check."), new Part.Refusal("Not the second."),
				new Part.ToolCall("call_1", "weather", "{\"city\": \"Ulm\"}"),
				new Part.ToolCall("call_2", "look", "{}"));
		assertThat(this.request.messages().get(4).parts()).containsExactly(
				new Part.ToolResult("call_1", null, List.of(Part.text("12 °C")), false, null),
				new Part.ToolResult("call_2", null,
						List.of(Part.text("A picture:"),
								new Part.Image(new MediaSource.Inline("image/jpeg", "/9j/4AA="), null, null)),
						false, null));
	}

	@Test
	void schemasKeepTheirOrderAndDigits() {
		Tool.Function weather = (Tool.Function) this.request.tools().get(0);
		assertThat(weather.strict()).isTrue();
		assertThat(weather.parameters()).isNotNull();
		assertThat(weather.parameters().keySet()).containsExactly("type", "properties", "required",
				"additionalProperties");
		assertThat(weather.parameters()).extracting("properties")
			.extracting("above")
			.isEqualTo(Map.of("type", "number", "minimum", new BigDecimal("0.10"), "maximum",
					new BigInteger("123456789012345678901234567890")));
		ResponseFormat.JsonSchema format = (ResponseFormat.JsonSchema) this.request.responseFormat();
		assertThat(format).isNotNull();
		assertThat(((Map<?, ?>) format.schema().get("properties")).keySet()).map(String::valueOf)
			.containsExactly("z", "a");
	}

	@Test
	void toolsOfTheProviderAreKeptAsTheyAre() {
		assertThat(this.request.tools().get(2)).isEqualTo(
				new Tool.Hosted("responses", "web_search", Map.of("type", "web_search", "search_context_size", "low")));
	}

	@Test
	void settingsAreRead() {
		assertThat(this.request.model()).isEqualTo("gpt-5.1");
		assertThat(this.request.stream()).isTrue();
		assertThat(this.request.includeUsage()).isTrue();
		assertThat(this.request.maxTokens()).isEqualTo(1000);
		assertThat(this.request.temperature()).isEqualTo(0.7);
		assertThat(this.request.topP()).isEqualTo(0.9);
		assertThat(this.request.parallelToolCalls()).isFalse();
		assertThat(this.request.toolChoice()).isEqualTo(ToolChoice.named("weather"));
		assertThat(this.request.reasoning()).isEqualTo(new ReasoningConfig(null, "low", null, "auto"));
		assertThat(this.request.metadata()).isEqualTo(Map.of("ticket", "42"));
		assertThat(this.request.user()).isEqualTo("user-1");
		assertThat(this.request.serviceTier()).isEqualTo("flex");
	}

	@Test
	void whatHasNoPlaceIsKeptByItsPath() {
		assertThat(this.request.rest()).containsExactlyInAnyOrderEntriesOf(
				Map.of("$dialect", "responses", "prompt_cache_key", "key-1", "max_tool_calls", 3, "text.verbosity",
						"low", "reasoning.context", "all_turns", "include", List.of("message.output_text.logprobs"),
						"safety_identifier", "hash-1", "truncation", "auto", "top_logprobs", 2));
		assertThat(this.request.rest().keySet()).first().isEqualTo("$dialect");
	}

	@Test
	void whatRepeatsTheDefaultNeedsNoPlace() {
		assertThat(Samples
			.decode("'store':false,'truncation':'disabled','top_logprobs':0,'background':false,"
					+ "'include':['reasoning.encrypted_content'],'stream_options':{'include_obfuscation':false},"
					+ "'conversation':null,'prompt_cache_key':null")
			.rest()).containsOnlyKeys("$dialect");
		assertThat(Samples.decode("'store':true,'stream_options':{'include_obfuscation':true}").rest())
			.containsOnlyKeys("$dialect", "store", "stream_options");
	}

	@Test
	void membersThatNobodyKnowsAreKeptWhereverTheyStand() {
		ChatRequest request = Samples.decode(Samples.json("""
				{'model':'m','tools':[{'type':'function','name':'f','defer_loading':true}],'input':[
				{'role':'assistant','content':[{'type':'output_text','text':'a','annotations':[{'type':'x'}]}],
				'phase':'commentary'},
				{'role':'user','content':[{'type':'input_file','file_id':'f','detail':'low'}]},
				{'type':'function_call','call_id':'c','name':'f','arguments':'','namespace':'n'},
				{'type':'custom_tool_call','call_id':'d','name':'g','input':'x'},
				{'type':'reasoning','id':'rs_1','summary':[]}]}"""));
		assertThat(request.rest()).containsOnlyKeys("$dialect", "input[0].phase", "input[0].content[0].annotations",
				"input[1].content[0].detail", "input[2].namespace", "input[3] (custom_tool_call)",
				"input[4] (reasoning)", "tools[0].defer_loading");
		assertThat(Samples.dropped(request)).hasSize(7);
	}

	@Test
	void theUserMayBeCalledByItsNewName() {
		assertThat(Samples.decode("'safety_identifier':'hash'").user()).isEqualTo("hash");
		assertThat(Samples.decode("'safety_identifier':'hash'").rest()).doesNotContainKey("safety_identifier");
	}

	@Test
	void formatsAreRead() {
		assertThat(Samples.decode("'text':{'format':{'type':'text'}}").responseFormat())
			.isEqualTo(new ResponseFormat.Text());
		assertThat(Samples.decode("'text':{'format':{'type':'json_object'}}").responseFormat())
			.isEqualTo(new ResponseFormat.JsonObject());
		assertThat(Samples.decode("'text':{'verbosity':'low'}").responseFormat()).isNull();
	}

	@Test
	void theOldNameOfTheSummaryIsUnderstood() {
		assertThat(Samples.decode("'reasoning':{'generate_summary':'concise'}").reasoning())
			.isEqualTo(new ReasoningConfig(null, null, null, "concise"));
		assertThat(Samples.decode("'reasoning':{}").reasoning()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "none, NONE", "auto, AUTO", "required, REQUIRED" })
	void wordsForToolChoicesAreRead(String word, ToolChoice.Mode mode) {
		assertThat(Samples.decode("'tool_choice':'" + word + "'").toolChoice()).isEqualTo(new ToolChoice(mode, null));
	}

	@Test
	void toAllowSomeToolsIsToHaveNoOthers() {
		ChatRequest request = Samples.decode("""
				'tools':[{'type':'function','name':'a'},{'type':'function','name':'b'},{'type':'web_search'},
				{'type':'mcp','server_label':'one'},{'type':'mcp','server_label':'two'},{'type':'image_generation'}],
				'tool_choice':{'type':'allowed_tools','mode':'required','tools':[{'type':'function','name':'b'},
				{'type':'mcp','server_label':'two'},{'type':'image_generation'}]}""");
		assertThat(request.toolChoice()).isEqualTo(ToolChoice.REQUIRED);
		assertThat(request.tools()).extracting(Tool::name).containsExactly("b", "mcp", "image_generation");
		assertThat(((Tool.Hosted) request.tools().get(1)).definition()).containsEntry("server_label", "two");
	}

	@Test
	void theChoiceOfAHostedToolIsKeptAsItIs() {
		ChatRequest request = Samples.decode("'tools':[{'type':'web_search'}],'tool_choice':{'type':'web_search'}");
		assertThat(request.toolChoice()).isNull();
		assertThat(request.rest()).containsEntry("tool_choice", Map.of("type", "web_search"));
	}

	@Test
	void recordingsAndBareDataAreTaken() {
		assertThat(Samples.items("""
				{'role':'user','content':[{'type':'input_audio','input_audio':{'format':'wav','data':'UklG'}},
				{'type':'input_file','filename':'A.PDF','file_data':'JVBERi0='},
				{'type':'input_file','filename':'a.xlsx','file_data':'UEs='}]}""").get(0).parts()).containsExactly(
				new Part.Audio(new MediaSource.Inline("audio/wav", "UklG")),
				new Part.Document(new MediaSource.Inline("application/pdf", "JVBERi0="), "A.PDF", null),
				new Part.Document(new MediaSource.Inline("application/octet-stream", "UEs="), "a.xlsx", null));
	}

	@Test
	void resultsOfCallsInARowAreOneTurn() {
		assertThat(Samples.items("""
				{'type':'function_call','call_id':'a','name':'f','arguments':'{}'},
				{'type':'function_call_output','call_id':'a','output':'1'},
				{'type':'function_call','call_id':'b','name':'f','arguments':'{}'},
				{'type':'function_call','call_id':'c','name':'f','arguments':' '},
				{'type':'function_call_output','call_id':'b','output':''},
				{'type':'function_call_output','call_id':'c','output':[]}""")).containsExactly(
				new Message(Role.ASSISTANT, List.of(new Part.ToolCall("a", "f", "{}"))),
				new Message(Role.TOOL, List.of(new Part.ToolResult("a", null, List.of(Part.text("1")), false, null))),
				new Message(Role.ASSISTANT,
						List.of(new Part.ToolCall("b", "f", "{}"), new Part.ToolCall("c", "f", "{}"))),
				new Message(Role.TOOL, List.of(new Part.ToolResult("b", null, List.of(Part.text("")), false, null),
						new Part.ToolResult("c", null, List.of(), false, null))));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					{'model':'m'}                                                             | input
					{'model':'m','input':[]}                                                  | input
					{'model':'m','input':7}                                                   | input
					{'input':'x'}                                                             | model
					{'model':'m','input':['x']}                                               | input[0]
					{'model':'m','input':[{}]}                                                | input[0].type
					{'model':'m','input':[{'role':'tool','content':'x'}]}                     | input[0].role
					{'model':'m','input':[{'role':'user'}]}                                   | input[0].content
					{'model':'m','input':[{'role':'user','content':[{'type':'text','text':'x'}]}]} | input[0].content[0].type
					{'model':'m','input':[{'role':'user','content':[{'type':'input_text'}]}]} | input[0].content[0].text
					{'model':'m','input':[{'role':'user','content':[{'type':'input_image'}]}]} | input[0].content[0].image_url
					{'model':'m','input':[{'role':'user','content':[{'type':'input_image','image_url':{'url':'x'}}]}]} | input[0].content[0].image_url
					{'model':'m','input':[{'role':'user','content':[{'type':'input_image','image_url':'data:image/png,x'}]}]} | input[0].content[0].image_url
					{'model':'m','input':[{'role':'user','content':[{'type':'input_file'}]}]} | input[0].content[0].file_data
					{'model':'m','input':[{'role':'user','content':[{'type':'input_audio'}]}]} | input[0].content[0].input_audio
					{'model':'m','input':[{'type':'function_call','name':'f','arguments':'{}'}]} | input[0].call_id
					{'model':'m','input':[{'type':'function_call','call_id':'c','arguments':'{}'}]} | input[0].name
					{'model':'m','input':[{'type':'function_call','call_id':'c','name':'f','arguments':{}}]} | input[0].arguments
					{'model':'m','input':[{'type':'function_call_output','output':'x'}]}      | input[0].call_id
					{'model':'m','input':[{'type':'function_call_output','call_id':'c'}]}     | input[0].output
					{'model':'m','input':'x','instructions':[]}                               | instructions
					{'model':'m','input':'x','max_output_tokens':0}                           | max_output_tokens
					{'model':'m','input':'x','temperature':'hot'}                             | temperature
					{'model':'m','input':'x','parallel_tool_calls':'yes'}                     | parallel_tool_calls
					{'model':'m','input':'x','tools':{}}                                      | tools
					{'model':'m','input':'x','tools':[{'type':'function','function':{'name':'f'}}]} | tools[0].name
					{'model':'m','input':'x','tools':[{'type':'function','name':'f','parameters':[]}]} | tools[0].parameters
					{'model':'m','input':'x','tool_choice':'some'}                            | tool_choice
					{'model':'m','input':'x','tool_choice':{'type':'function'}}               | tool_choice.name
					{'model':'m','input':'x','tool_choice':{'type':'allowed_tools','tools':[]}} | tool_choice.tools
					{'model':'m','input':'x','tool_choice':{'type':'allowed_tools','tools':[{'type':'function','name':'f'}]}} | tool_choice.tools
					{'model':'m','input':'x','text':{'format':{'type':'xml'}}}                | text.format.type
					{'model':'m','input':'x','text':{'format':{'type':'json_schema','name':'n'}}} | text.format.schema
					{'model':'m','input':'x','text':{'format':{'type':'json_schema','schema':{}}}} | text.format.name
					{'model':'m','input':'x','reasoning':'high'}                              | reasoning
					{'model':'m','input':'x','include':[7]}                                   | include[0]
					{'model':'m','input':'x','metadata':{'a':1}}                              | metadata.a
					""")
	void whatIsWrongIsNamed(String body, String param) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> Samples.decode(Samples.json(body)))
			.satisfies((ex) -> assertThat(ex.error().param()).isEqualTo(param));
	}

}
