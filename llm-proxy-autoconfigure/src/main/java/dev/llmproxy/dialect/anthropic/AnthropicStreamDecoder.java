package dev.llmproxy.dialect.anthropic;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.framing.FramingException;
import dev.llmproxy.dialect.framing.SseDecoder;
import dev.llmproxy.dialect.framing.SseEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a streamed message into events. Unknown events and blocks are left out, as the
 * API's versioning policy asks of its clients.
 */
final class AnthropicStreamDecoder implements StreamDecoder {

	/** In bytes; a fetched document comes in one event. */
	private static final int LARGEST_EVENT = 16 << 20;

	private final SseDecoder frames = new SseDecoder(LARGEST_EVENT);

	private final Map<Long, AnthropicBlockReader> blocks = new HashMap<>();

	private boolean started;

	private boolean finished;

	/** Nothing that comes now counts. */
	private boolean over;

	private int calls;

	private @Nullable JsonNode usage;

	/** Waits for the call it belongs to. */
	private @Nullable Signature callSignature;

	@Override
	public void feed(byte[] bytes, int offset, int length, Consumer<ChatEvent> sink) {
		try {
			this.frames.feed(bytes, offset, length, (event) -> accept(event, sink));
		}
		catch (FramingException ex) {
			throw new DecodingException("an event that is too large");
		}
	}

	@Override
	public void end(Consumer<ChatEvent> sink) {
		this.frames.end();
		if (this.over) {
			return;
		}
		// As with other dialects, the reason to stop makes the answer whole.
		if (!this.finished) {
			throw new DecodingException("a stream that ends before its message does");
		}
		close(sink);
	}

	private void accept(SseEvent event, Consumer<ChatEvent> sink) {
		if (this.over || event.isDone()) {
			return;
		}
		ObjectNode data = AnthropicJson.parseObject(event.data());
		if (data == null) {
			throw new DecodingException("an event that is not a JSON object");
		}
		String type = AnthropicJson.textOrNull(data.path("type"));
		if (type == null) {
			type = event.event();
		}
		switch ((type != null) ? type : "") {
			case "message_start" -> start(data.path("message"), sink);
			case "content_block_start" -> startBlock(data, sink);
			case "content_block_delta" -> {
				AnthropicBlockReader block = this.blocks.get(index(data));
				if (block != null) {
					block.delta(data.path("delta"), sink);
				}
			}
			case "content_block_stop" -> {
				AnthropicBlockReader block = this.blocks.remove(index(data));
				if (block != null) {
					this.callSignature = block.stop(sink);
				}
			}
			case "message_delta" -> messageDelta(data, sink);
			case "message_stop" -> stop(sink);
			case "error" -> fail(data, sink);
			default -> {
				// A ping, or something newer.
			}
		}
	}

	private static long index(JsonNode data) {
		return AnthropicJson.count(data.path("index"));
	}

	private void start(JsonNode message, Consumer<ChatEvent> sink) {
		if (!this.started) {
			this.started = true;
			this.usage = AnthropicUsage.merge(null, message.path("usage"));
			sink.accept(new ChatEvent.Started(AnthropicJson.textOrEmpty(message.path("id")),
					AnthropicJson.textOrEmpty(message.path("model")), AnthropicResponseDecoder.NOT_TOLD));
		}
	}

	private void startBlock(ObjectNode data, Consumer<ChatEvent> sink) {
		start(AnthropicJson.object(), sink);
		JsonNode block = data.path("content_block");
		String type = AnthropicJson.textOrEmpty(block.path("type"));
		Signature signature = this.callSignature;
		this.callSignature = null;
		if (signature != null && !type.equals("tool_use")) {
			sink.accept(new ChatEvent.ReasoningSigned(0, signature));
		}
		switch (type) {
			case "text" -> open(data, AnthropicBlockReader.text(block, sink));
			case "thinking" -> open(data, AnthropicBlockReader.thinking(block, sink));
			case "tool_use" -> open(data,
					AnthropicBlockReader.toolUse(block, this.calls++, AnthropicSignatures.ofCall(signature), sink));
			case "redacted_thinking" -> redacted(block, sink);
			default -> {
				// Of a hosted tool: its deltas find no block and are left out as well.
			}
		}
	}

	private void open(ObjectNode data, AnthropicBlockReader block) {
		this.blocks.put(index(data), block);
	}

	private static void redacted(JsonNode block, Consumer<ChatEvent> sink) {
		Signature thoughts = AnthropicSignatures.decode(AnthropicJson.textOrNull(block.path("data")));
		if (thoughts != null) {
			sink.accept(new ChatEvent.ReasoningRedacted(0, thoughts));
		}
	}

	private void messageDelta(ObjectNode data, Consumer<ChatEvent> sink) {
		this.usage = AnthropicUsage.merge(this.usage, data.path("usage"));
		JsonNode delta = data.path("delta");
		String reason = AnthropicJson.textOrNull(delta.path("stop_reason"));
		if (reason != null) {
			finish(AnthropicStopReasons.decode(reason), AnthropicJson.textOrNull(delta.path("stop_sequence")), sink);
		}
	}

	private void finish(FinishReason reason, @Nullable String stopSequence, Consumer<ChatEvent> sink) {
		if (this.finished) {
			return;
		}
		start(AnthropicJson.object(), sink);
		if (this.callSignature != null) {
			sink.accept(new ChatEvent.ReasoningSigned(0, this.callSignature));
			this.callSignature = null;
		}
		this.finished = true;
		sink.accept(new ChatEvent.Finished(0, reason, stopSequence));
	}

	private void stop(Consumer<ChatEvent> sink) {
		finish(FinishReason.OTHER, null, sink);
		close(sink);
	}

	private void close(Consumer<ChatEvent> sink) {
		this.over = true;
		Usage known = (this.usage != null) ? AnthropicUsage.decode(this.usage) : null;
		if (known != null) {
			sink.accept(new ChatEvent.UsageReported(known));
		}
	}

	private void fail(ObjectNode data, Consumer<ChatEvent> sink) {
		this.over = true;
		sink.accept(new ChatEvent.Failed(AnthropicErrors.decode(502, data)));
	}

}
