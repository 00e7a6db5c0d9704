package dev.llmproxy.dialect.anthropic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Part;
import dev.llmproxy.dialect.CodecContract;
import dev.llmproxy.dialect.Transcripts;
import dev.llmproxy.dialect.UpstreamCodec;

/** What every codec keeps, for Anthropic's. */
class AnthropicCodecContractTest extends CodecContract {

	@Override
	protected UpstreamCodec upstream() {
		return new AnthropicCodec();
	}

	@Override
	protected Map<String, byte[]> streams() {
		Map<String, byte[]> streams = files("stream-text.sse", "stream-tools.sse", "stream-thinking.sse",
				"stream-hosted.sse", "stream-nameless.sse", "stream-refusal.sse", "stream-error-first.sse",
				"stream-error-late.sse");
		String thinking = Bodies.text(Bodies.file("stream-thinking.sse"));
		streams.put("CRLF", thinking.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
		return streams;
	}

	@Override
	protected Map<String, byte[]> responses() {
		return files("response-text.json", "response-tools.json", "response-hosted.json", "response-refusal.json");
	}

	@Override
	protected Map<String, byte[]> requests() {
		return files("request-simple.json", "request-full.json", "request-thinking.json", "request-budget.json");
	}

	private static Map<String, byte[]> files(String... names) {
		Map<String, byte[]> files = new LinkedHashMap<>();
		for (String name : names) {
			files.put(name, Transcripts.resource(AnthropicCodecContractTest.class, name));
		}
		return files;
	}

	/**
	 * Arguments may be spelled otherwise: {@code 1e3} and {@code 1E+3} are one number.
	 */
	private static Part sayable(Part part) {
		if (part instanceof Part.Refusal refusal) {
			return Part.text(refusal.text());
		}
		if (part instanceof Part.ToolCall call) {
			return new Part.ToolCall(call.id(), call.name(),
					AnthropicJson.text(Objects.requireNonNull(AnthropicBlocks.input(call))), call.signature(),
					call.cacheControl());
		}
		return part;
	}

	/** Without the time, and with text and a reason where the dialect has no word. */
	@Override
	protected ChatResponse sayable(ChatResponse response) {
		List<ChatResponse.Choice> choices = new ArrayList<>();
		for (ChatResponse.Choice choice : response.choices()) {
			List<Part> parts = choice.parts().stream().map(AnthropicCodecContractTest::sayable).toList();
			FinishReason reason = (choice.finishReason() == FinishReason.CONTENT_FILTER) ? FinishReason.REFUSAL
					: choice.finishReason();
			choices.add(new ChatResponse.Choice(choice.index(), parts, reason, choice.stopSequence()));
		}
		return new ChatResponse(response.id(), response.model(), 0, choices, response.usage(), response.serviceTier());
	}

}
