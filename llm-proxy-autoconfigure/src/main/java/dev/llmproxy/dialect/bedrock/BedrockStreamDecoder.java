package dev.llmproxy.dialect.bedrock;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.framing.EventStreamDecoder;
import dev.llmproxy.dialect.framing.EventStreamMessage;
import dev.llmproxy.dialect.framing.FramingException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the events of ConverseStream. The answer is whole with {@code messageStop}; its
 * usage comes after that, in {@code metadata}.
 */
final class BedrockStreamDecoder implements StreamDecoder {

	private final EventStreamDecoder frames = new EventStreamDecoder(EventStreamDecoder.MAX_MESSAGE_BYTES);

	/** Those that are open, by their index. */
	private final Map<Long, BedrockBlock> blocks = new TreeMap<>();

	private boolean started;

	private boolean finished;

	private boolean over;

	private int calls;

	private boolean answered;

	private @Nullable Usage usage;

	@Override
	public void feed(byte[] bytes, int offset, int length, Consumer<ChatEvent> sink) {
		try {
			this.frames.feed(bytes, offset, length, (message) -> accept(message, sink));
		}
		catch (FramingException ex) {
			throw new DecodingException("an event stream that is damaged (" + ex.code() + ")");
		}
	}

	@Override
	public void end(Consumer<ChatEvent> sink) {
		this.frames.end();
		if (!this.finished && !this.over) {
			throw new DecodingException("a stream that ends before its message does");
		}
	}

	private void accept(EventStreamMessage message, Consumer<ChatEvent> sink) {
		if (this.over) {
			return;
		}
		if (!isEvent(message)) {
			this.over = true;
			sink.accept(new ChatEvent.Failed(BedrockErrors.decode(message)));
			return;
		}
		String type = message.eventType();
		switch ((type != null) ? type : "") {
			case "messageStart" -> start(sink);
			case "contentBlockStart" -> startBlock(parse(message), sink);
			case "contentBlockDelta" -> delta(parse(message), sink);
			case "contentBlockStop" -> stopBlock(parse(message), sink);
			case "messageStop" -> finish(parse(message), sink);
			case "metadata" -> metadata(parse(message), sink);
			default -> {
				// Something newer.
			}
		}
	}

	/** Whether it is neither an exception nor an error. */
	static boolean isEvent(EventStreamMessage message) {
		String type = message.messageType();
		return type == null || type.equals("event");
	}

	static ObjectNode parse(EventStreamMessage message) {
		ObjectNode event = BedrockJson.parseObject(message.payload());
		if (event == null) {
			throw new DecodingException("an event that is not a JSON object");
		}
		return event;
	}

	private static long index(JsonNode event) {
		return BedrockJson.count(event.path("contentBlockIndex"));
	}

	private void start(Consumer<ChatEvent> sink) {
		if (!this.started) {
			this.started = true;
			// Neither an identifier nor the model nor the time is told.
			sink.accept(new ChatEvent.Started("", "", 0));
		}
	}

	private void startBlock(ObjectNode event, Consumer<ChatEvent> sink) {
		JsonNode call = event.path("start").path("toolUse");
		if (this.finished || !call.isObject()) {
			return;
		}
		start(sink);
		String name = BedrockJson.stringOrEmpty(call.path("name"));
		BedrockBlock block;
		if (BedrockAnswerFormat.isAnswerTool(name)) {
			block = this.answered ? BedrockBlock.silent() : BedrockBlock.answer();
			this.answered = true;
		}
		else if (BedrockResponseDecoder.SERVER_TOOL.equals(BedrockJson.stringOrNull(call.path("type")))) {
			block = BedrockBlock.silent();
		}
		else {
			block = BedrockBlock.call(this.calls);
			sink.accept(new ChatEvent.ToolCallStarted(0, this.calls++,
					BedrockJson.stringOrEmpty(call.path("toolUseId")), name, null));
		}
		this.blocks.put(index(event), block);
	}

	private void delta(ObjectNode event, Consumer<ChatEvent> sink) {
		if (this.finished) {
			return;
		}
		start(sink);
		// Only blocks of calls are announced.
		this.blocks.computeIfAbsent(index(event), (index) -> BedrockBlock.content()).delta(event.path("delta"), sink);
	}

	private void stopBlock(ObjectNode event, Consumer<ChatEvent> sink) {
		BedrockBlock block = this.blocks.remove(index(event));
		if (block != null) {
			block.stop(sink);
		}
	}

	private void finish(ObjectNode event, Consumer<ChatEvent> sink) {
		if (this.finished) {
			return;
		}
		start(sink);
		this.blocks.values().forEach((block) -> block.stop(sink));
		this.blocks.clear();
		this.finished = true;
		sink.accept(new ChatEvent.Finished(0, BedrockStopReasons.decode(event.path("stopReason"), this.calls > 0),
				BedrockStopReasons.stopSequence(event)));
		report(sink);
	}

	private void metadata(ObjectNode event, Consumer<ChatEvent> sink) {
		this.usage = BedrockUsage.decode(event.path("usage"));
		report(sink);
	}

	private void report(Consumer<ChatEvent> sink) {
		if (this.finished && this.usage != null) {
			this.over = true;
			sink.accept(new ChatEvent.UsageReported(this.usage));
		}
	}

}
