package dev.llmproxy.dialect.anthropic;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.JsonObjectEnd;
import org.jspecify.annotations.Nullable;

/**
 * Writes calls of tools one after the other, although their arguments may arrive
 * interleaved: one call is written as it arrives, others wait until it is complete. Not
 * thread-safe.
 */
final class AnthropicStreamCalls {

	private final AnthropicStreamFrames frames;

	private final Map<Integer, Waiting> waiting = new LinkedHashMap<>();

	private @Nullable Waiting live;

	AnthropicStreamCalls(AnthropicStreamFrames frames) {
		this.frames = frames;
	}

	void start(ChatEvent.ToolCallStarted call) {
		Waiting next = new Waiting(call);
		if (this.live != null && !this.live.end.reached()) {
			this.waiting.put(call.index(), next);
			return;
		}
		open(next);
	}

	void delta(ChatEvent.ToolCallDelta delta) {
		String json = delta.arguments();
		if (json.isEmpty()) {
			return;
		}
		if (this.live != null && this.live.start.index() == delta.index()) {
			write(this.live, json);
			advance();
			return;
		}
		Waiting call = this.waiting.get(delta.index());
		// Without one it is white space after the end of a call that was complete.
		if (call != null) {
			call.arguments.append(json);
		}
	}

	/** Something else follows: what waits is as complete as it will be. */
	void end() {
		for (Waiting call : this.waiting.values()) {
			open(call);
		}
		this.waiting.clear();
		close();
	}

	/** Callers' libraries fail on a call for which no arguments arrive at all. */
	private void close() {
		if (this.live != null && !this.live.written) {
			write(this.live, "{}");
		}
		this.live = null;
	}

	/** Goes on to the next call once the one that is written is complete. */
	private void advance() {
		while (this.live != null && this.live.end.reached() && !this.waiting.isEmpty()) {
			Integer next = this.waiting.keySet().iterator().next();
			Waiting call = this.waiting.remove(next);
			if (call != null) {
				open(call);
			}
		}
	}

	private void open(Waiting call) {
		close();
		Signature signature = call.start.signature();
		if (signature != null) {
			this.frames.startBlock(AnthropicBlocks.thinking("", ""));
			this.frames.delta("signature_delta", "signature", AnthropicSignatures.encodeOfCall(signature));
		}
		String id = call.start.id().isEmpty() ? AnthropicIds.toolUse() : call.start.id();
		this.frames.startBlock(AnthropicBlocks.toolUse(id, call.start.name(), AnthropicJson.object()));
		this.live = call;
		if (!call.arguments.isEmpty()) {
			write(call, call.arguments.toString());
		}
	}

	private void write(Waiting call, String json) {
		call.written = true;
		call.end.accept(json);
		this.frames.delta("input_json_delta", "partial_json", json);
	}

	/** A call and those of its arguments that wait. */
	private static final class Waiting {

		private final ChatEvent.ToolCallStarted start;

		private final StringBuilder arguments = new StringBuilder();

		private final JsonObjectEnd end = new JsonObjectEnd();

		private boolean written;

		Waiting(ChatEvent.ToolCallStarted start) {
			this.start = start;
		}

	}

}
