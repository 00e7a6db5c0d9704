package dev.llmproxy.dialect.gemini;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.framing.FramingException;
import dev.llmproxy.dialect.framing.SseDecoder;
import dev.llmproxy.dialect.framing.SseEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads a stream of {@code GenerateContentResponse}s ({@code alt=sse}). Pictures in an
 * answer have no event and are left out.
 */
final class GeminiStreamDecoder implements StreamDecoder {

	/** The transport's bound is tighter. */
	private static final int MAX_EVENT_BYTES = 64 * 1024 * 1024;

	private final SseDecoder sse = new SseDecoder(MAX_EVENT_BYTES);

	private final InstantSource clock;

	private final GeminiProgress progress = new GeminiProgress();

	private final Map<Integer, Calls> calls = new HashMap<>();

	private final GeminiLeftovers ignored = GeminiLeftovers.ignored();

	private String id = "";

	private boolean started;

	private boolean failed;

	private @Nullable Usage usage;

	GeminiStreamDecoder(InstantSource clock) {
		this.clock = clock;
	}

	@Override
	public void feed(byte[] bytes, int offset, int length, Consumer<ChatEvent> sink) {
		try {
			this.sse.feed(bytes, offset, length, (event) -> event(event, sink));
		}
		catch (FramingException ex) {
			throw new DecodingException("an event is too large");
		}
	}

	private void event(SseEvent event, Consumer<ChatEvent> sink) {
		// Some gateways end every stream like OpenAI's.
		if (this.failed || event.data().length == 0 || event.isDone()) {
			return;
		}
		try {
			chunk(GeminiJson.MAPPER.readTree(event.data()), sink);
		}
		catch (JacksonException ex) {
			throw new DecodingException("a chunk is not JSON");
		}
		catch (InvalidRequestException ex) {
			throw new DecodingException("a chunk has a malformed field: " + ex.error().param());
		}
	}

	private void chunk(JsonNode chunk, Consumer<ChatEvent> sink) {
		if (!chunk.isObject()) {
			throw new DecodingException("a chunk is not an object");
		}
		if (chunk.hasNonNull("error")) {
			this.failed = true;
			sink.accept(new ChatEvent.Failed(GeminiErrors.decode(502, chunk.path("error"))));
			return;
		}
		start(chunk, sink);
		for (JsonNode candidate : chunk.path("candidates")) {
			candidate(candidate, sink);
		}
		boolean refusedBefore = this.progress.refused();
		this.progress.observe(chunk);
		if (this.progress.refused() && !refusedBefore) {
			sink.accept(new ChatEvent.Finished(0, FinishReason.CONTENT_FILTER, null));
		}
		Usage told = GeminiUsage.of(chunk.path("usageMetadata"));
		this.usage = (told != null) ? told : this.usage;
	}

	private void start(JsonNode chunk, Consumer<ChatEvent> sink) {
		if (!this.started) {
			this.started = true;
			this.id = GeminiAnswers.id(chunk);
			sink.accept(new ChatEvent.Started(this.id, GeminiAnswers.model(chunk),
					GeminiAnswers.created(chunk, this.clock)));
		}
	}

	private void candidate(JsonNode candidate, Consumer<ChatEvent> sink) {
		int index = GeminiProgress.index(candidate);
		if (this.progress.finished(index)) {
			return;
		}
		for (JsonNode node : candidate.path("content").path("parts")) {
			GeminiPart part = GeminiPart.read(node, "parts", this.ignored);
			if (part.call != null) {
				calls(index).accept(part.call, part, sink);
			}
			else {
				text(index, part, sink);
			}
		}
		String reason = GeminiFinish.of(candidate);
		if (reason != null) {
			Calls calls = calls(index);
			calls.close(sink);
			sink.accept(new ChatEvent.Finished(index, GeminiFinish.decode(reason, calls.count > 0), null));
		}
	}

	private static void text(int choice, GeminiPart part, Consumer<ChatEvent> sink) {
		if (part.text != null && !part.text.isEmpty()) {
			sink.accept(part.thought ? new ChatEvent.ReasoningDelta(choice, part.text)
					: new ChatEvent.TextDelta(choice, part.text));
		}
		if (part.signature != null && part.text != null) {
			Signature redacted = GeminiSignatures.redacted(part.signature);
			sink.accept((redacted != null) ? new ChatEvent.ReasoningRedacted(choice, redacted)
					: new ChatEvent.ReasoningSigned(choice, part.signature));
		}
	}

	private Calls calls(int choice) {
		return this.calls.computeIfAbsent(choice, Calls::new);
	}

	@Override
	public void end(Consumer<ChatEvent> sink) {
		if (this.failed) {
			return;
		}
		if (!this.progress.complete()) {
			throw new DecodingException("the stream ended before the answer did");
		}
		if (this.usage != null) {
			sink.accept(new ChatEvent.UsageReported(this.usage));
		}
	}

	/** The calls of one candidate. */
	private final class Calls {

		private final int choice;

		private int count;

		private @Nullable GeminiPartialArguments open;

		Calls(int choice) {
			this.choice = choice;
		}

		void accept(GeminiPart.Call call, GeminiPart part, Consumer<ChatEvent> sink) {
			String name = call.name;
			if (name != null && !name.isEmpty()) {
				close(sink);
				String id = GeminiCallIds.inAnswer(call.id, GeminiStreamDecoder.this.id, this.choice, this.count, name);
				sink.accept(new ChatEvent.ToolCallStarted(this.choice, this.count, id, name, part.signature));
				this.count++;
				if (!call.willContinue && call.partialArgs == null) {
					sink.accept(new ChatEvent.ToolCallDelta(this.choice, this.count - 1, call.arguments()));
					return;
				}
				this.open = new GeminiPartialArguments();
			}
			if (this.open != null) {
				this.open.accept(call.partialArgs);
				if (!call.willContinue) {
					close(sink);
				}
			}
		}

		void close(Consumer<ChatEvent> sink) {
			if (this.open != null) {
				sink.accept(new ChatEvent.ToolCallDelta(this.choice, this.count - 1, this.open.json()));
				this.open = null;
			}
		}

	}

}
