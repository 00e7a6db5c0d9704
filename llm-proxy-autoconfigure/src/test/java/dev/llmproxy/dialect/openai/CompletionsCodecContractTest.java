package dev.llmproxy.dialect.openai;

import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Part;
import dev.llmproxy.dialect.CodecContract;
import dev.llmproxy.dialect.Transcripts;
import dev.llmproxy.dialect.UpstreamCodec;

/** The laws of all codecs, for the older completions, which can say text only. */
class CompletionsCodecContractTest extends CodecContract {

	@Override
	protected UpstreamCodec upstream() {
		return new CompletionsCodec();
	}

	@Override
	protected boolean encodesRequests() {
		return false;
	}

	@Override
	protected int choices() {
		return 2;
	}

	@Override
	protected Map<String, byte[]> streams() {
		return Map.of("text", Transcripts.resource(getClass(), "completions/text.sse"), "failed",
				Transcripts.resource(getClass(), "completions/failed.sse"));
	}

	@Override
	protected Map<String, byte[]> responses() {
		return Map.of("text", Transcripts.resource(getClass(), "completions/text.json"));
	}

	@Override
	protected ChatResponse sayable(ChatResponse response) {
		return new ChatResponse(response.id(), response.model(), response.created(),
				response.choices().stream().map(CompletionsCodecContractTest::sayable).toList(), response.usage(),
				null);
	}

	private static ChatResponse.Choice sayable(ChatResponse.Choice choice) {
		StringBuilder text = new StringBuilder(choice.text());
		choice.parts()
			.stream()
			.filter(Part.Refusal.class::isInstance)
			.forEach((part) -> text.append(((Part.Refusal) part).text()));
		FinishReason reason = switch (choice.finishReason()) {
			case LENGTH, CONTENT_FILTER -> choice.finishReason();
			default -> FinishReason.STOP;
		};
		return new ChatResponse.Choice(choice.index(), text.isEmpty() ? List.of() : List.of(Part.text(text.toString())),
				reason, null);
	}

}
