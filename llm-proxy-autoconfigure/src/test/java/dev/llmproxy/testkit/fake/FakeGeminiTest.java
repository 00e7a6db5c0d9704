package dev.llmproxy.testkit.fake;

import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.SseEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

class FakeGeminiTest {

	private static final String MODEL = "/v1beta/models/gemini-2.5-flash";

	private static final String NEWEST = "/v1beta/models/gemini-3-pro-preview";

	private static final String VERTEX = "/v1/projects/p/locations/global/publishers/google/models/gemini-2.5-flash";

	private static final String TOOLS = "'tools':[{'functionDeclarations':[{'name':'get_weather','parameters':{'type':"
			+ "'OBJECT','properties':{'city':{'type':'STRING'}}}},{'name':'get_time'}]}]";

	private final FakeProvider provider = Fakes.gemini();

	private final FakeCaller caller = new FakeCaller(this.provider, Map.of("x-goog-api-key", this.provider.apiKey()));

	@AfterEach
	void close() {
		this.provider.close();
	}

	private static String user(String text) {
		return "{'role':'user','parts':[{'text':'" + text + "'}]}";
	}

	private JsonNode generate(String model, String contents, String... more) {
		return this.caller.ok(model + ":generateContent", body(contents, more));
	}

	private static String body(String contents, String... more) {
		return "{'contents':[" + contents + "]" + (more.length == 0 ? "" : "," + String.join(",", more)) + "}";
	}

	private String rejection(String contents, String... more) {
		JsonNode error = this.caller.rejected(MODEL + ":generateContent", body(contents, more)).get("error");
		assertThat(error.get("status").asString()).isEqualTo("INVALID_ARGUMENT");
		assertThat(error.get("code").asInt()).isEqualTo(400);
		return error.get("message").asString();
	}

	private static JsonNode part(JsonNode response, int index) {
		return response.at("/candidates/0/content/parts/" + index);
	}

	@Test
	void answersWithText() {
		JsonNode response = generate(MODEL, user("Hi"));
		assertThat(part(response, 0).get("text").asString()).isEqualTo("You said: Hi");
		assertThat(response.at("/candidates/0/finishReason").asString()).isEqualTo("STOP");
		assertThat(response.at("/usageMetadata/totalTokenCount").asInt()).isPositive();
		assertThat(response.get("modelVersion").asString()).isEqualTo("gemini-2.5-flash");
	}

	@Test
	void readsSnakeCaseAndEnumsInAnyCase() {
		JsonNode response = generate(MODEL, user("50 words"),
				"'system_instruction':{'parts':[{'text':'Be kind'}]},'generation_config':{'max_output_tokens':2},"
						+ "'tools':[{'function_declarations':[{'name':'f','parameters':{'type':'object','properties':"
						+ "{'snake_case':{'type':'string'}}}}]}],'tool_config':{'function_calling_config':{'mode':'none'}}");
		assertThat(response.at("/candidates/0/finishReason").asString()).isEqualTo("MAX_TOKENS");
	}

	@Test
	void callsAToolAndQuotesItsResult() {
		JsonNode response = generate(MODEL, user("parallel"), TOOLS);
		assertThat(response.at("/candidates/0/content/parts")).hasSize(2);
		assertThat(part(response, 0).at("/functionCall/args")).isEqualTo(Json.read("{\"city\":\"some city\"}"));
		String results = "{'role':'user','parts':[{'functionResponse':{'name':'get_weather','response':{'result':'18 C'}}},"
				+ "{'functionResponse':{'name':'get_time','response':{'error':'no clock'}}}]}";
		JsonNode answer = generate(MODEL, user("parallel") + "," + response.at("/candidates/0/content") + "," + results,
				TOOLS);
		assertThat(part(answer, 0).get("text").asString())
			.isEqualTo("get_weather returned 18 C. get_time failed with no clock.");
	}

	@Test
	void obeysTheToolConfig() {
		String one = "'toolConfig':{'functionCallingConfig':{'mode':'ANY','allowedFunctionNames':['get_time']}}";
		assertThat(part(generate(MODEL, user("Hi"), TOOLS, one), 0).at("/functionCall/name").asString())
			.isEqualTo("get_time");
		assertThat(rejection(user("Hi"), one)).contains("without function_declarations");
		assertThat(rejection(user("Hi"), TOOLS, one.replace("'ANY'", "'AUTO'"))).contains("only when");
	}

	@Test
	void wantsSignaturesFromTheThirdGenerationOn() {
		JsonNode response = generate(NEWEST, user("parallel"), TOOLS);
		ObjectNode content = (ObjectNode) response.at("/candidates/0/content");
		assertThat(part(response, 0).has("thoughtSignature")).isTrue();
		assertThat(part(response, 1).has("thoughtSignature")).isFalse();
		assertThat(part(response, 0).at("/functionCall/id").asString()).isNotEmpty();
		String results = ",{'role':'user','parts':[{'functionResponse':{'name':'get_weather','response':{}}},"
				+ "{'functionResponse':{'name':'get_time','response':{}}}]}";
		generate(NEWEST, user("parallel") + "," + content + results, TOOLS);
		ObjectNode first = (ObjectNode) content.at("/parts/0");
		String signature = first.get("thoughtSignature").asString();
		String urlSafe = signature.replace('+', '-').replace('/', '_').replace("=", "");
		generate(NEWEST, user("parallel") + "," + first(content, urlSafe) + results, TOOLS);
		generate(NEWEST, user("parallel") + "," + first(content, "skip_thought_signature_validator") + results, TOOLS);
		String changed = (signature.startsWith("A") ? "B" : "A") + signature.substring(1);
		assertThat(newestRejection(first(content, changed), results)).isEqualTo("Corrupted thought signature.");
		first.remove("thoughtSignature");
		assertThat(newestRejection(content, results)).contains("missing a thought_signature")
			.contains("`default_api:get_weather` , position 2");
		generate(MODEL, user("parallel") + "," + content + results, TOOLS);
		generate(NEWEST, user("parallel") + "," + content + results + "," + user("And now?"), TOOLS);
	}

	private static ObjectNode first(ObjectNode content, String signature) {
		((ObjectNode) content.at("/parts/0")).put("thoughtSignature", signature);
		return content;
	}

	private String newestRejection(JsonNode content, String results) {
		return this.caller
			.rejected(NEWEST + ":generateContent", body(user("parallel") + "," + content + results, TOOLS))
			.at("/error/message")
			.asString();
	}

	@Test
	void showsThoughts() {
		JsonNode response = generate(MODEL, user("Hi"),
				"'generationConfig':{'thinkingConfig':{'includeThoughts':true,'thinkingBudget':100}}");
		assertThat(part(response, 0).get("thought").asBoolean()).isTrue();
		assertThat(part(response, 1).has("thoughtSignature")).isTrue();
		JsonNode usage = response.get("usageMetadata");
		assertThat(usage.get("thoughtsTokenCount").asInt()).isPositive();
		assertThat(usage.get("totalTokenCount").asInt()).isEqualTo(usage.get("promptTokenCount").asInt()
				+ usage.get("candidatesTokenCount").asInt() + usage.get("thoughtsTokenCount").asInt());
		generate(MODEL, user("Hi") + "," + response.at("/candidates/0/content") + "," + user("And?"));
	}

	@Test
	void conformsToASchemaAndSeesImages() {
		String format = "'generationConfig':{'responseMimeType':'application/json','responseSchema':{'type':'ARRAY',"
				+ "'minItems':2,'items':{'type':'INTEGER'}}}";
		assertThat(part(generate(MODEL, user("Hi"), format), 0).get("text").asString()).isEqualTo("[42,42]");
		String image = "{'role':'user','parts':[{'text':'Look'},{'inlineData':{'mimeType':'image/png','data':'"
				+ Fakes.PIXEL_BASE64 + "'}},{'inlineData':{'mimeType':'application/pdf','data':'JVBERi0x'}}]}";
		assertThat(part(generate(MODEL, image), 0).get("text").asString())
			.isEqualTo("You said: Look I saw image image/png 68 bytes. I saw document application/pdf 6 bytes.");
	}

	@Test
	void blocksForSafety() {
		JsonNode response = generate(MODEL, user("refuse"));
		assertThat(response.at("/candidates/0/finishReason").asString()).isEqualTo("SAFETY");
		assertThat(response.at("/candidates/0").has("content")).isFalse();
	}

	@Test
	void streamsEvents() {
		List<SseEvent> events = this.caller.stream(MODEL + ":streamGenerateContent?alt=sse", body(
				user("say and call unicode"), TOOLS, "'generationConfig':{'thinkingConfig':{'includeThoughts':true}}"));
		StringBuilder text = new StringBuilder();
		StringBuilder thoughts = new StringBuilder();
		JsonNode call = null;
		for (SseEvent event : events) {
			JsonNode part = part(event.json(), 0);
			(part.path("thought").asBoolean(false) ? thoughts : text).append(part.path("text").asString(""));
			call = part.has("functionCall") ? part : call;
		}
		assertThat(thoughts).hasToString("Let me think about this: say and call unicode");
		assertThat(text).hasToString("I will look that up.");
		assertThat(call.at("/functionCall/args/city").asString()).isEqualTo(StandardBehaviour.UNICODE);
		assertThat(call.has("thoughtSignature")).isTrue();
		assertThat(events).last()
			.satisfies((last) -> assertThat(last.json().at("/candidates/0/finishReason").asString()).isEqualTo("STOP"));
		assertThat(events.get(0).json().at("/candidates/0").has("finishReason")).isFalse();
	}

	@Test
	void streamsAnArrayWithoutEvents() {
		RawResponse response = this.caller.post(MODEL + ":streamGenerateContent", body(user("Hi there")));
		assertThat(response.header("content-type")).isEqualTo("application/json");
		assertThat(response.json().isArray()).isTrue();
		assertThat(response.json().size()).isGreaterThan(2);
	}

	@Test
	void countsTokens() {
		assertThat(this.caller.ok(MODEL + ":countTokens", body(user("Hi"))).get("totalTokens").asInt()).isPositive();
		String wrapped = "{'generateContentRequest':{'model':'models/gemini-2.5-flash','contents':[" + user("Hi")
				+ "],'systemInstruction':{'parts':[{'text':'Be kind'}]}}}";
		assertThat(this.caller.ok(MODEL + ":countTokens", wrapped).get("totalTokens").asInt()).isPositive();
		String system = body(user("Hi"), "'systemInstruction':{'parts':[{'text':'Be kind'}]}");
		this.caller.rejected(MODEL + ":countTokens", system);
		FakeCaller bearer = new FakeCaller(this.provider, Map.of("Authorization", "Bearer " + this.provider.apiKey()));
		assertThat(bearer.ok(VERTEX + ":countTokens", system).get("totalBillableCharacters").asInt()).isPositive();
	}

	@Test
	void embeds() {
		String content = "'content':{'parts':[{'text':'Hi'}]}";
		assertThat(this.caller.ok("/v1beta/models/e:embedContent", "{" + content + ",'outputDimensionality':3}")
			.at("/embedding/values")).hasSize(3);
		assertThat(this.caller
			.ok("/v1beta/models/e:batchEmbedContents",
					"{'requests':[{'model':'models/e'," + content + "},{'model':'models/e'," + content + "}]}")
			.get("embeddings")).hasSize(2);
		this.caller.rejected("/v1beta/models/e:batchEmbedContents", "{'requests':[{" + content + "}]}");
		assertThat(this.caller.ok(VERTEX + ":predict",
				"{'instances':[{'content':'Hi','task_type':'RETRIEVAL_QUERY'}],'parameters':{'outputDimensionality':3}}")
			.at("/predictions/0/embeddings/values")).hasSize(3);
	}

	@Test
	void isStricterOnVertexAboutRolesAndLaxerAboutSchemas() {
		String roleless = "{'parts':[{'text':'Hi'}]}";
		generate(MODEL, roleless);
		JsonNode error = this.caller.rejected(VERTEX + ":generateContent", body(roleless));
		assertThat(error.at("/error/message").asString()).isEqualTo("Please use a valid role: user, model.");
		String tools = TOOLS.replace("'OBJECT'", "'OBJECT','additionalProperties':false");
		generate(VERTEX, user("Hi"), tools);
		assertThat(rejection(user("Hi"), tools)).isEqualTo("Invalid JSON payload received. Unknown name "
				+ "\"additionalProperties\" at 'tools[0].function_declarations[0].parameters': Cannot find field.");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '~', delimiter = '|',
			textBlock = """
					{'role':'assistant','parts':[{'text':'Hi'}]}  | Please use a valid role: user, model.
					{'role':'user','parts':[]}                    | contents.parts must not be empty
					{'role':'user','parts':[{}]}                  | required oneof field 'data' must have one initialized field
					{'role':'user','parts':[{'text':'a','inlineData':{}}]} | oneof field 'data' is already set
					{'role':'user','content':'Hi'}                | Unknown name "content" at 'contents[0]': Cannot find field.
					{'role':'user','parts':[{'type':'text','text':'a'}]} | Unknown name "type" at 'contents[0].parts[0]'
					{'role':'user','parts':[{'inlineData':{'mimeType':'image/png','data':'*'}}]} | Base64 decoding failed
					{'role':'user','parts':[{'functionResponse':{'name':'f','response':{}}}]} | immediately after a function call turn
					{'role':'user','parts':[{'text':'a'}]},{'role':'model','parts':[{'functionCall':{'name':'f','args':{}}}]} | number of function response parts
					{'role':'user','parts':[{'text':'a'}]},{'role':'model','parts':[{'functionCall':{'name':'f','args':{}}}]},{'role':'user','parts':[{'text':'b'}]} | number of function response parts
					{'role':'model','parts':[{'functionCall':{'name':'f','args':{}}}]} | immediately after a user turn
					{'role':'user','parts':[{'text':'a'}]},{'role':'model','parts':[{'functionCall':{'name':'f','args':'{}'}}]} | function_call.args
					{'role':'user','parts':[{'text':'a'}]},{'role':'model','parts':[{'functionCall':{'name':'f'}}]},{'role':'user','parts':[{'functionResponse':{'name':'','response':{}}}]} | Name cannot be empty
					{'role':'user','parts':[{'text':'a'}]},{'role':'model','parts':[{'functionCall':{'name':'f'}}]},{'role':'user','parts':[{'functionResponse':{'name':'f','response':'x'}}]} | function_response.response
					""")
	void rejectsBadContents(String contents, String error) {
		assertThat(rejection(contents)).contains(error);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '~', delimiter = '|',
			textBlock = """
					'foo':1                                          | Unknown name "foo": Cannot find field.
					'temperature':1                                  | Unknown name "temperature": Cannot find field.
					'generationConfig':{'temperature':3}             | generation_config.temperature
					'generationConfig':{'maxTokens':3}               | Unknown name "maxTokens" at 'generation_config'
					'generationConfig':{'stopSequences':['a','b','c','d','e','f']} | at most 5
					'generationConfig':{'responseSchema':{'type':'STRING'}} | can only be set when response_mime_type
					'generationConfig':{'thinkingConfig':{'thinkingBudget':1,'thinkingLevel':'LOW'}} | only one of thinking budget and thinking level
					'generationConfig':{'thinkingConfig':{'thinkingLevel':'LOW'}} | not supported for this model
					'safetySettings':[{'category':'HARM_CATEGORY_X','threshold':'OFF'}] | HARM_CATEGORY_X
					'systemInstruction':'Be kind'                    | system_instruction
					'tools':[{'functionDeclarations':[{'name':'1a'}]}] | Invalid function name
					'tools':[{'functionDeclarations':[{'name':'a'},{'name':'a'}]}] | Duplicate function declaration found: a
					'tools':[{'type':'function','function':{'name':'a'}}] | Unknown name "type" at 'tools[0]'
					'tools':[{'functionDeclarations':[{'name':'a','parameters':{'type':'OBJECT','properties':{'b':{'type':'STRING','const':'x'}}}}]}] | Unknown name "const" at 'tools[0].function_declarations[0].parameters.properties[0].value'
					'tools':[{'functionDeclarations':[{'name':'a','parameters':{'type':'OBJECT','properties':{'b':{'type':['STRING','NULL']}}}}]}] | Proto field is not repeating, cannot start list.
					'tools':[{'functionDeclarations':[{'name':'a','parameters':{'type':'OBJECT','properties':{'b':{'type':'ARRAY'}}}}]}] | items: missing field
					'tools':[{'functionDeclarations':[{'name':'a','parameters':{'type':'OBJECT','properties':{'b':{'type':'INTEGER','enum':['1']}}}}]}] | only allowed for STRING type
					'tools':[{'functionDeclarations':[{'name':'a','parameters':{'type':'OBJECT','required':['b']}}]}] | property is not defined
					'tools':[{'functionDeclarations':[{'name':'a','parameters':{'type':'OBJECT','properties':{'b':{'type':'STRING','format':'uri'}}}}]}] | only 'enum' and 'date-time'
					'tools':[{'functionDeclarations':[{'name':'a','parameters':{'type':'OBJECT','properties':{'b':{'description':'x'}}}}]}] | schema didn't specify the schema type field
					""")
	void rejectsBadParameters(String parameter, String error) {
		assertThat(rejection(user("Hi"), parameter)).contains(error);
	}

	@Test
	void wantsContents() {
		assertThat(this.caller.rejected(MODEL + ":generateContent", "{}").at("/error/message").asString())
			.isEqualTo("* GenerateContentRequest.contents: contents is not specified\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1beta/models/no-such-model:generateContent", "/v1beta/models/m:fly",
			"/v2/models/m:generateContent" })
	void knowsWhatItDoesNotHave(String path) {
		RawResponse response = this.caller.post(path, body(user("Hi")));
		assertThat(response.status()).isEqualTo(404);
		assertThat(response.json().at("/error/status").asString()).isEqualTo("NOT_FOUND");
	}

	@Test
	void wantsAKeyOrAToken() {
		FakeCaller nobody = new FakeCaller(this.provider, Map.of());
		assertThat(nobody.post(MODEL + ":generateContent", body(user("Hi"))).status()).isEqualTo(403);
		assertThat(nobody.post(MODEL + ":generateContent?key=wrong", body(user("Hi"))).text())
			.contains("API key not valid");
		assertThat(nobody.post(VERTEX + ":generateContent", body(user("Hi"))).status()).isEqualTo(401);
		assertThat(this.caller.get("/v1beta/models").json().get("models").size()).isPositive();
	}

	@Test
	void failsInItsOwnWords() {
		this.provider.failNext(429, "Quota exceeded").breakNextStream(1, StreamEnding.ERROR);
		JsonNode error = this.caller.post(MODEL + ":generateContent", body(user("Hi"))).json().get("error");
		assertThat(error.get("status").asString()).isEqualTo("RESOURCE_EXHAUSTED");
		assertThat(error.at("/details/0/retryDelay").asString()).isEqualTo("7s");
		assertThat(this.caller.stream(MODEL + ":streamGenerateContent?alt=sse", body(user("Hi")))).last()
			.satisfies((last) -> assertThat(last.json().at("/error/status").asString()).isEqualTo("INTERNAL"));
	}

}
