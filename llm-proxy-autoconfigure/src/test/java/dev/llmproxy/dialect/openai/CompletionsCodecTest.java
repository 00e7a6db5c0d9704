package dev.llmproxy.dialect.openai;

import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.dialect.Transcripts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CompletionsCodecTest {

	private final CompletionsCodec codec = new CompletionsCodec();

	@Test
	void readsEveryField() {
		ChatRequest request = decode("""
				{"model":"gpt-3.5-turbo-instruct","prompt":"Say this","max_tokens":7,"temperature":0,"top_p":0.5,"n":2,
				"stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},"logprobs":2,
				"echo":true,"stop":"\\n","presence_penalty":1,"frequency_penalty":-1,"best_of":3,"logit_bias":{"1":2},
				"user":"u","seed":4,"suffix":"end"}""");
		assertThat(request).isEqualTo(ChatRequest.builder("gpt-3.5-turbo-instruct")
			.message(Message.text(Role.USER, "Say this"))
			.maxTokens(7)
			.temperature(0.0)
			.topP(0.5)
			.n(2)
			.stream(true)
			.includeUsage(true)
			.stop(List.of("\n"))
			.presencePenalty(1.0)
			.frequencyPenalty(-1.0)
			.user("u")
			.seed(4L)
			.rest("$dialect", "completions")
			.rest("stream_options.include_obfuscation", false)
			.rest("logprobs", 2)
			.rest("echo", true)
			.rest("best_of", 3)
			.rest("logit_bias", Map.of("1", 2))
			.rest("suffix", "end")
			.build());
	}

	@Test
	void readsSeveralPromptsAndSaysThatTheyAreAnsweredAtOnce() {
		ChatRequest request = decode("{\"model\":\"m\",\"prompt\":[\"a\",\"b\"]}");
		assertThat(request.messages()).containsExactly(Message.text(Role.USER, "a"), Message.text(Role.USER, "b"));
		assertThat(new OpenAiCodec().encodeRequest(request).dropped()).containsExactly("prompt (an answer to each)");
		assertThat(new OpenAiCodec().encodeRequest(decode("{\"model\":\"m\",\"prompt\":[\"a\"]}")).dropped()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "{\"model\":\"m\"}|prompt", "{\"model\":\"m\",\"prompt\":[]}|prompt",
					"{\"model\":\"m\",\"prompt\":[1,2]}|prompt[0]", "{\"model\":\"m\",\"prompt\":[[1],[2]]}|prompt[0]",
					"{\"prompt\":\"x\"}|model",
					"{\"model\":\"m\",\"prompt\":\"x\",\"temperature\":\"7\"}|temperature" })
	void namesThePlaceOfAMistake(String body, String param) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> decode(body))
			.satisfies((ex) -> assertThat(ex.error().param()).isEqualTo(param));
	}

	@Test
	void neverWritesForAProvider() {
		ChatRequest request = ChatRequest.builder("m").message(Message.text(Role.USER, "x")).build();
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> this.codec.encodeRequest(request))
			.withMessageContaining("chat completion");
	}

	@Test
	void writesAWholeAnswer() {
		ChatResponse response = new ChatResponse("msg_1", "claude", 1700000000,
				List.of(new ChatResponse.Choice(0, List.of(new Part.Reasoning("t", null), Part.text("Hi")),
						FinishReason.LENGTH, null),
						new ChatResponse.Choice(1, List.of(new Part.Refusal("No.")), FinishReason.REFUSAL, null)),
				Usage.of(1, 2), null);
		assertThat(Json.text(this.codec.encodeResponse(response))).isEqualTo(Json.compact("""
				{"id":"msg_1","object":"text_completion","created":1700000000,"model":"claude","choices":[
				{"text":"Hi","index":0,"logprobs":null,"finish_reason":"length"},
				{"text":"No.","index":1,"logprobs":null,"finish_reason":"stop"}],
				"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,
				"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},
				"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}}}"""));
	}

	@Test
	void writesAStream() {
		ChatRequest request = ChatRequest.builder("m").stream(true).build();
		byte[] stream = Transcripts.encode(this.codec.streamEncoder(request),
				List.of(new ChatEvent.Started("msg_1", "claude", 1700000000), new ChatEvent.ReasoningDelta(0, "t"),
						new ChatEvent.TextDelta(0, "Hi"), new ChatEvent.Finished(0, FinishReason.STOP, null),
						new ChatEvent.UsageReported(Usage.of(1, 2))));
		assertThat(Json.text(stream)).isEqualTo(
				"""
						data: {"id":"msg_1","object":"text_completion","created":1700000000,"model":"claude","choices":[{"text":"Hi","index":0,"logprobs":null,"finish_reason":null}]}

						data: {"id":"msg_1","object":"text_completion","created":1700000000,"model":"claude","choices":[{"text":"","index":0,"logprobs":null,"finish_reason":"stop"}]}

						data: [DONE]

						""");
	}

	@Test
	void isADialectOfItsOwn() {
		assertThat(this.codec.dialect()).isEqualTo(Dialect.COMPLETIONS);
	}

	private ChatRequest decode(String json) {
		return this.codec.decodeRequest(Json.bytes(json), Json.envelope(json));
	}

}
