package dev.llmproxy.testkit.fake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

import dev.llmproxy.testkit.RawResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

class FakeBedrockTest {

	private static final String MODEL = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/";

	private static final String TOOLS = "'toolConfig':{'tools':[{'toolSpec':{'name':'get_weather','inputSchema':{'json':"
			+ "{'type':'object','properties':{'city':{'type':'string'}}}}}},{'toolSpec':{'name':'get_time','inputSchema':"
			+ "{'json':{'type':'object'}}}}]}";

	private final FakeProvider provider = Fakes.bedrock();

	private final FakeCaller caller = new FakeCaller(this.provider,
			Map.of("Authorization", "Bearer " + this.provider.apiKey()));

	@AfterEach
	void close() {
		this.provider.close();
	}

	private static String user(String text) {
		return "{'role':'user','content':[{'text':'" + text + "'}]}";
	}

	private static String body(String messages, String... more) {
		return "{'messages':[" + messages + "]" + (more.length == 0 ? "" : "," + String.join(",", more)) + "}";
	}

	private JsonNode converse(String messages, String... more) {
		return this.caller.ok(MODEL + "converse", body(messages, more));
	}

	private String rejection(String messages, String... more) {
		RawResponse response = this.caller.post(MODEL + "converse", body(messages, more));
		assertThat(response.status()).as(response.text()).isEqualTo(400);
		assertThat(response.header("x-amzn-errortype")).endsWith("Exception");
		return response.json().get("message").asString();
	}

	private static JsonNode block(JsonNode response, int index) {
		return response.at("/output/message/content/" + index);
	}

	@Test
	void answersWithText() {
		JsonNode response = converse(user("Hi"), "'system':[{'text':'Be kind'}]");
		assertThat(block(response, 0).get("text").asString()).isEqualTo("You said: Hi");
		assertThat(response.get("stopReason").asString()).isEqualTo("end_turn");
		JsonNode usage = response.get("usage");
		assertThat(usage.get("totalTokens").asInt())
			.isEqualTo(usage.get("inputTokens").asInt() + usage.get("outputTokens").asInt());
	}

	@Test
	void callsAToolAndQuotesItsResult() {
		JsonNode response = converse(user("Weather?"), TOOLS);
		assertThat(response.get("stopReason").asString()).isEqualTo("tool_use");
		JsonNode call = block(response, 0).get("toolUse");
		String history = user("Weather?") + "," + response.at("/output/message") + ",";
		assertThat(
				block(converse(history + result(call, "'content':[{'text':'18 C'}]"), TOOLS), 0).get("text").asString())
			.isEqualTo("get_weather returned 18 C.");
		assertThat(block(converse(history + result(call, "'status':'error','content':[{'json':{'a':1}}]"), TOOLS), 0)
			.get("text")
			.asString()).isEqualTo("get_weather failed with {\"a\":1}.");
		assertThat(rejection(history + result(call, "'content':[{'text':'18 C'}]")))
			.contains("toolConfig field must be");
		assertThat(rejection(history + result(call, "'status':'error','content':[]"), TOOLS))
			.contains("cannot be empty when status value is error");
		assertThat(rejection(history + result(call, "'content':[{'json':'x'}]"), TOOLS))
			.contains("Provide a json object");
		assertThat(rejection(history + user("Hi"), TOOLS)).contains("Expected toolResult blocks at messages.2.content");
	}

	private static String result(JsonNode call, String more) {
		return "{'role':'user','content':[{'toolResult':{'toolUseId':" + call.get("toolUseId") + "," + more + "}}]}";
	}

	@Test
	void obeysTheToolChoice() {
		assertThat(converse(user("parallel"), TOOLS).at("/output/message/content")).hasSize(2);
		String one = TOOLS.replace("]}", "],'toolChoice':{'tool':{'name':'get_time'}}}");
		assertThat(block(converse(user("Hi"), one), 0).at("/toolUse/name").asString()).isEqualTo("get_time");
		assertThat(rejection(user("Hi"), one.replace("'tool':{'name':'get_time'}", "'none':{}")))
			.contains("extraneous key [none]");
	}

	@Test
	void thinksAndTakesItsThoughtsBackOnlyUnchanged() {
		String thinking = "'additionalModelRequestFields':{'thinking':{'type':'enabled','budget_tokens':1024}},"
				+ "'inferenceConfig':{'maxTokens':2000}";
		JsonNode response = converse(user("Hi"), thinking);
		ObjectNode text = (ObjectNode) block(response, 0).at("/reasoningContent/reasoningText");
		assertThat(text.get("text").asString()).contains("Hi");
		converse(user("Hi") + "," + response.at("/output/message") + "," + user("And?"), thinking);
		text.put("text", "Something else");
		assertThat(rejection(user("Hi") + "," + response.at("/output/message") + "," + user("And?"), thinking))
			.contains("Invalid `signature`");
		assertThat(rejection(user("Hi"), thinking.replace("1024", "1000"))).contains("greater than or equal to 1024");
		assertThat(rejection(user("Hi"), "'additionalModelRequestFields':{'foo':1}")).contains("foo: Extra inputs");
	}

	@Test
	void seesImagesAndDocuments() {
		String content = "{'role':'user','content':[{'image':{'format':'png','source':{'bytes':'" + Fakes.PIXEL_BASE64
				+ "'}}},{'document':{'format':'pdf','name':'a','source':{'bytes':'JVBERi0x'}}},{'text':'Look'}]}";
		assertThat(block(converse(content), 0).get("text").asString())
			.isEqualTo("You said: Look I saw image image/png 68 bytes. I saw document application/pdf 6 bytes.");
		assertThat(rejection(content.replace("'png'", "'jpeg'"))).contains("appears to be a image/png image");
		assertThat(rejection(content.replace("'name':'a'", "'name':'a.pdf'"))).contains("document file name");
		assertThat(rejection(content.replace(",{'text':'Look'}", ""))).contains("Add a text block");
	}

	@Test
	void conformsToASchemaAndStops() {
		String schema = "\"{\\\"type\\\":\\\"object\\\",\\\"properties\\\":{\\\"n\\\":{\\\"type\\\":\\\"number\\\"}},"
				+ "\\\"additionalProperties\\\":false}\"";
		String format = "'outputConfig':{'textFormat':{'type':'json_schema','structure':{'jsonSchema':{'schema':"
				+ schema + ",'name':'a'}}}}";
		assertThat(block(converse(user("x"), format), 0).get("text").asString()).isEqualTo("{\"n\":42.0}");
		JsonNode stopped = converse(user("one two"), "'inferenceConfig':{'stopSequences':[' two']},"
				+ "'additionalModelResponseFieldPaths':['/stop_sequence']");
		assertThat(stopped.get("stopReason").asString()).isEqualTo("stop_sequence");
		assertThat(stopped.at("/additionalModelResponseFields/stop_sequence").asString()).isEqualTo(" two");
		assertThat(converse(user("50 words"), "'inferenceConfig':{'maxTokens':3}").get("stopReason").asString())
			.isEqualTo("max_tokens");
	}

	@Test
	void cachesUpToCachePoints() {
		String system = "'system':[{'text':'A long prompt that is worth caching, is it not?'},{'cachePoint':{'type':'default'}}]";
		assertThat(converse(user("a"), system).at("/usage/cacheWriteInputTokens").asInt()).isPositive();
		assertThat(converse(user("b"), system).at("/usage/cacheReadInputTokens").asInt()).isPositive();
	}

	@Test
	void streamsMessagesWithChecksums() {
		RawResponse response = this.caller.post(MODEL + "converse-stream",
				body(user("say and call unicode"), TOOLS,
						"'additionalModelRequestFields':{'thinking':{'type':'enabled','budget_tokens':1024}},"
								+ "'inferenceConfig':{'maxTokens':2000}"));
		assertThat(response.header("content-type")).isEqualTo("application/vnd.amazon.eventstream");
		List<Map.Entry<String, JsonNode>> events = decode(response.body());
		assertThat(events.stream().map(Map.Entry::getKey).distinct()).containsExactly("messageStart",
				"contentBlockDelta", "contentBlockStop", "contentBlockStart", "messageStop", "metadata");
		assertThat(joined(events, "/delta/reasoningContent/text")).contains("say and call");
		assertThat(joined(events, "/delta/reasoningContent/signature")).isNotEmpty();
		assertThat(joined(events, "/delta/text")).isEqualTo("I will look that up.");
		assertThat(Json.read(joined(events, "/delta/toolUse/input")).get("city").asString())
			.isEqualTo(StandardBehaviour.UNICODE);
		assertThat(joined(events, "/stopReason")).isEqualTo("tool_use");
		assertThat(events.get(events.size() - 1).getValue().at("/usage/totalTokens").asInt()).isPositive();
	}

	private static String joined(List<Map.Entry<String, JsonNode>> events, String pointer) {
		StringBuilder text = new StringBuilder();
		events.forEach((event) -> text.append(event.getValue().at(pointer).asString("")));
		return text.toString();
	}

	/** Reads an event stream without the help of its encoder. */
	private static List<Map.Entry<String, JsonNode>> decode(byte[] stream) {
		List<Map.Entry<String, JsonNode>> events = new ArrayList<>();
		ByteBuffer buffer = ByteBuffer.wrap(stream);
		while (buffer.hasRemaining()) {
			int start = buffer.position();
			int length = buffer.getInt(start);
			int headers = buffer.getInt(start + 4);
			CRC32 prelude = new CRC32();
			prelude.update(stream, start, 8);
			assertThat(buffer.getInt(start + 8)).isEqualTo((int) prelude.getValue());
			CRC32 message = new CRC32();
			message.update(stream, start, length - 4);
			assertThat(buffer.getInt(start + length - 4)).isEqualTo((int) message.getValue());
			String head = new String(stream, start + 12, headers, StandardCharsets.ISO_8859_1);
			String type = head.contains(":exception-type") ? ":exception-type" : ":event-type";
			int value = head.indexOf(type) + type.length() + 1;
			int size = head.charAt(value) * 256 + head.charAt(value + 1);
			events.add(Map.entry(head.substring(value + 2, value + 2 + size), Json
				.read(new String(stream, start + 12 + headers, length - headers - 16, StandardCharsets.UTF_8))));
			buffer.position(start + length);
		}
		return events;
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '~', delimiter = '|',
			textBlock = """
					{'role':'assistant','content':[{'text':'Hi'}]} | must start with a user message
					{'role':'system','content':[{'text':'Hi'}]}    | Member must satisfy enum value set: [user, assistant]
					{'role':'user','content':[{'text':'a'}]},{'role':'user','content':[{'text':'b'}]} | must alternate
					{'role':'user','content':'Hi'}                 | STRING_VALUE can not be converted to a list
					{'role':'user','content':[]}                   | The content field in the Message object at messages.0 is empty
					{'role':'user','content':[{'text':' '}]}       | The text field in the ContentBlock object at messages.0.content.0 is blank
					{'role':'user','content':[{'type':'text','text':'a'}]} | extraneous key [type]
					{'role':'user','content':[{'text':'a','image':{}}]}    | must set only one
					{'role':'user','content':[{'toolUse':{'toolUseId':'a','name':'f','input':{}}}]} | can not have a toolUse block
					{'role':'user','content':[{'toolResult':{'toolUseId':'a','content':[]}}]} | no toolUse block of the previous turn
					{'role':'user','content':[{'text':'a'}]},{'role':'assistant','content':[{'toolUse':{'toolUseId':'a','name':'f','input':'{}'}}]} | Provide a json object
					{'role':'user','content':[{'text':'a'}]},{'role':'assistant','content':[{'toolUse':{'toolUseId':'a b','name':'f','input':{}}}]} | regular expression pattern
					""")
	void rejectsBadMessages(String messages, String error) {
		assertThat(rejection(messages, TOOLS)).contains(error);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '~', delimiter = '|',
			textBlock = """
					'foo':1                                  | #: extraneous key [foo] is not permitted
					'inferenceConfig':{'topK':1}             | #/inferenceConfig: extraneous key [topK]
					'inferenceConfig':{'temperature':2}      | less than or equal to 1
					'inferenceConfig':{'temperature':1,'topP':1} | cannot both be specified
					'inferenceConfig':{'maxTokens':0}        | greater than or equal to 1
					'inferenceConfig':{'stopSequences':['']} | greater than or equal to 1
					'system':'Be kind'                       | can not be converted to a list
					'system':[{'text':''}]                   | is blank
					'toolConfig':{'tools':[]}                | Member must have length greater than or equal to 1
					'toolConfig':{'tools':[{'toolSpec':{'name':'a','inputSchema':{'json':{}}}}]} | must be one of the following: object
					'toolConfig':{'tools':[{'toolSpec':{'name':'a.b','inputSchema':{'json':{'type':'object'}}}}]} | regular expression pattern
					'toolConfig':{'tools':[{'toolSpec':{'name':'a','description':'','inputSchema':{'json':{'type':'object'}}}}]} | toolConfig.tools.1.member.toolSpec.description
					'guardrailConfig':{'guardrailIdentifier':'a'} | Value at 'guardrailConfig.guardrailVersion' failed
					'performanceConfig':{'latency':'none'}   | [standard, optimized]
					""")
	void rejectsBadParameters(String parameter, String error) {
		assertThat(rejection(user("Hi"), parameter)).contains(error);
	}

	@Test
	void knowsWhomItServes() {
		FakeCaller nobody = new FakeCaller(this.provider, Map.of());
		RawResponse missing = nobody.post(MODEL + "converse", body(user("Hi")));
		assertThat(missing.status()).isEqualTo(403);
		assertThat(missing.header("x-amzn-errortype")).isEqualTo("MissingAuthenticationTokenException");
		FakeCaller wrong = new FakeCaller(this.provider, Map.of("Authorization", "Bearer wrong"));
		assertThat(wrong.post(MODEL + "converse", body(user("Hi"))).status()).isEqualTo(403);
		assertThat(this.caller.post("/model/no-such-model/converse", body(user("Hi"))).text())
			.contains("The provided model identifier is invalid.");
		assertThat(this.caller.post("/model/m/invoke", "{}").status()).isEqualTo(404);
	}

	@Test
	void failsInItsOwnWords() {
		this.provider.failNext(429, "Too many requests").breakNextStream(2, StreamEnding.ERROR);
		RawResponse throttled = this.caller.post(MODEL + "converse", body(user("Hi")));
		assertThat(throttled.status()).isEqualTo(429);
		assertThat(throttled.header("x-amzn-errortype")).isEqualTo("ThrottlingException");
		List<Map.Entry<String, JsonNode>> events = decode(
				this.caller.post(MODEL + "converse-stream", body(user("Hi"))).body());
		assertThat(events.get(2).getKey()).isEqualTo("internalServerException");
		this.provider.contextWindow(1);
		assertThat(rejection(user("Hello there"))).isEqualTo("Input is too long for requested model.");
	}

}
