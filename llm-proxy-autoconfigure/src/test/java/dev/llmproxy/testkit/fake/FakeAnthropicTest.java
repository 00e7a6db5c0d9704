package dev.llmproxy.testkit.fake;

import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.SseEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

class FakeAnthropicTest {

	private static final String PATH = "/v1/messages";

	private static final String TOOLS = "'tools':[{'name':'get_weather','input_schema':{'type':'object','properties':"
			+ "{'city':{'type':'string'}}}},{'name':'get_time','input_schema':{'type':'object'}}]";

	private static final String THINKING = "'thinking':{'type':'enabled','budget_tokens':1024}";

	private final FakeProvider provider = Fakes.anthropic();

	private final FakeCaller caller = new FakeCaller(this.provider,
			Map.of("x-api-key", this.provider.apiKey(), "anthropic-version", "2023-06-01"));

	@AfterEach
	void close() {
		this.provider.close();
	}

	private static String body(String model, String messages, String... more) {
		return "{'model':'" + model + "','max_tokens':2000,'messages':[" + messages + "]"
				+ (more.length == 0 ? "" : "," + String.join(",", more)) + "}";
	}

	private static String user(String text) {
		return "{'role':'user','content':'" + text + "'}";
	}

	private JsonNode create(String messages, String... more) {
		return this.caller.ok(PATH, body("claude-sonnet-4-5", messages, more));
	}

	private String rejection(String messages, String... more) {
		return message(this.caller.rejected(PATH, body("claude-sonnet-4-5", messages, more)));
	}

	private static String message(JsonNode error) {
		assertThat(error.get("type").asString()).isEqualTo("error");
		assertThat(error.at("/error/type").asString()).isEqualTo("invalid_request_error");
		return error.at("/error/message").asString();
	}

	@Test
	void answersWithText() {
		JsonNode message = create(user("Hi"));
		assertThat(message.get("type").asString()).isEqualTo("message");
		assertThat(message.at("/content/0/text").asString()).isEqualTo("You said: Hi");
		assertThat(message.get("stop_reason").asString()).isEqualTo("end_turn");
		assertThat(message.at("/usage/input_tokens").asInt()).isPositive();
	}

	@Test
	void callsAToolAndQuotesItsResult() {
		JsonNode message = create(user("Weather?"), TOOLS);
		assertThat(message.get("stop_reason").asString()).isEqualTo("tool_use");
		JsonNode call = message.at("/content/0");
		assertThat(call.get("input")).isEqualTo(Json.read("{\"city\":\"some city\"}"));
		String history = user("Weather?") + ",{'role':'assistant','content':" + message.get("content") + "},";
		assertThat(create(history + result(call, ",'content':'18 C'"), TOOLS).at("/content/0/text").asString())
			.isEqualTo("get_weather returned 18 C.");
		assertThat(create(history + result(call, ",'is_error':true,'content':[{'type':'text','text':'lost'}]"), TOOLS)
			.at("/content/0/text")
			.asString()).isEqualTo("get_weather failed with lost.");
	}

	private static String result(JsonNode call, String more) {
		return "{'role':'user','content':[{'type':'tool_result','tool_use_id':" + call.get("id") + more + "}]}";
	}

	@Test
	void obeysTheToolChoice() {
		assertThat(create(user("parallel"), TOOLS).get("content")).hasSize(2);
		assertThat(create(user("parallel"), TOOLS, "'tool_choice':{'type':'auto','disable_parallel_tool_use':true}")
			.get("content")).hasSize(1);
		assertThat(create(user("Hi"), TOOLS, "'tool_choice':{'type':'tool','name':'get_time'}").at("/content/0/name")
			.asString()).isEqualTo("get_time");
		assertThat(create(user("Hi"), TOOLS, "'tool_choice':{'type':'none'}").get("stop_reason").asString())
			.isEqualTo("end_turn");
	}

	@Test
	void thinksAndTakesItsThoughtsBackOnlyUnchanged() {
		JsonNode first = create(user("Weather?"), TOOLS, THINKING);
		ObjectNode thinking = (ObjectNode) first.at("/content/0");
		assertThat(thinking.get("thinking").asString()).contains("Weather?");
		String result = result(first.at("/content/1"), ",'content':'x'");
		String good = user("Weather?") + ",{'role':'assistant','content':" + first.get("content") + "}," + result;
		assertThat(create(good, TOOLS, THINKING).at("/content/1/text").asString()).isEqualTo("get_weather returned x.");
		thinking.put("thinking", "Something else");
		assertThat(
				rejection(user("Weather?") + ",{'role':'assistant','content':" + first.get("content") + "}," + result,
						TOOLS, THINKING))
			.isEqualTo("messages.1.content.0: Invalid `signature` in `thinking` block");
		String without = user("Weather?") + ",{'role':'assistant','content':[" + first.at("/content/1") + "]},"
				+ result;
		assertThat(rejection(without, TOOLS, THINKING)).contains("Expected `thinking` or `redacted_thinking`");
		assertThat(create(without, TOOLS).at("/content/0/type").asString()).isEqualTo("text");
	}

	@Test
	void redactsThoughts() {
		JsonNode first = create(user("redacted"), THINKING);
		assertThat(first.at("/content/0/type").asString()).isEqualTo("redacted_thinking");
		String history = user("redacted") + ",{'role':'assistant','content':" + first.get("content") + "}," + user("x");
		create(history, THINKING);
		assertThat(
				rejection(history.replace("'data':\"", "'data':\"x").replace("\"data\":\"", "\"data\":\"x"), THINKING))
			.contains("Invalid `data`");
	}

	@Test
	void differsByModel() {
		JsonNode adaptive = this.caller.ok(PATH, body("claude-sonnet-5", user("Hi")));
		assertThat(adaptive.at("/content/0/type").asString()).isEqualTo("thinking");
		assertThat(adaptive.at("/content/0/thinking").asString()).isEmpty();
		assertThat(this.caller.ok(PATH, body("claude-opus-5", user("Hi"), "'thinking':{'type':'disabled'}"))
			.at("/content/0/type")
			.asString()).isEqualTo("text");
		assertThat(message(this.caller.rejected(PATH, body("claude-opus-4-7", user("Hi"), THINKING))))
			.contains("thinking.type.enabled");
		assertThat(message(this.caller.rejected(PATH, body("claude-opus-4-7", user("Hi"), "'temperature':1"))))
			.contains("deprecated");
		String prefilled = user("Hi") + ",{'role':'assistant','content':'So'}";
		assertThat(message(this.caller.rejected(PATH, body("claude-opus-4-6", prefilled)))).contains("prefill");
		create(prefilled);
		String system = user("Hi") + ",{'role':'system','content':'Be kind'}";
		this.caller.ok(PATH, body("claude-opus-4-8", system));
		assertThat(rejection(system)).isEqualTo("role 'system' is not supported on this model");
	}

	@Test
	void differsByVersion() {
		FakeCaller newest = new FakeCaller(this.provider,
				Map.of("Authorization", "Bearer " + this.provider.apiKey(), "anthropic-version", "2026-10-21"));
		newest.ok(PATH, body("claude-sonnet-4-5", user("Hi")));
		assertThat(message(newest.rejected(PATH, body("claude-sonnet-4-5", user("Hi"), "'temperature':1"))))
			.isEqualTo("temperature: Extra inputs are not permitted");
		String cited = "{'role':'user','content':[{'type':'text','text':'a','citations':[{'type':'char_location'}]}]}";
		create(cited);
		assertThat(message(newest.rejected(PATH, body("claude-sonnet-4-5", cited)))).endsWith("are not permitted");
	}

	@Test
	void endsForItsLengthAndAtStopSequences() {
		JsonNode cut = this.caller.ok(PATH,
				"{'model':'claude-sonnet-4-5','max_tokens':3,'messages':[" + user("50 words") + "]}");
		assertThat(cut.get("stop_reason").asString()).isEqualTo("max_tokens");
		JsonNode stopped = create(user("one two"), "'stop_sequences':[' two']");
		assertThat(stopped.get("stop_reason").asString()).isEqualTo("stop_sequence");
		assertThat(stopped.get("stop_sequence").asString()).isEqualTo(" two");
		assertThat(create(user("refuse")).get("stop_reason").asString()).isEqualTo("refusal");
	}

	@Test
	void seesImagesAndDocuments() {
		String content = "[{'type':'image','source':{'type':'base64','media_type':'image/png','data':'"
				+ Fakes.PIXEL_BASE64 + "'}},{'type':'document','source':{'type':'base64','media_type':"
				+ "'application/pdf','data':'JVBERi0x'}},{'type':'text','text':'Look'}]";
		assertThat(create("{'role':'user','content':" + content + "}").at("/content/0/text").asString())
			.isEqualTo("You said: Look I saw image image/png 68 bytes. I saw document application/pdf 6 bytes.");
		assertThat(rejection("{'role':'user','content':" + content.replace("image/png", "image/jpeg") + "}"))
			.contains("appears to be a image/png image");
	}

	@Test
	void conformsToASchema() {
		String schema = "{'type':'object','properties':{'a':{'type':'boolean'}},'additionalProperties':false}";
		assertThat(create(user("x"), "'output_config':{'format':{'type':'json_schema','schema':" + schema + "}}")
			.at("/content/0/text")
			.asString()).isEqualTo("{\"a\":true}");
		assertThat(rejection(user("x"), "'output_config':{'format':{'type':'json_schema','schema':{'type':'object'}}}"))
			.contains("'additionalProperties'");
	}

	@Test
	void cachesMarkedPrefixes() {
		String system = "'system':[{'type':'text','text':'A long prompt that is worth caching, is it not?',"
				+ "'cache_control':{'type':'ephemeral'}}]";
		assertThat(create(user("a"), system).at("/usage/cache_creation_input_tokens").asInt()).isPositive();
		JsonNode usage = create(user("b"), system).get("usage");
		assertThat(usage.get("cache_read_input_tokens").asInt()).isPositive();
		assertThat(usage.get("cache_creation_input_tokens").asInt()).isZero();
		String mark = "{'type':'text','text':'x','cache_control':{'type':'ephemeral'}}";
		assertThat(rejection(
				"{'role':'user','content':[" + String.join(",", List.of(mark, mark, mark, mark, mark)) + "]}"))
			.contains("A maximum of 4 blocks");
	}

	@Test
	void streamsEveryKindOfBlock() {
		List<SseEvent> events = this.caller.stream(PATH,
				body("claude-sonnet-4-5", user("say and call unicode"), TOOLS, THINKING, "'stream':true"));
		assertThat(events).extracting(SseEvent::event)
			.startsWith("message_start", "content_block_start", "ping", "content_block_delta")
			.endsWith("content_block_stop", "message_delta", "message_stop");
		events.forEach((event) -> assertThat(event.json().get("type").asString()).isEqualTo(event.event()));
		assertThat(joined(events, "thinking")).isEqualTo("Let me think about this: say and call unicode");
		assertThat(joined(events, "text")).isEqualTo("I will look that up.");
		assertThat(Json.read(joined(events, "partial_json")).get("city").asString())
			.isEqualTo(StandardBehaviour.UNICODE);
		assertThat(joined(events, "signature")).isNotEmpty();
		JsonNode end = events.get(events.size() - 2).json();
		assertThat(end.at("/delta/stop_reason").asString()).isEqualTo("tool_use");
		assertThat(end.at("/usage/output_tokens").asInt()).isPositive();
	}

	private static String joined(List<SseEvent> events, String field) {
		StringBuilder text = new StringBuilder();
		events.forEach((event) -> text.append(event.json().at("/delta/" + field).asString("")));
		return text.toString();
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '~', delimiter = '|',
			textBlock = """
					{'role':'assistant','content':'Hi'}          | first message must use the "user" role
					{'role':'tool','content':'Hi'}               | messages.0.role: Input should be
					{'role':'user','content':''}                 | must have non-empty content
					{'role':'user','content':[{'type':'text','text':''}]} | messages: text content blocks must be non-empty
					{'role':'user','content':[{'type':'text','text':'a','b':1}]} | messages.0.content.0.text.b: Extra inputs are not permitted
					{'role':'user','content':[{'type':'image_url','image_url':{'url':'x'}}]} | messages.0.content.0.type
					{'role':'user','content':'Hi','name':'x'}    | messages.0.name: Extra inputs are not permitted
					{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','content':'x'}]} | unexpected `tool_use_id` found in `tool_result` blocks: t
					{'role':'user','content':'Hi'},{'role':'assistant','content':[{'type':'tool_use','id':'a.b','name':'f','input':{}}]} | String should match pattern
					{'role':'user','content':'Hi'},{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f','input':'{}'}]} | input: Input should be an object
					{'role':'user','content':'Hi'},{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f','input':{}}]},{'role':'user','content':'Hi'} | messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: a
					{'role':'user','content':'Hi'},{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f','input':{}}]},{'role':'user','content':[{'type':'text','text':'x'},{'type':'tool_result','tool_use_id':'a'}]} | without `tool_result` blocks immediately after
					{'role':'user','content':'Hi'},{'role':'assistant','content':'So '} | trailing whitespace
					""")
	void rejectsBadMessages(String messages, String error) {
		assertThat(rejection(messages)).contains(error);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '~', delimiter = '|', textBlock = """
			'foo':1                           | foo: Extra inputs are not permitted
			'stop':['a']                      | stop: Extra inputs are not permitted
			'temperature':1.5                 | temperature: Input should be less than or equal to 1
			'temperature':0.5,'top_p':0.5     | cannot both be specified
			'stop_sequences':[' ']            | non-whitespace
			'metadata':{'a':'b'}              | metadata.a: Extra inputs are not permitted
			'system':[{'type':'text','text':''}] | system: text content blocks must be non-empty
			'tool_choice':{'type':'auto'}     | only be specified while providing tools
			'tools':[{'name':'a'}]            | tools.0.custom.input_schema: Field required
			'tools':[{'name':'a','input_schema':{}}] | tools.0.custom.input_schema.type: Field required
			'tools':[{'name':'a b','input_schema':{'type':'object'}}] | String should match pattern
			'tools':[{'type':'function','function':{'name':'a'}}] | Extra inputs are not permitted
			'thinking':{'type':'enabled'}     | thinking.enabled.budget_tokens: Field required
			'thinking':{'type':'enabled','budget_tokens':100}   | greater than or equal to 1024
			'thinking':{'type':'enabled','budget_tokens':3000}  | `max_tokens` must be greater than
			'thinking':{'type':'enabled','budget_tokens':1024},'temperature':0 | only be set to 1 when thinking
			'mcp_servers':[]                  | mcp_servers: Extra inputs are not permitted
			""")
	void rejectsBadParameters(String parameter, String error) {
		assertThat(rejection(user("Hi"), parameter)).contains(error);
	}

	@Test
	void wantsALimitAKeyAndAVersion() {
		assertThat(message(this.caller.rejected(PATH, "{'model':'m','messages':[" + user("Hi") + "]}")))
			.isEqualTo("max_tokens: Field required");
		assertThat(message(this.caller.rejected(PATH, "{'model':'m','max_tokens':1,'messages':[]}")))
			.isEqualTo("messages: at least one message is required");
		RawResponse keyless = new FakeCaller(this.provider, Map.of()).post(PATH, body("m", user("Hi")));
		assertThat(keyless.status()).isEqualTo(401);
		assertThat(keyless.json().at("/error/type").asString()).isEqualTo("authentication_error");
		JsonNode unversioned = new FakeCaller(this.provider, Map.of("x-api-key", this.provider.apiKey())).rejected(PATH,
				body("m", user("Hi")));
		assertThat(message(unversioned)).isEqualTo("anthropic-version: header is required");
	}

	@Test
	void countsTokensAndListsModels() {
		String counted = "{'model':'m','messages':[" + user("Hi") + "]";
		assertThat(this.caller.ok(PATH + "/count_tokens", counted + "}").get("input_tokens").asInt()).isPositive();
		assertThat(message(this.caller.rejected(PATH + "/count_tokens", counted + ",'max_tokens':5}")))
			.isEqualTo("max_tokens: Extra inputs are not permitted");
		assertThat(this.caller.get("/v1/models").json().get("data").size()).isPositive();
	}

	@Test
	void failsInItsOwnWords() {
		this.provider.failNext(529, "Overloaded").breakNextStream(2, StreamEnding.ERROR);
		RawResponse overloaded = this.caller.post(PATH, body("m", user("Hi")));
		assertThat(overloaded.status()).isEqualTo(529);
		assertThat(overloaded.json().at("/error/type").asString()).isEqualTo("overloaded_error");
		List<SseEvent> events = this.caller.stream(PATH, body("m", user("Hi"), "'stream':true"));
		assertThat(events).last().extracting(SseEvent::event).isEqualTo("error");
		this.provider.contextWindow(1);
		assertThat(rejection(user("Hello there"))).startsWith("prompt is too long");
	}

}
