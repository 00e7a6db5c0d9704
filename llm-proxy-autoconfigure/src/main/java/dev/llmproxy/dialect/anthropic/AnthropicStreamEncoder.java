package dev.llmproxy.dialect.anthropic;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.framing.SseWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a streamed message. The reason to stop and the usage stand in its last event but
 * one, so both wait for the end. Of several choices the dialect has the first.
 */
final class AnthropicStreamEncoder implements StreamEncoder {

	private static final byte[] NOTHING = {};

	private final AnthropicStreamFrames frames = new AnthropicStreamFrames();

	private final AnthropicStreamCalls calls = new AnthropicStreamCalls(this.frames);

	private final String requestedModel;

	private boolean started;

	private boolean over;

	private Kind open = Kind.NONE;

	private boolean called;

	private boolean refused;

	private FinishReason reason = FinishReason.OTHER;

	private @Nullable String stopSequence;

	private @Nullable Usage usage;

	/**
	 * Creates an encoder for one answer.
	 * @param requestedModel shown if the answer doesn't say which model it comes from
	 */
	AnthropicStreamEncoder(String requestedModel) {
		this.requestedModel = requestedModel;
	}

	@Override
	public byte[] encode(ChatEvent event) {
		if (this.over) {
			return NOTHING;
		}
		if (event instanceof ChatEvent.Failed failed) {
			this.over = true;
			return SseWriter.event("error", AnthropicErrors.encode(failed.error(), null));
		}
		if (event instanceof ChatEvent.Started begin) {
			start(begin.id(), begin.model());
		}
		else if (event instanceof ChatEvent.UsageReported reported) {
			this.usage = reported.usage();
		}
		else if (event instanceof ChatEvent.OfChoice said && said.choice() == 0) {
			content(event);
		}
		return this.frames.take();
	}

	private void content(ChatEvent event) {
		start("", "");
		if (event instanceof ChatEvent.TextDelta delta) {
			text(delta.text());
		}
		else if (event instanceof ChatEvent.RefusalDelta delta) {
			this.refused = true;
			text(delta.text());
		}
		else if (event instanceof ChatEvent.ReasoningDelta delta) {
			thoughts(delta.text());
		}
		else if (event instanceof ChatEvent.ReasoningSigned signed) {
			turnTo(Kind.THOUGHTS);
			this.frames.delta("signature_delta", "signature", AnthropicSignatures.encode(signed.signature()));
			turnTo(Kind.NONE);
		}
		else if (event instanceof ChatEvent.ReasoningRedacted redacted) {
			turnTo(Kind.NONE);
			this.frames.startBlock(AnthropicBlocks.redacted(AnthropicSignatures.encode(redacted.data())));
			this.frames.stopBlock();
		}
		else if (event instanceof ChatEvent.ToolCallStarted call) {
			this.called = true;
			turnTo(Kind.CALLS);
			this.calls.start(call);
		}
		else if (event instanceof ChatEvent.ToolCallDelta delta) {
			this.calls.delta(delta);
		}
		else if (event instanceof ChatEvent.Finished finished) {
			turnTo(Kind.NONE);
			this.reason = finished.reason();
			this.stopSequence = finished.stopSequence();
		}
	}

	private void start(String id, String model) {
		if (this.started) {
			return;
		}
		this.started = true;
		ObjectNode message = AnthropicResponseEncoder.message(id, model.isEmpty() ? this.requestedModel : model);
		message.putArray("content");
		message.putNull("stop_reason").putNull("stop_sequence");
		message.set("usage", AnthropicUsage.encode(this.usage));
		ObjectNode event = AnthropicJson.object("message_start");
		event.set("message", message);
		this.frames.write(event);
	}

	private void text(String text) {
		if (!text.isEmpty()) {
			turnTo(Kind.TEXT);
			this.frames.delta("text_delta", "text", text);
		}
	}

	private void thoughts(String text) {
		if (!text.isEmpty()) {
			turnTo(Kind.THOUGHTS);
			this.frames.delta("thinking_delta", "thinking", text);
		}
	}

	/** Stops a block of another kind and starts one of this, if it has one. */
	private void turnTo(Kind kind) {
		if (this.open == kind) {
			return;
		}
		this.calls.end();
		this.frames.stopBlock();
		this.open = kind;
		if (kind == Kind.TEXT) {
			this.frames.startBlock(AnthropicBlocks.text(""));
		}
		else if (kind == Kind.THOUGHTS) {
			this.frames.startBlock(AnthropicBlocks.thinking("", ""));
		}
	}

	@Override
	public byte[] end() {
		if (this.over) {
			return NOTHING;
		}
		start("", "");
		turnTo(Kind.NONE);
		this.over = true;
		ObjectNode event = AnthropicJson.object("message_delta");
		AnthropicResponseEncoder.stop(event.putObject("delta"), this.reason, this.stopSequence, this.called,
				this.refused);
		event.set("usage", AnthropicUsage.encode(this.usage));
		this.frames.write(event);
		this.frames.write(AnthropicJson.object("message_stop"));
		return this.frames.take();
	}

	/** What the open block holds. */
	private enum Kind {

		NONE, TEXT, THOUGHTS, CALLS

	}

}
