package dev.llmproxy.dialect.responses;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.dialect.JsonObjectEnd;
import org.jspecify.annotations.Nullable;

/**
 * Puts calls that arrive side by side one after the other, as OpenAI streams them:
 * clients gather items in the order of their ends. One call is live; the others wait
 * until its arguments are complete. Not thread-safe.
 */
final class ParallelCalls {

	private final OutputWriter output;

	private final Map<Integer, Call> calls = new HashMap<>();

	private final Deque<Call> waiting = new ArrayDeque<>();

	private @Nullable Call live;

	ParallelCalls(OutputWriter output) {
		this.output = output;
	}

	void start(ChatEvent.ToolCallStarted start) {
		Call call = new Call(start);
		this.calls.put(start.index(), call);
		this.waiting.add(call);
		advance();
	}

	void arguments(int index, String piece) {
		Call call = this.calls.get(index);
		if (call != null) {
			call.arguments(piece);
			advance();
		}
	}

	/** Nothing more comes of any call. */
	void end() {
		while (!this.waiting.isEmpty()) {
			next();
		}
		this.live = null;
		this.calls.clear();
	}

	private void advance() {
		while (!this.waiting.isEmpty() && (this.live == null || this.live.end.reached())) {
			next();
		}
	}

	private void next() {
		this.live = this.waiting.remove();
		this.live.open();
	}

	private final class Call {

		private final ChatEvent.ToolCallStarted start;

		private final JsonObjectEnd end = new JsonObjectEnd();

		private final StringBuilder held = new StringBuilder();

		private OpenItem.@Nullable Called item;

		Call(ChatEvent.ToolCallStarted start) {
			this.start = start;
		}

		void open() {
			if (this.start.signature() != null) {
				ParallelCalls.this.output.seal(Seal.ofCall(this.start.signature()));
			}
			this.item = ParallelCalls.this.output.call(this.start.id(), this.start.name());
			if (!this.held.isEmpty()) {
				this.item.arguments(this.held.toString());
			}
		}

		void arguments(String piece) {
			this.end.accept(piece);
			if (this.item == null) {
				this.held.append(piece);
			}
			else if (ParallelCalls.this.output.isOpen(this.item)) {
				this.item.arguments(piece);
			}
		}

	}

}
