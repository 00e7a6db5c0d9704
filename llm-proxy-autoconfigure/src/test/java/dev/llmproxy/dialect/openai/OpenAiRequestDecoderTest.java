package dev.llmproxy.dialect.openai;

import java.math.BigDecimal;
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
import dev.llmproxy.dialect.Transcripts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OpenAiRequestDecoderTest {

	@Test
	void readsEveryField() {
		ChatRequest request = fixture("everything");
		assertThat(request.model()).isEqualTo("gpt-5-mini");
		assertThat(request.toolChoice()).isEqualTo(ToolChoice.named("get_weather"));
		assertThat(request.parallelToolCalls()).isFalse();
		assertThat(request.maxTokens()).isEqualTo(1000);
		assertThat(request.temperature()).isEqualTo(0.7);
		assertThat(request.topP()).isEqualTo(0.9);
		assertThat(request.topK()).isEqualTo(40);
		assertThat(request.frequencyPenalty()).isEqualTo(0.5);
		assertThat(request.presencePenalty()).isEqualTo(-0.5);
		assertThat(request.seed()).isEqualTo(9007199254740993L);
		assertThat(request.stop()).containsExactly("END", "\n\n", "3", "4", "5");
		assertThat(request.n()).isEqualTo(2);
		assertThat(request.responseFormat())
			.isEqualTo(new ResponseFormat.JsonSchema("answer", "An answer.", Map.of("type", "object"), true));
		assertThat(request.reasoning()).isEqualTo(new ReasoningConfig(null, "high", null, "auto"));
		assertThat(request.stream()).isTrue();
		assertThat(request.includeUsage()).isTrue();
		assertThat(request.user()).isEqualTo("user-1");
		assertThat(request.metadata()).isEqualTo(Map.of("trace", "abc"));
		assertThat(request.serviceTier()).isEqualTo("flex");
	}

	@Test
	void readsEveryKindOfMessageAndPart() {
		List<Message> messages = fixture("everything").messages();
		assertThat(messages).extracting(Message::role)
			.containsExactly(Role.DEVELOPER, Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL, Role.TOOL,
					Role.ASSISTANT, Role.ASSISTANT, Role.USER);
		assertThat(messages.get(1).parts()).containsExactly(new Part.Text("Answer in German.", new CacheControl("1h")));
		assertThat(messages.get(2).name()).isEqualTo("alice");
		assertThat(messages.get(2).parts()).containsExactly(Part.text("What is this?"),
				new Part.Image(new MediaSource.Url("https://example.org/a.png"), "low", null),
				new Part.Image(new MediaSource.Inline("image/png", "iVBORw0KGgo="), null, null),
				new Part.Audio(new MediaSource.Inline("audio/wav", "UklGRg==")),
				new Part.Document(new MediaSource.Inline("application/pdf", "JVBERi0="), "a.pdf", null),
				new Part.Document(new MediaSource.FileId("file-6F2ksmvXxt4VdoqmHRw6kL"), null, null));
		assertThat(messages.get(3).parts()).containsExactly(
				new Part.Reasoning("I need a tool.", ReasoningSeal.UNSIGNED), Part.text("Let me look it up."),
				new Part.ToolCall("call_1", "get_weather", "{\"city\":\"Köln\"}"),
				new Part.ToolCall("call_2", "get_time", "{}", new Signature("openai", "CrICAdHtim827fQ=="), null));
		assertThat(messages.get(5).parts()).containsExactly(
				new Part.ToolResult("call_2", null, List.of(Part.text("12:00"), Part.text(" CET")), false, null));
		assertThat(messages.get(6).parts()).containsExactly(new Part.Refusal("I can't."));
		assertThat(messages.get(7).parts()).containsExactly(Part.text("Well"), new Part.Refusal("no."));
	}

	@Test
	void readsToolsInOrderAndKeepsTheDigitsOfTheirSchemas() {
		List<Tool> tools = fixture("everything").tools();
		assertThat(tools).extracting(Tool::name).containsExactly("get_weather", "get_time", "custom");
		assertThat(tools.get(0)).isInstanceOfSatisfying(Tool.Function.class, (function) -> {
			assertThat(function.description()).isEqualTo("Tells the weather.");
			assertThat(function.strict()).isTrue();
			assertThat(function.cacheControl()).isEqualTo(CacheControl.EPHEMERAL);
			assertThat(function.parameters().keySet()).containsExactly("type", "properties", "required",
					"additionalProperties");
			Map<?, ?> properties = (Map<?, ?>) function.parameters().get("properties");
			assertThat(properties.keySet().toString()).isEqualTo("[zebra, city]");
			assertThat(((Map<?, ?>) properties.get("zebra")).get("minimum")).isEqualTo(new BigDecimal("0.10"));
		});
		assertThat(tools.get(2)).isInstanceOfSatisfying(Tool.Hosted.class,
				(hosted) -> assertThat(hosted.origin()).isEqualTo("openai"));
	}

	@Test
	void keepsWhatHasNoPlaceUnderItsPathAndSaysWhoseItIs() {
		Map<String, Object> rest = fixture("everything").rest();
		assertThat(rest).containsExactlyInAnyOrderEntriesOf(Map.of("$dialect", "openai", "messages[2].content[6]",
				Map.of("type", "video_url", "video_url", Map.of("url", "https://example.org/a.mp4")),
				"messages[7].audio", Map.of("id", "audio_1"), "safety_identifier", "hash-1", "prompt_cache_key",
				"key-1", "logit_bias", Map.of("50256", -100), "logprobs", true, "top_logprobs", 3, "store", true,
				"verbosity", "low"));
		assertThat(rest.keySet().iterator().next()).isEqualTo("$dialect");
	}

	@Test
	void readsTheOlderFunctions() {
		ChatRequest request = fixture("functions");
		assertThat(request.tools()).extracting(Tool::name).containsExactly("get_weather");
		assertThat(request.toolChoice()).isEqualTo(ToolChoice.named("get_weather"));
		List<Part> parts = request.messages().stream().skip(1).flatMap((message) -> message.parts().stream()).toList();
		assertThat(parts).containsExactly(new Part.ToolCall("call_get_weather_1", "get_weather", "{\"city\":\"Oslo\"}"),
				new Part.ToolResult("call_get_weather_1", "get_weather", List.of(Part.text("rain")), false, null),
				new Part.ToolCall("call_get_weather_3", "get_weather", "{\"city\":\"Rome\"}"),
				new Part.ToolResult("call_get_weather_3", "get_weather", List.of(Part.text("sun")), false, null));
	}

	@Test
	void readsThoughtsWhereverVendorsHaveThem() {
		List<Message> messages = fixture("extensions").messages();
		assertThat(messages.get(0).parts()).containsExactly(new Part.Text("Hi", CacheControl.EPHEMERAL));
		assertThat(messages.get(1).parts()).containsExactly(new Part.Reasoning("A greeting.", own(
				"{\"type\":\"reasoning.text\",\"signature\":\"EqoBCkgI\",\"format\":\"anthropic-claude-v1\",\"index\":0}")),
				new Part.Reasoning("", null, own("EmwKAhgB")), Part.text("Hello"));
		assertThat(messages.get(3).parts()).containsExactly(
				new Part.Reasoning("Small talk.", own("{\"type\":\"thinking\",\"signature\":\"EqoBCkgJ\"}")),
				new Part.Reasoning("", null, own("{\"type\":\"redacted_thinking\",\"data\":\"EmwKAhgC\"}")),
				Part.text("Fine"));
		assertThat(messages.get(5).parts()).containsExactly(new Part.Reasoning("Plain.", ReasoningSeal.UNSIGNED_PLAIN),
				Part.text("Yes"));
	}

	@Test
	void recognisesWhatAnotherProviderSealed() {
		Signature foreign = new Signature("anthropic", "EqoBCkgI");
		ChatRequest request = decode("""
				{"model":"m","messages":[{"role":"assistant","reasoning_content":"Ab","reasoning_details":[
				{"type":"reasoning.text","text":"A","signature":"%s","index":0},
				{"type":"reasoning.text","text":"b","index":1}]}]}""".formatted(foreign.in("openai")));
		assertThat(request.messages().get(0).parts()).containsExactly(new Part.Reasoning("A", foreign),
				new Part.Reasoning("b", ReasoningSeal.UNSIGNED));
	}

	@Test
	void joinsDetailsThatCallersCollectedFromAStream() {
		ChatRequest request = decode(
				"""
						{"model":"m","messages":[{"role":"assistant","content":"x","reasoning_details":[
						{"type":"reasoning.text","text":"A","index":0},{"type":"reasoning.text","text":"b","index":0},
						{"type":"reasoning.text","signature":"S","index":0},{"type":"reasoning.text","text":"c","index":1}]}]}""");
		assertThat(request.messages().get(0).parts()).containsExactly(new Part.Reasoning("Ab", own("S")),
				new Part.Reasoning("c", ReasoningSeal.UNSIGNED), Part.text("x"));
	}

	@Test
	void findsTheTextOfDetailsThatHaveNone() {
		ChatRequest request = decode("""
				{"model":"m","messages":[{"role":"assistant","content":"x","reasoning_content":"Ab",
				"reasoning_details":[{"type":"reasoning.text","signature":"S"}]}]}""");
		assertThat(request.messages().get(0).parts()).containsExactly(new Part.Reasoning("Ab", own("S")),
				Part.text("x"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "\"reasoning_effort\":\"low\"|low||", "\"reasoning\":{\"effort\":\"high\"}|high||",
					"\"reasoning\":{\"max_tokens\":99}||99|", "\"reasoning\":{\"enabled\":true}|medium||",
					"\"reasoning\":{\"enabled\":false}|none||",
					"\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":5}||5|true",
					"\"thinking\":{\"type\":\"disabled\"}|||false", "\"thinking\":{\"type\":\"adaptive\"}|||true" })
	void readsHowMuchToThink(String field, String effort, Integer budget, Boolean enabled) {
		ChatRequest request = decode(
				"{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]," + field + "}");
		boolean off = "none".equals(effort) || Boolean.FALSE.equals(enabled);
		assertThat(request.reasoning()).isEqualTo(new ReasoningConfig(enabled, effort, budget, off ? null : "auto"));
	}

	@Test
	void prefersTheNewerLimitAndReadsTheOlder() {
		assertThat(decode("""
				{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":5}""").maxTokens()).isEqualTo(5);
		assertThat(decode("""
				{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":5,"max_completion_tokens":7}""")
			.maxTokens()).isEqualTo(7);
	}

	@Test
	void takesNullForAbsent() {
		ChatRequest request = decode(
				"""
						{"model":"m","messages":[{"role":"user","content":"x","name":null}],"tools":null,"tool_choice":null,
						"max_tokens":null,"temperature":null,"stop":null,"n":null,"response_format":null,"stream":null,
						"stream_options":null,"metadata":null,"user":null,"seed":null,"logit_bias":null,"function_call":null}""");
		assertThat(request).isEqualTo(
				ChatRequest.builder("m").message(Message.text(Role.USER, "x")).rest("$dialect", "openai").build());
	}

	@Test
	void readsMediaAsLooselyAsVendorsTakeIt() {
		ChatRequest request = decode("""
				{"model":"m","messages":[{"role":"user","content":[
				{"type":"image_url","image_url":"https://example.org/a.png"},
				{"type":"image_url","image_url":{"url":"gs://b/a","format":"image/webp"}},
				{"type":"image_url","image_url":{"url":"DATA:image/svg+xml;charset=utf-8,%3Csvg+a%3E"}},
				{"type":"file","file":{"file_data":"JVBERi0="}},
				{"type":"file","file":{"file_id":"https://example.org/a.pdf"}}]}]}""");
		assertThat(request.messages().get(0).parts()).containsExactly(
				new Part.Image(new MediaSource.Url("https://example.org/a.png"), null, null),
				new Part.Image(new MediaSource.Url("gs://b/a", "image/webp"), null, null),
				new Part.Image(new MediaSource.Inline("image/svg+xml", "PHN2ZythPg=="), null, null),
				new Part.Document(new MediaSource.Inline("application/pdf", "JVBERi0="), null, null),
				new Part.Document(new MediaSource.Url("https://example.org/a.pdf"), null, null));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "{}|messages", "{\"messages\":[]}|messages",
			"{\"messages\":{}}|messages", "{\"messages\":[7]}|messages[0]", "{\"messages\":[{}]}|messages[0].role",
			"{\"messages\":[{\"role\":\"judge\"}]}|messages[0].role",
			"{\"messages\":[{\"role\":\"user\"}]}|messages[0].content",
			"{\"messages\":[{\"role\":\"user\",\"content\":7}]}|messages[0].content",
			"{\"messages\":[{\"role\":\"user\",\"content\":[\"x\"]}]}|messages[0].content[0]",
			"{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}|messages[0].content[0].text",
			"{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}|messages[0].content[0].image_url",
			"{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:x\"}}]}]}|messages[0].content[0].image_url.url",
			"{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"x\"}}]}]}|messages[0].content[0].input_audio.format",
			"{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{}}]}]}|messages[0].content[0].file",
			"{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}|messages[0].tool_call_id",
			"{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"function\":{}}]}]}|messages[0].tool_calls[0].function.name",
			"{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":7}}]}]}|messages[0].tool_calls[0].function.arguments",
			"{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"function\"}]}|tools[0].function",
			"{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"function\":{\"name\":\"f\",\"parameters\":[]}}]}|tools[0].function.parameters",
			"{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tool_choice\":\"maybe\"}|tool_choice",
			"{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tool_choice\":{\"type\":\"function\"}}|tool_choice.function",
			"{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"temperature\":\"hot\"}|temperature",
			"{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"seed\":1.5}|seed",
			"{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stop\":[7]}|stop[0]",
			"{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_schema\"}}|response_format.json_schema" })
	void namesThePlaceOfAMistake(String body, String param) {
		String json = "{\"model\":\"m\"," + body.substring(1);
		json = json.replace(",}", "}");
		String request = json;
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> decode(request))
			.satisfies((ex) -> assertThat(ex.error().param()).isEqualTo(param))
			.withMessageContaining("'" + param + "'");
	}

	@Test
	void asksForTheModel() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> decode("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"))
			.satisfies((ex) -> assertThat(ex.error().param()).isEqualTo("model"));
	}

	private static Signature own(String value) {
		return new Signature("openai", value);
	}

	private ChatRequest fixture(String name) {
		return decode(Json.text(Transcripts.resource(getClass(), "requests/" + name + ".json")));
	}

	private static ChatRequest decode(String json) {
		return new OpenAiCodec().decodeRequest(Json.bytes(json), Json.envelope(json));
	}

}
