package dev.llmproxy.dialect.responses;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatEvents;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.framing.FramingException;
import dev.llmproxy.dialect.framing.SseDecoder;
import dev.llmproxy.dialect.framing.SseEvent;
import tools.jackson.databind.JsonNode;

/**
 * Reads the events of one answer. Deltas count; what the closing events repeat is used
 * only where a server sent no deltas. Hosted tools' and unknown events are passed over.
 */
final class ResponsesStreamDecoder implements StreamDecoder {

	/** The last event repeats the whole answer, and the first one all tools. */
	private static final int LARGEST_EVENT = 64 << 20;

	private static final byte[] BLANK_LINE = "\n\n".getBytes(StandardCharsets.US_ASCII);

	private final SseDecoder events = new SseDecoder(LARGEST_EVENT);

	private final Map<String, StreamedItem> items = new HashMap<>();

	private final AnswerEvents answer = new AnswerEvents();

	private boolean ended;

	@Override
	public void feed(byte[] bytes, int offset, int length, Consumer<ChatEvent> sink) {
		try {
			this.events.feed(bytes, offset, length, (event) -> event(event, sink));
		}
		catch (FramingException ex) {
			throw new DecodingException("an event that is too large");
		}
	}

	@Override
	public void end(Consumer<ChatEvent> sink) {
		if (!this.ended && this.events.hasPartial()) {
			// Some servers forget the last blank line; a torn event is no JSON.
			feed(BLANK_LINE, 0, BLANK_LINE.length, sink);
		}
		this.events.end();
		if (!this.ended) {
			throw new DecodingException("a stream that ends before the response is completed");
		}
	}

	private void event(SseEvent event, Consumer<ChatEvent> sink) {
		if (this.ended || event.isDone() || event.data().length == 0) {
			return;
		}
		JsonNode data = ResponsesJson.parseObject(event.data(), "an event");
		String type = data.path("type").asString((event.event() != null) ? event.event() : "");
		this.answer.to(sink);
		switch (type) {
			case "response.created", "response.in_progress", "response.queued" ->
				this.answer.start(data.path("response"));
			case "response.completed", "response.incomplete" -> complete(data.path("response"));
			case "response.failed", "error" -> {
				this.ended = true;
				this.answer.emit(new ChatEvent.Failed(ResponsesErrors.ofEvent(data)));
			}
			case "response.output_item.added" -> item(data).added(data.path("item"));
			case "response.output_item.done" -> item(data).done(data.path("item"));
			default -> {
				String delta = data.path("delta").asString("");
				if (!delta.isEmpty()) {
					delta(type, data, delta);
				}
			}
		}
	}

	private void delta(String type, JsonNode data, String delta) {
		switch (type) {
			case "response.output_text.delta" -> item(data).said(new ChatEvent.TextDelta(0, delta));
			case "response.refusal.delta" -> item(data).said(new ChatEvent.RefusalDelta(0, delta));
			case "response.reasoning_summary_text.delta" ->
				item(data).thought(true, data.path("summary_index").asInt(0), delta);
			case "response.reasoning_text.delta", "response.reasoning.delta" ->
				item(data).thought(false, data.path("content_index").asInt(0), delta);
			case "response.function_call_arguments.delta" -> item(data).arguments(delta);
			default -> {
				// Hosted tools, audio and what may come.
			}
		}
	}

	private StreamedItem item(JsonNode data) {
		JsonNode index = data.path("output_index");
		String key = index.isNumber() ? index.asString()
				: data.path("item_id").asString(data.path("item").path("id").asString(""));
		return this.items.computeIfAbsent(key, (ignored) -> new StreamedItem(this.answer));
	}

	private void complete(JsonNode response) {
		this.answer.start(response);
		if (!this.answer.hasContent()) {
			replay(response);
		}
		this.ended = true;
		this.answer.emit(new ChatEvent.Finished(0, this.answer.finish(response), null));
		Usage usage = ResponsesUsage.of(response.path("usage"));
		if (usage != null) {
			this.answer.emit(new ChatEvent.UsageReported(usage));
		}
	}

	/** A server that sent nothing before has everything in the last event. */
	private void replay(JsonNode response) {
		ChatResponse.Choice choice = new ChatResponse.Choice(0, ResponseDecoder.parts(response.path("output")),
				FinishReason.OTHER, null);
		for (ChatEvent event : ChatEvents.of(new ChatResponse("", "", 0, List.of(choice), null, null))) {
			if (!(event instanceof ChatEvent.Started) && !(event instanceof ChatEvent.Finished)) {
				this.answer.emit(event);
			}
		}
	}

}
