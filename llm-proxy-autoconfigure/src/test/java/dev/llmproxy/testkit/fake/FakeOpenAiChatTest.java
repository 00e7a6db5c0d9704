package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.SseEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class FakeOpenAiChatTest {

	private static final String PATH = "/v1/chat/completions";

	private static final String TOOLS = "'tools':[{'type':'function','function':{'name':'get_weather','parameters':"
			+ "{'type':'object','properties':{'city':{'type':'string'},'days':{'type':'integer'}},'required':['city']}}},"
			+ "{'type':'function','function':{'name':'get_time'}}]";

	private final FakeProvider provider = Fakes.openAi();

	private final FakeCaller caller = new FakeCaller(this.provider,
			Map.of("Authorization", "Bearer " + this.provider.apiKey()));

	@AfterEach
	void close() {
		this.provider.close();
	}

	private static String user(String text) {
		return "'model':'gpt-4o','messages':[{'role':'user','content':'" + text + "'}]";
	}

	private JsonNode chat(String body) {
		return this.caller.ok(PATH, "{" + body + "}");
	}

	private static JsonNode message(JsonNode completion) {
		return completion.at("/choices/0/message");
	}

	@Test
	void answersWithText() {
		JsonNode completion = chat(user("Hi"));
		assertThat(completion.get("object").asString()).isEqualTo("chat.completion");
		assertThat(message(completion).get("content").asString()).isEqualTo("You said: Hi");
		assertThat(completion.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
		JsonNode usage = completion.get("usage");
		assertThat(usage.get("total_tokens").asInt())
			.isEqualTo(usage.get("prompt_tokens").asInt() + usage.get("completion_tokens").asInt());
		assertThat(this.provider.rejections()).isEmpty();
	}

	@Test
	void callsAToolAndQuotesItsResult() {
		JsonNode completion = chat(user("Weather?") + "," + TOOLS);
		assertThat(completion.at("/choices/0/finish_reason").asString()).isEqualTo("tool_calls");
		assertThat(message(completion).get("content").isNull()).isTrue();
		JsonNode call = message(completion).at("/tool_calls/0");
		assertThat(call.at("/function/name").asString()).isEqualTo("get_weather");
		assertThat(Json.read(call.at("/function/arguments").asString()))
			.isEqualTo(Json.read("{\"city\":\"some city\",\"days\":42}"));
		JsonNode answer = chat(
				"'model':'gpt-4o','messages':[{'role':'user','content':'Weather?'}," + message(completion)
						+ ",{'role':'tool','tool_call_id':" + call.get("id") + ",'content':'18 C'}]," + TOOLS);
		assertThat(message(answer).get("content").asString()).isEqualTo("get_weather returned 18 C.");
	}

	@Test
	void callsToolsInParallelOnlyIfItMay() {
		assertThat(message(chat(user("parallel") + "," + TOOLS)).get("tool_calls")).hasSize(2);
		assertThat(message(chat(user("parallel") + ",'parallel_tool_calls':false," + TOOLS)).get("tool_calls"))
			.hasSize(1);
	}

	@Test
	void obeysTheToolChoice() {
		String named = ",'tool_choice':{'type':'function','function':{'name':'get_time'}},";
		assertThat(message(chat(user("x") + named + TOOLS)).at("/tool_calls/0/function/name").asString())
			.isEqualTo("get_time");
		assertThat(message(chat(user("x") + ",'tool_choice':'none'," + TOOLS)).has("tool_calls")).isFalse();
		assertThat(message(chat(user("no tools") + ",'tool_choice':'required'," + TOOLS)).has("tool_calls")).isTrue();
	}

	@Test
	void conformsToASchema() {
		String format = ",'response_format':{'type':'json_schema','json_schema':{'name':'a','strict':true,'schema':"
				+ "{'type':'object','properties':{'n':{'type':'integer','minimum':50},'k':{'enum':['x','y']}},"
				+ "'required':['n','k'],'additionalProperties':false}}}";
		assertThat(message(chat(user("x") + format)).get("content").asString()).isEqualTo("{\"n\":50,\"k\":\"x\"}");
	}

	@Test
	void stopsForItsLengthAndAtStopSequences() {
		JsonNode cut = chat(user("50 words") + ",'max_completion_tokens':3");
		assertThat(message(cut).get("content").asString()).isEqualTo("word and and");
		assertThat(cut.at("/choices/0/finish_reason").asString()).isEqualTo("length");
		assertThat(message(chat(user("one two three") + ",'stop':' two'")).get("content").asString())
			.isEqualTo("You said: one");
	}

	@Test
	void seesImagesAndDocuments() {
		String content = "[{'type':'text','text':'Look'},{'type':'image_url','image_url':{'url':'data:image/png;base64,"
				+ Fakes.PIXEL_BASE64 + "'}},{'type':'file','file':{'filename':'a.pdf','file_data':"
				+ "'data:application/pdf;base64,JVBERi0x'}}]";
		JsonNode completion = chat("'model':'gpt-4o','messages':[{'role':'user','content':" + content + "}]");
		assertThat(message(completion).get("content").asString())
			.isEqualTo("You said: Look I saw image image/png 68 bytes. I saw document application/pdf 6 bytes.");
	}

	@Test
	void showsReasoningAndCachedTokens() {
		JsonNode completion = chat("'model':'o4-mini','reasoning_effort':'low','messages':[{'role':'developer',"
				+ "'content':'Be brief'},{'role':'user','content':'a cached prompt'}]");
		assertThat(message(completion).get("reasoning_content").asString()).contains("a cached prompt");
		assertThat(completion.at("/usage/completion_tokens_details/reasoning_tokens").asInt()).isPositive();
		assertThat(completion.at("/usage/prompt_tokens_details/cached_tokens").asInt()).isPositive();
	}

	@Test
	void refuses() {
		JsonNode message = message(chat(user("refuse")));
		assertThat(message.get("content").isNull()).isTrue();
		assertThat(message.get("refusal").asString()).isEqualTo("I can not help with that.");
	}

	@Test
	void streamsText() {
		List<SseEvent> events = this.caller.stream(PATH,
				"{'stream':true,'stream_options':{'include_usage':true}," + user("unicode") + "}");
		assertThat(events.get(events.size() - 1).data()).isEqualTo("[DONE]");
		List<JsonNode> chunks = chunks(events);
		assertThat(chunks.get(0).at("/choices/0/delta/role").asString()).isEqualTo("assistant");
		StringBuilder text = new StringBuilder();
		chunks.forEach((chunk) -> text.append(chunk.at("/choices/0/delta/content").asString("")));
		assertThat(text).hasToString(StandardBehaviour.UNICODE);
		assertThat(chunks).extracting((chunk) -> chunk.get("id")).containsOnly(chunks.get(0).get("id"));
		JsonNode last = chunks.get(chunks.size() - 1);
		assertThat(last.get("choices")).isEmpty();
		assertThat(last.at("/usage/total_tokens").asInt()).isPositive();
		assertThat(chunks.get(1).get("usage").isNull()).isTrue();
		assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asString()).isEqualTo("stop");
	}

	@Test
	void streamsNoUsageUnlessAsked() {
		List<JsonNode> chunks = chunks(this.caller.stream(PATH, "{'stream':true," + user("Hi") + "}"));
		assertThat(chunks).noneMatch((chunk) -> chunk.has("usage"));
	}

	@Test
	void interleavesTheArgumentsOfParallelCalls() {
		List<JsonNode> chunks = chunks(
				this.caller.stream(PATH, "{'stream':true," + user("parallel unicode") + "," + TOOLS + "}"));
		Map<Integer, StringBuilder> arguments = new TreeMap<>();
		List<Integer> order = new ArrayList<>();
		for (JsonNode chunk : chunks) {
			JsonNode call = chunk.at("/choices/0/delta/tool_calls/0");
			if (!call.isMissingNode()) {
				int index = call.get("index").asInt();
				order.add(index);
				arguments.computeIfAbsent(index, (i) -> new StringBuilder())
					.append(call.at("/function/arguments").asString());
			}
		}
		assertThat(order).startsWith(0, 1, 0, 1);
		assertThat(Json.read(arguments.get(0).toString()).get("city").asString()).isEqualTo(StandardBehaviour.UNICODE);
		assertThat(arguments.get(1)).hasToString("{}");
	}

	private static List<JsonNode> chunks(List<SseEvent> events) {
		return events.subList(0, events.size() - 1).stream().map(SseEvent::json).toList();
	}

	@Test
	void givesSeveralChoices() {
		assertThat(chat(user("Hi") + ",'n':2").get("choices")).hasSize(2);
	}

	@Test
	void quotesTheSystemPromptAndTheHistory() {
		assertThat(message(chat("'model':'m','messages':[{'role':'system','content':'Be kind'},"
				+ "{'role':'user','content':'repeat system'}]"))
			.get("content")
			.asString()).isEqualTo("Be kind");
		assertThat(message(chat("'model':'m','messages':[{'role':'user','content':'a'},{'role':'assistant',"
				+ "'content':'b'},{'role':'user','content':'recite'}]"))
			.get("content")
			.asString()).isEqualTo("user: a | assistant: b | user: recite");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '~', delimiter = '|',
			textBlock = """
					'messages':[]                                                             | empty_array | messages
					'messages':'Hi'                                                           | invalid_type | messages
					'messages':[{'role':'bot','content':'Hi'}]                                | invalid_value | messages[0].role
					'messages':[{'role':'user'}]                                              | missing_required_parameter | messages[0].content
					'messages':[{'role':'user','content':'Hi','foo':1}]                       | unknown_parameter | messages[0].foo
					'messages':[{'role':'user','content':[{'type':'text','text':'Hi','x':1}]}]| unknown_parameter | messages[0].content[0].x
					'messages':[{'role':'user','content':[{'type':'input_text','text':'Hi'}]}]| invalid_value | messages[0].content[0].type
					'messages':[{'role':'system','content':[{'type':'image_url','image_url':{'url':'https://x'}}]}] | invalid_value | messages[0].content[0].type
					'messages':[{'role':'assistant','content':null}]                          | invalid_value | messages[0].content
					'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/jpeg;base64,iVBORw0KGgo='}}]}] | invalid_image_format | messages[0].content[0].image_url.url
					""")
	void rejectsBadMessages(String messages, String code, String param) {
		JsonNode error = this.caller.rejected(PATH, "{'model':'gpt-4o'," + messages + "}").get("error");
		assertThat(error.get("code").asString()).isEqualTo(code);
		assertThat(error.get("param").asString()).isEqualTo(param);
		assertThat(error.get("type").asString()).isEqualTo("invalid_request_error");
		assertThat(this.provider.rejections()).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '~', delimiter = '|',
			textBlock = """
					'foo':1                                   | Unknown parameter: 'foo'.
					'temperature':3                           | Expected a value <= 2
					'top_p':'1'                               | expected a number, but got a string
					'n':0                                     | Expected a value >= 1
					'stop':['a','b','c','d','e']              | array too long
					'stream_options':{'include_usage':true}   | only allowed when 'stream' is enabled
					'tool_choice':'auto'                      | only allowed when 'tools' are specified
					'parallel_tool_calls':true                | only allowed when 'tools' are specified
					'top_logprobs':2                          | only allowed when 'logprobs' is enabled
					'max_tokens':5,'max_completion_tokens':5  | at the same time
					'reasoning_effort':'low'                  | not supported with this model
					'response_format':{'type':'json_object'}  | must contain the word 'json'
					'tools':[]                                | empty array
					'tools':[{'type':'function','function':{'name':'a b'}}] | does not match pattern
					'tools':[{'type':'function','function':{'name':'a','parameters':{}}}] | schema must be a JSON Schema of 'type: "object"'
					'tools':[{'type':'function','function':{'name':'a','strict':true,'parameters':{'type':'object','properties':{}}}}] | 'additionalProperties' is required
					'tools':[{'type':'function','function':{'name':'a','strict':true,'parameters':{'type':'object','additionalProperties':false,'properties':{'b':{'type':'string'}}}}}] | Missing 'b'
					'tools':[{'name':'a','input_schema':{'type':'object'}}] | Unknown parameter: 'tools[0].name'
					""")
	void rejectsBadParameters(String parameter, String message) {
		JsonNode error = this.caller.rejected(PATH, "{" + parameter + "," + user("Hi") + "}").get("error");
		assertThat(error.get("message").asString()).contains(message);
	}

	@Test
	void wantsTheNewTokenLimitFromReasoningModels() {
		String body = "{'model':'o3','max_tokens':5,'messages':[{'role':'user','content':'Hi'}]}";
		assertThat(this.caller.rejected(PATH, body).at("/error/code").asString()).isEqualTo("unsupported_parameter");
	}

	@Test
	void insistsOnToolResultsRightAfterTheirCalls() {
		String call = "{'role':'assistant','tool_calls':[{'id':'c1','type':'function','function':{'name':'f','arguments':'{}'}},"
				+ "{'id':'c2','type':'function','function':{'name':'g','arguments':'{}'}}]}";
		String result = "{'role':'tool','tool_call_id':'c1','content':'1'}";
		for (String rest : List.of(result, result + ",{'role':'user','content':'Hi'}",
				"{'role':'user','content':'Hi'}")) {
			assertThat(rejection("{'role':'user','content':'Hi'}," + call + "," + rest))
				.contains("did not have response messages: ");
		}
		assertThat(rejection("{'role':'user','content':'Hi'}," + result)).contains("preceeding message");
		assertThat(rejection(
				"{'role':'user','content':'Hi'}," + call + ",{'role':'tool','tool_call_id':'c3','content':'1'}"))
			.contains("'tool_call_id' of 'c3' not found");
	}

	private String rejection(String messages) {
		return this.caller.rejected(PATH, "{'model':'m','messages':[" + messages + "]}")
			.at("/error/message")
			.asString();
	}

	@Test
	void wantsTheKey() {
		RawResponse none = new FakeCaller(this.provider, Map.of()).post(PATH, "{" + user("Hi") + "}");
		assertThat(none.status()).isEqualTo(401);
		RawResponse wrong = new FakeCaller(this.provider, Map.of("Authorization", "Bearer wrong")).post(PATH,
				"{" + user("Hi") + "}");
		assertThat(wrong.json().at("/error/code").asString()).isEqualTo("invalid_api_key");
		this.provider.apiKey("wrong");
		assertThat(new FakeCaller(this.provider, Map.of("Authorization", "Bearer wrong"))
			.post(PATH, "{" + user("Hi") + "}")
			.status()).isEqualTo(200);
	}

	@Test
	void knowsWhatItDoesNotHave() {
		assertThat(this.caller.post("/v1/nothing", "{}").status()).isEqualTo(404);
		assertThat(this.caller.get(PATH).status()).isEqualTo(405);
		RawResponse model = this.caller.post(PATH,
				"{'model':'no-such-model','messages':[{'role':'user','content':'Hi'}]}");
		assertThat(model.status()).isEqualTo(404);
		assertThat(model.json().at("/error/code").asString()).isEqualTo("model_not_found");
		assertThat(this.caller.post(PATH, "{,").status()).isEqualTo(400);
		this.provider.contextWindow(5);
		assertThat(this.caller.rejected(PATH, "{" + user("a prompt that is too long for it") + "}")
			.at("/error/code")
			.asString()).isEqualTo("context_length_exceeded");
	}

	@Test
	void servesAzureDeployments() {
		FakeCaller azure = new FakeCaller(this.provider, Map.of("api-key", this.provider.apiKey()));
		String path = "/openai/deployments/mine/chat/completions";
		JsonNode completion = azure.ok(path + "?api-version=2024-10-21",
				"{'messages':[{'role':'user','content':'Hi'}]}");
		assertThat(completion.get("model").asString()).isEqualTo("mine");
		assertThat(azure.post(path, "{" + user("Hi") + "}").status()).isEqualTo(404);
	}

}
