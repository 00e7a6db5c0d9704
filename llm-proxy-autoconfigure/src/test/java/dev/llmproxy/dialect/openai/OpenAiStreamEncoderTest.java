package dev.llmproxy.dialect.openai;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Transcripts;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OpenAiStreamEncoderTest {

	private static final ChatEvent STARTED = new ChatEvent.Started("msg_1", "claude", 1700000000);

	@Test
	void writesTheRoleFirstThenDeltasThenTheReasonThenDone() {
		String stream = encode(false, STARTED, new ChatEvent.TextDelta(0, "Hi\n\"you\""),
				new ChatEvent.Finished(0, FinishReason.STOP, "END"), new ChatEvent.UsageReported(Usage.of(1, 2)));
		assertThat(stream).isEqualTo(frames(
				"{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":null}]}",
				"{\"content\":\"Hi\\n\\\"you\\\"\"},\"logprobs\":null,\"finish_reason\":null}]}",
				"{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}") + "data: [DONE]\n\n");
	}

	@Test
	void writesTheUsageInAChunkOfItsOwnWhereTheCallerAskedForIt() {
		String stream = encode(true, STARTED, new ChatEvent.Finished(0, FinishReason.LENGTH, null),
				new ChatEvent.UsageReported(new Usage(10, 5, 4, 3, 2, 1, 0, false)));
		assertThat(stream).endsWith(
				"""
						data: {"id":"msg_1","object":"chat.completion.chunk","created":1700000000,"model":"claude","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"length"}],"usage":null}

						data: {"id":"msg_1","object":"chat.completion.chunk","created":1700000000,"model":"claude","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":3,"audio_tokens":1},"completion_tokens_details":{"reasoning_tokens":2,"audio_tokens":0}}}

						data: [DONE]

						""");
	}

	@Test
	void writesCallsAndTheirSignatures() {
		String stream = encode(false, STARTED,
				new ChatEvent.ToolCallStarted(0, 0, "a", "f", new Signature("gemini", "sig")),
				new ChatEvent.ToolCallStarted(0, 1, "b", "g", null), new ChatEvent.ToolCallDelta(0, 1, "{\"x\""),
				new ChatEvent.ToolCallDelta(0, 0, "{}"));
		String signature = new Signature("gemini", "sig").in("openai");
		assertThat(stream).contains(frames(
				"{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"},\"extra_content\":{\"google\":{\"thought_signature\":\""
						+ signature + "\"}}}]},\"logprobs\":null,\"finish_reason\":null}]}",
				"{\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}]},\"logprobs\":null,\"finish_reason\":null}]}",
				"{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"{\\\"x\\\"\"}}]},\"logprobs\":null,\"finish_reason\":null}]}",
				"{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]},\"logprobs\":null,\"finish_reason\":null}]}"));
	}

	@Test
	void writesThoughtsAsTextAndProofsAsDetails() {
		Signature proof = new Signature("anthropic", "EqoB");
		String stream = encode(false, STARTED, new ChatEvent.ReasoningDelta(0, "A"),
				new ChatEvent.ReasoningDelta(0, "b"), new ChatEvent.ReasoningSigned(0, proof),
				new ChatEvent.ReasoningRedacted(0, proof), new ChatEvent.ReasoningDelta(0, "c"),
				new ChatEvent.ReasoningSigned(0, ReasoningSeal.UNSIGNED));
		assertThat(stream).contains(frames("{\"reasoning_content\":\"A\"},\"logprobs\":null,\"finish_reason\":null}]}",
				"{\"reasoning_content\":\"b\"},\"logprobs\":null,\"finish_reason\":null}]}",
				"{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"Ab\",\"signature\":\""
						+ proof.in("openai") + "\",\"index\":0}]},\"logprobs\":null,\"finish_reason\":null}]}",
				"{\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"" + proof.in("openai")
						+ "\",\"index\":1}]},\"logprobs\":null,\"finish_reason\":null}]}",
				"{\"reasoning_content\":\"c\"},\"logprobs\":null,\"finish_reason\":null}]}") + "data: [DONE]");
	}

	@Test
	void announcesEveryChoice() {
		String stream = encode(false, STARTED, new ChatEvent.TextDelta(1, "x"));
		assertThat(stream).contains("\"index\":1,\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}")
			.contains("\"index\":1,\"delta\":{\"content\":\"x\"}");
	}

	@Test
	void saysWhyThereIsNothingToRead() {
		assertThat(encode(false, STARTED, new ChatEvent.RefusalDelta(0, "No."),
				new ChatEvent.Finished(0, FinishReason.REFUSAL, null)))
			.contains("{\"refusal\":\"No.\"}")
			.contains("\"finish_reason\":\"stop\"");
		assertThat(encode(false, STARTED, new ChatEvent.Finished(0, FinishReason.REFUSAL, null)))
			.contains("\"finish_reason\":\"content_filter\"");
	}

	@Test
	void givesAnIdentifierAndATimeWhereTheProviderHasNone() {
		String stream = encode(false, new ChatEvent.Started("", "", 0), new ChatEvent.TextDelta(0, "x"));
		List<String> heads = stream.lines()
			.filter((line) -> line.startsWith("data: {"))
			.map((line) -> line.substring(0, line.indexOf("\"choices\"")))
			.distinct()
			.toList();
		assertThat(heads).singleElement()
			.asString()
			.matches(
					"data: \\{\"id\":\"chatcmpl-[0-9a-z]{24}\",\"object\":\"chat.completion.chunk\",\"created\":[1-9]\\d+,\"model\":\"m\",");
	}

	@Test
	void endsWithTheErrorAndNothingElse() {
		String stream = encode(true, STARTED,
				new ChatEvent.Failed(new LlmError(ErrorKind.RATE_LIMIT, "Slow down.", "slow", null)));
		assertThat(stream).endsWith(
				"data: {\"error\":{\"message\":\"Slow down.\",\"type\":\"rate_limit_error\",\"param\":null,\"code\":\"slow\"}}\n\n");
	}

	private static String encode(boolean includeUsage, ChatEvent... events) {
		ChatRequest request = ChatRequest.builder("m").stream(true).includeUsage(includeUsage).build();
		return Json.text(Transcripts.encode(new OpenAiCodec().streamEncoder(request), List.of(events)));
	}

	private static String frames(String... deltas) {
		return Arrays.stream(deltas)
			.map((delta) -> "data: {\"id\":\"msg_1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
					+ "\"model\":\"claude\",\"choices\":[{\"index\":0,\"delta\":" + delta + "\n\n")
			.collect(Collectors.joining());
	}

}
