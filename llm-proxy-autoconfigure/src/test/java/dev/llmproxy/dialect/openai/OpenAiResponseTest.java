package dev.llmproxy.dialect.openai;

import java.util.List;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Transcripts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OpenAiResponseTest {

	private final OpenAiCodec codec = new OpenAiCodec();

	@Test
	void readsText() {
		assertThat(fixture("text")).isEqualTo(new ChatResponse("chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
				"gpt-4.1-2025-04-14", 1741569952, List.of(new ChatResponse.Choice(0,
						List.of(Part.text("Hello! The error message was \"error\": 404.")), FinishReason.STOP, null)),
				new Usage(19, 10, 5, 0, 2, 1, 3, false), "default"));
	}

	@Test
	void readsCallsOfEveryKind() {
		ChatResponse.Choice choice = fixture("tools").choices().get(0);
		assertThat(choice.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
		assertThat(choice.parts().subList(0, 3)).containsExactly(
				new Part.ToolCall("call_abc123", "get_current_weather", "{\n\"location\": \"Boston, MA\"\n}"),
				new Part.ToolCall("call_abc124", "now", "{}", new Signature("openai", "CrICAdHtim827fQ=="), null),
				new Part.ToolCall("call_abc125", "run_sql", "{\"input\":\"SELECT \\\"a\\\"\"}"));
		assertThat(choice.parts().get(3)).isInstanceOfSatisfying(Part.ToolCall.class, (call) -> {
			assertThat(call.id()).matches("call_[0-9a-f]{24}");
			assertThat(call.arguments()).isEqualTo("{\"n\":12345678901234567890.25}");
		});
	}

	@Test
	void readsThoughtsAndTokensThatVendorsCountApart() {
		ChatResponse response = fixture("reasoning");
		assertThat(response.choices().get(0).parts()).containsExactly(
				new Part.Reasoning("Let me think.", own("EqoBCkgIARABGAIiQL2UoU0b1OHYi+==")),
				new Part.Reasoning("", null, own("""
						{"type":"reasoning.encrypted","data":"gAAAAABotDG1xK==","id":"rs_0a1",\
						"format":"openai-responses-v1","index":1}""")), new Part.Reasoning(" Or not.", own("""
						{"type":"reasoning.summary","format":"openai-responses-v1","index":2}""")),
				Part.text("Forty-two, so"));
		assertThat(response.choices().get(1)).isEqualTo(new ChatResponse.Choice(1,
				List.of(new Part.Reasoning("Unsigned.", ReasoningSeal.UNSIGNED)), FinishReason.CONTENT_FILTER, null));
		assertThat(response.usage()).isEqualTo(new Usage(20, 430, 4, 9, 400, 0, 0, false));
	}

	@Test
	void readsRefusalsAndPictures() {
		assertThat(fixture("refusal").choices().get(0)).isEqualTo(
				new ChatResponse.Choice(0, List.of(new Part.Refusal("I'm very sorry, but I can't assist with that.")),
						FinishReason.REFUSAL, null));
		assertThat(fixture("image").choices().get(0).parts()).containsExactly(Part.text("Here it is."),
				new Part.Image(new MediaSource.Inline("image/png", "iVBORw0KGgo="), null, null));
	}

	@Test
	void writesAnAnswerOfAnotherDialect() {
		Signature proof = new Signature("anthropic", "EqoB");
		ChatResponse response = new ChatResponse("msg_1", "claude", 1700000000,
				List.of(new ChatResponse.Choice(0,
						List.of(new Part.Reasoning("Think.", proof), new Part.Reasoning("", null, proof),
								Part.text("Let me"), Part.text(" look."),
								new Part.ToolCall("toolu_1", "f", "{\"a\":1}", new Signature("gemini", "s"), null)),
						FinishReason.TOOL_CALLS, null)),
				Usage.of(3, 4), "priority");
		String sealed = proof.in("openai");
		assertThat(Json.text(this.codec.encodeResponse(response))).isEqualTo(Json.compact("""
				{"id":"msg_1","object":"chat.completion","created":1700000000,"model":"claude","choices":[
				{"index":0,"message":{"role":"assistant","content":"Let me look.","reasoning_content":"Think.",
				"reasoning_details":[{"type":"reasoning.text","text":"Think.","signature":"%s","index":0},
				{"type":"reasoning.encrypted","data":"%s","index":1}],"refusal":null,
				"tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"},
				"extra_content":{"google":{"thought_signature":"%s"}}}]},
				"logprobs":null,"finish_reason":"tool_calls"}],
				"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7,
				"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},
				"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}},"service_tier":"priority"}"""
			.formatted(sealed, sealed, new Signature("gemini", "s").in("openai"))));
	}

	@Test
	void writesNullForContentThatIsNotThere() {
		assertThat(write(FinishReason.TOOL_CALLS, new Part.ToolCall("a", "f", "{}"))).contains("\"content\":null");
		assertThat(write(FinishReason.REFUSAL, new Part.Refusal("No."))).contains("\"content\":null")
			.contains("\"refusal\":\"No.\"")
			.contains("\"finish_reason\":\"stop\"");
		assertThat(write(FinishReason.REFUSAL)).contains("\"content\":\"\"")
			.contains("\"finish_reason\":\"content_filter\"");
	}

	@ParameterizedTest
	@CsvSource({ "stop,STOP", "length,LENGTH", "tool_calls,TOOL_CALLS", "function_call,TOOL_CALLS",
			"content_filter,CONTENT_FILTER", "model_length,LENGTH", "novelty,OTHER", ",OTHER" })
	void readsReasons(String told, FinishReason reason) {
		String value = (told != null) ? "\"" + told + "\"" : "null";
		ChatResponse response = this.codec.decodeResponse(
				Json.bytes("{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":" + value + "}]}"));
		assertThat(response.choices().get(0).finishReason()).isEqualTo(reason);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "{", "{}", "{\"choices\":[]}", "{\"error\":{\"message\":\"m\"}}",
			"{\"choices\":[{\"message\":{\"tool_calls\":[{}]}}]}" })
	void refusesWhatIsNoAnswer(String body) {
		assertThatExceptionOfType(DecodingException.class)
			.isThrownBy(() -> this.codec.decodeResponse(Json.bytes(body)));
	}

	@Test
	void noticesErrorsInAnswersWithStatus200() {
		assertThat(this.codec.inspect(Json.bytes("{\"error\":{\"message\":\"m\",\"code\":429}}")).error())
			.satisfies((error) -> assertThat(error.message()).isEqualTo("m"));
		assertThat(this.codec.inspect(Json.bytes("{\"choices\":[{}],\"error\":null,\"usage\":null}")).error()).isNull();
		assertThat(this.codec.inspect(Transcripts.resource(getClass(), "responses/text.json")).error()).isNull();
	}

	private String write(FinishReason reason, Part... parts) {
		return Json.text(this.codec.encodeResponse(new ChatResponse("a", "m", 1,
				List.of(new ChatResponse.Choice(0, List.of(parts), reason, null)), null, null)));
	}

	private static Signature own(String value) {
		return new Signature("openai", value);
	}

	private ChatResponse fixture(String name) {
		return this.codec.decodeResponse(Transcripts.resource(getClass(), "responses/" + name + ".json"));
	}

}
