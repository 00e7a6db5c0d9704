package dev.llmproxy.testkit.fake;

import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.SseEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

class FakeOpenAiResponsesTest {

	private static final String PATH = "/v1/responses";

	private static final String TOOLS = "'tools':[{'type':'function','name':'get_weather','parameters':"
			+ "{'type':'object','properties':{'city':{'type':'string'}}}},{'type':'function','name':'get_time'}]";

	private final FakeProvider provider = Fakes.openAi();

	private final FakeCaller caller = new FakeCaller(this.provider,
			Map.of("Authorization", "Bearer " + this.provider.apiKey()));

	@AfterEach
	void close() {
		this.provider.close();
	}

	private JsonNode create(String body) {
		return this.caller.ok(PATH, "{'model':'gpt-5'," + body + "}");
	}

	private String rejection(String body) {
		return this.caller.rejected(PATH, "{'model':'gpt-5'," + body + "}").at("/error/message").asString();
	}

	private static String text(JsonNode response) {
		for (JsonNode item : response.get("output")) {
			if (item.get("type").asString().equals("message")) {
				return item.at("/content/0/text").asString();
			}
		}
		return "";
	}

	@Test
	void answersATextInput() {
		JsonNode response = create("'input':'Hi','instructions':'Be kind'");
		assertThat(response.get("object").asString()).isEqualTo("response");
		assertThat(response.get("status").asString()).isEqualTo("completed");
		assertThat(text(response)).isEqualTo("You said: Hi");
		assertThat(response.get("instructions").asString()).isEqualTo("Be kind");
		assertThat(response.at("/usage/total_tokens").asInt()).isPositive();
	}

	@Test
	void callsAToolAndQuotesItsResult() {
		JsonNode response = create("'input':'Weather?'," + TOOLS);
		JsonNode call = response.at("/output/0");
		assertThat(call.get("type").asString()).isEqualTo("function_call");
		assertThat(call.get("arguments").asString()).isEqualTo("{\"city\":\"some city\"}");
		JsonNode answer = create("'input':[{'role':'user','content':'Weather?'}," + call
				+ ",{'type':'function_call_output','call_id':" + call.get("call_id") + ",'output':'18 C'}]," + TOOLS);
		assertThat(text(answer)).isEqualTo("get_weather returned 18 C.");
	}

	@Test
	void continuesAPreviousResponse() {
		JsonNode first = create("'input':'Weather?'," + TOOLS);
		String output = "{'type':'function_call_output','call_id':" + first.at("/output/0/call_id") + ",'output':'ok'}";
		JsonNode second = create("'previous_response_id':" + first.get("id") + ",'input':[" + output + "]," + TOOLS);
		assertThat(text(second)).isEqualTo("get_weather returned ok.");
		JsonNode third = create("'previous_response_id':" + second.get("id") + ",'input':'recite'");
		assertThat(text(third)).startsWith("user: Weather?").endsWith("user: recite");
		assertThat(rejection("'previous_response_id':'resp_x','input':'Hi'")).contains("not found");
	}

	@Test
	void countsTokensOfWhatWouldBeAsked() {
		JsonNode count = this.caller.ok(PATH + "/input_tokens",
				"{'model':'gpt-5','input':'one two three'," + TOOLS + "}");
		assertThat(count.get("object").asString()).isEqualTo("response.input_tokens");
		assertThat(count.get("input_tokens").asInt()).isPositive();
		assertThat(this.caller.rejected(PATH + "/input_tokens", "{'model':'gpt-5','input':'Hi','stream':true}")
			.at("/error/message")
			.asString()).contains("stream");
	}

	@Test
	void storesResponsesUnlessToldNotTo() {
		String id = create("'input':'Hi'").get("id").asString();
		assertThat(this.caller.get(PATH + "/" + id).json().get("id").asString()).isEqualTo(id);
		String unstored = create("'input':'Hi','store':false").get("id").asString();
		assertThat(this.caller.get(PATH + "/" + unstored).status()).isEqualTo(404);
		try (RawHttpClient client = RawHttpClient.connect(this.provider.url())) {
			client.send("DELETE", PATH + "/" + id, Map.of("Authorization", "Bearer " + this.provider.apiKey()),
					new byte[0]);
			assertThat(client.readResponse().json().get("deleted").asBoolean()).isTrue();
		}
		assertThat(this.caller.get(PATH + "/" + id).status()).isEqualTo(404);
	}

	@Test
	void sealsReasoningAndTakesItBackOnlyUnchanged() {
		JsonNode response = create("'input':'Hi','store':false,'include':['reasoning.encrypted_content'],"
				+ "'reasoning':{'effort':'low','summary':'auto'}");
		ObjectNode reasoning = (ObjectNode) response.at("/output/0");
		assertThat(reasoning.at("/summary/0/text").asString()).contains("Hi");
		String rest = "," + response.at("/output/1") + ",{'role':'user','content':'And?'}],'store':false";
		String before = "'input':[{'role':'user','content':'Hi'},";
		assertThat(text(create(before + reasoning + rest))).isEqualTo("You said: And?");
		String sealed = reasoning.get("encrypted_content").asString();
		reasoning.put("encrypted_content", sealed.replace(".", ".x"));
		assertThat(rejection(before + reasoning + rest)).contains("could not be verified");
		reasoning.remove("encrypted_content");
		assertThat(this.caller.post(PATH, "{'model':'gpt-5'," + before + reasoning + rest + "}").status())
			.isEqualTo(404);
	}

	@Test
	void wantsAnItemAfterReasoning() {
		JsonNode response = create("'input':'Hi','reasoning':{'effort':'low'}");
		String reasoning = response.at("/output/0").toString();
		assertThat(rejection("'input':[" + reasoning + "]")).contains("without its required following item");
		assertThat(rejection("'input':[" + reasoning + ",{'role':'user','content':'Hi'}]"))
			.contains("without its required following item");
	}

	@Test
	void endsForItsLength() {
		JsonNode response = create("'input':'50 words','max_output_tokens':16");
		assertThat(response.get("status").asString()).isEqualTo("incomplete");
		assertThat(response.at("/incomplete_details/reason").asString()).isEqualTo("max_output_tokens");
		assertThat(text(response).split(" ")).hasSize(16);
	}

	@Test
	void conformsToASchemaAndSeesImages() {
		String format = "'text':{'format':{'type':'json_schema','name':'a','strict':true,'schema':{'type':'object',"
				+ "'properties':{'n':{'type':['integer','null']}},'required':['n'],'additionalProperties':false}}}";
		assertThat(text(create("'input':'x'," + format))).isEqualTo("{\"n\":42}");
		assertThat(text(create("'input':[{'role':'user','content':[{'type':'input_text','text':'Look'},"
				+ "{'type':'input_image','image_url':'data:image/png;base64," + Fakes.PIXEL_BASE64 + "'}]}]")))
			.isEqualTo("You said: Look I saw image image/png 68 bytes.");
	}

	@Test
	void streamsItsLifecycle() {
		List<SseEvent> events = this.caller.stream(PATH, "{'model':'gpt-5','stream':true,'input':'say and call',"
				+ "'reasoning':{'effort':'low','summary':'auto'}," + TOOLS + "}");
		for (int i = 0; i < events.size(); i++) {
			assertThat(events.get(i).json().get("sequence_number").asInt()).isEqualTo(i);
			assertThat(events.get(i).json().get("type").asString()).isEqualTo(events.get(i).event());
		}
		List<String> types = events.stream().map(SseEvent::event).distinct().toList();
		assertThat(types).containsExactly("response.created", "response.in_progress", "response.output_item.added",
				"response.reasoning_summary_part.added", "response.reasoning_summary_text.delta",
				"response.reasoning_summary_text.done", "response.reasoning_summary_part.done",
				"response.output_item.done", "response.content_part.added", "response.output_text.delta",
				"response.output_text.done", "response.content_part.done", "response.function_call_arguments.delta",
				"response.function_call_arguments.done", "response.completed");
		JsonNode whole = events.get(events.size() - 1).json().get("response");
		assertThat(whole.get("output")).hasSize(3);
		assertThat(joined(events, "response.output_text.delta"))
			.isEqualTo(whole.at("/output/1/content/0/text").asString());
		assertThat(joined(events, "response.function_call_arguments.delta"))
			.isEqualTo(whole.at("/output/2/arguments").asString());
		assertThat(joined(events, "response.reasoning_summary_text.delta"))
			.isEqualTo(whole.at("/output/0/summary/0/text").asString());
	}

	@Test
	void streamsRefusalsAndIncompleteAnswers() {
		List<SseEvent> refusal = this.caller.stream(PATH, "{'model':'gpt-5','stream':true,'input':'refuse'}");
		assertThat(joined(refusal, "response.refusal.delta")).isEqualTo("I can not help with that.");
		List<SseEvent> cut = this.caller.stream(PATH,
				"{'model':'gpt-5','stream':true,'input':'50 words','max_output_tokens':16}");
		assertThat(cut).last().extracting(SseEvent::event).isEqualTo("response.incomplete");
	}

	private static String joined(List<SseEvent> events, String type) {
		StringBuilder text = new StringBuilder();
		for (SseEvent event : events) {
			if (type.equals(event.event())) {
				text.append(event.json().get("delta").asString());
			}
		}
		return text.toString();
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '~', delimiter = '|',
			textBlock = """
					'input':'Hi','foo':1                                | Unknown parameter: 'foo'
					'messages':[]                                       | has moved to 'input'
					'input':'Hi','response_format':{'type':'text'}      | has moved to 'text.format'
					'input':'Hi','max_tokens':5                         | has moved to 'max_output_tokens'
					'input':'Hi','stop':['a']                           | Unknown parameter: 'stop'
					'input':'Hi','max_output_tokens':5                  | Expected a value >= 16
					'input':'Hi','temperature':0.5                      | Only the default (1) value is supported
					'instructions':'x'                                  | Missing required parameter: 'input'
					'input':[]                                          | empty array
					'input':[{'role':'tool','content':'x'}]             | Invalid value: 'tool'
					'input':[{'role':'user','content':[{'type':'text','text':'x'}]}]            | Invalid value: 'text'
					'input':[{'role':'assistant','content':[{'type':'input_text','text':'x'}]}] | Supported values are: 'output_text' and 'refusal'
					'input':[{'type':'message','id':'x','role':'user','content':'Hi'}]          | begins with 'msg'
					'input':[{'type':'function_call_output','call_id':'c','output':'x'}]        | No tool call found
					'input':[{'type':'function_call','call_id':'c','name':'f','arguments':'{}'}] | No tool output found for function call c
					'input':'Hi','tools':[{'type':'function','function':{'name':'a'}}]          | Missing required parameter: 'tools[0].name'
					'input':'Hi','tools':[{'type':'magic'}]             | Invalid value: 'magic'
					'input':'Hi','tool_choice':{'type':'function','name':'a'} | only allowed when 'tools' are specified
					'input':'Hi','reasoning':{'effort':'huge'}          | Invalid value: 'huge'
					""")
	void rejects(String body, String message) {
		assertThat(rejection(body)).contains(message);
	}

	@Test
	void endsABrokenStreamWithAnErrorEvent() {
		this.provider.breakNextStream(2, StreamEnding.ERROR);
		List<SseEvent> events = this.caller.stream(PATH, "{'model':'gpt-5','stream':true,'input':'Hi'}");
		assertThat(events).last().extracting(SseEvent::event).isEqualTo("error");
		assertThat(events.get(2).json().get("message").asString()).isEqualTo("Broken on purpose");
	}

}
