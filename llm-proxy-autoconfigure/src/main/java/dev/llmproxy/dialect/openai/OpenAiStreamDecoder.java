package dev.llmproxy.dialect.openai;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.framing.FramingException;
import dev.llmproxy.dialect.framing.SseDecoder;
import dev.llmproxy.dialect.framing.SseEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads streams of chat completions and of the older completions. An answer is complete
 * with {@code [DONE]}, or when all its choices told a {@code finish_reason}: some vendors
 * leave out the one, some the other.
 */
final class OpenAiStreamDecoder implements StreamDecoder {

	/** Far above what the transport lets through. */
	private static final int MAX_EVENT_BYTES = 64 << 20;

	private final SseDecoder events = new SseDecoder(MAX_EVENT_BYTES);

	private final Map<Integer, OpenAiChoiceDecoder> choices = new TreeMap<>();

	private String id = "";

	private boolean started;

	private boolean over;

	private @Nullable Usage usage;

	@Override
	public void feed(byte[] bytes, int offset, int length, Consumer<ChatEvent> sink) {
		if (this.over) {
			return;
		}
		try {
			this.events.feed(bytes, offset, length, (event) -> accept(event, sink));
		}
		catch (FramingException ex) {
			throw new DecodingException("an event that is too large");
		}
	}

	@Override
	public void end(Consumer<ChatEvent> sink) {
		if (this.over) {
			return;
		}
		boolean complete = !this.choices.isEmpty()
				&& this.choices.values().stream().allMatch(OpenAiChoiceDecoder::finished);
		if (!complete) {
			throw new DecodingException("a stream that was cut off");
		}
		finish(sink);
	}

	private void accept(SseEvent event, Consumer<ChatEvent> sink) {
		if (this.over || event.data().length == 0) {
			return;
		}
		if (event.isDone()) {
			if (this.choices.isEmpty()) {
				throw new DecodingException("a stream without an answer");
			}
			finish(sink);
			return;
		}
		JsonNode chunk = OpenAiJson.read(event.data(), "a chunk");
		JsonNode error = OpenAiErrors.in(chunk);
		if (error != null) {
			this.over = true;
			sink.accept(new ChatEvent.Failed(OpenAiErrors.decode(502, error)));
			return;
		}
		chunk(chunk, sink);
	}

	private void chunk(JsonNode chunk, Consumer<ChatEvent> sink) {
		usage(chunk.path("usage"));
		JsonNode choices = chunk.path("choices");
		// Azure begins with a chunk about the prompt that has neither choices nor a name.
		if (!this.started && !choices.isEmpty()) {
			this.started = true;
			this.id = chunk.path("id").asString("");
			sink.accept(
					new ChatEvent.Started(this.id, chunk.path("model").asString(""), chunk.path("created").asLong(0)));
		}
		for (JsonNode choice : choices) {
			// Moonshot tells it here.
			usage(choice.path("usage"));
			int index = choice.path("index").asInt(0);
			this.choices.computeIfAbsent(index, (key) -> new OpenAiChoiceDecoder(this.id, key)).accept(choice, sink);
		}
	}

	private void usage(JsonNode usage) {
		Usage told = OpenAiUsage.of(usage);
		if (told != null) {
			this.usage = told;
		}
	}

	private void finish(Consumer<ChatEvent> sink) {
		this.over = true;
		this.choices.values().forEach((choice) -> choice.finish(sink));
		if (this.usage != null) {
			sink.accept(new ChatEvent.UsageReported(this.usage));
		}
	}

}
