package dev.llmproxy.dialect.openai;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.framing.SseWriter;
import org.jspecify.annotations.Nullable;

/** Writes streamed {@code text_completion}s. */
final class CompletionsStreamEncoder implements StreamEncoder {

	private static final byte[] NOTHING = {};

	private final OpenAiChunks chunks;

	private @Nullable Usage usage;

	private boolean failed;

	CompletionsStreamEncoder(ChatRequest request) {
		this.chunks = new OpenAiChunks("text_completion", "cmpl-", request);
	}

	@Override
	public byte[] encode(ChatEvent event) {
		if (event instanceof ChatEvent.Started started) {
			this.chunks.start(started);
		}
		else if (event instanceof ChatEvent.TextDelta delta) {
			return this.chunks.text(delta.choice(), delta.text(), null);
		}
		else if (event instanceof ChatEvent.RefusalDelta delta) {
			return this.chunks.text(delta.choice(), delta.text(), null);
		}
		else if (event instanceof ChatEvent.Finished finished) {
			return this.chunks.text(finished.choice(), "", OpenAiFinish.writeCompletion(finished.reason()));
		}
		else if (event instanceof ChatEvent.UsageReported reported) {
			this.usage = reported.usage();
		}
		else if (event instanceof ChatEvent.Failed failure) {
			this.failed = true;
			return SseWriter.data(OpenAiErrors.encode(failure.error(), null));
		}
		return NOTHING;
	}

	@Override
	public byte[] end() {
		return this.failed ? NOTHING : this.chunks.end(this.usage);
	}

}
