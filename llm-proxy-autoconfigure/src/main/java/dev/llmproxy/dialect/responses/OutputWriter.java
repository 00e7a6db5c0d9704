package dev.llmproxy.dialect.responses;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/** Writes the output items of one stream, one at a time. Not thread-safe. */
final class OutputWriter {

	private final EventWriter writer;

	private final String responseId;

	private final ArrayNode done = ResponsesJson.array();

	private @Nullable OpenItem open;

	OutputWriter(EventWriter writer, String responseId) {
		this.writer = writer;
		this.responseId = responseId;
	}

	/** The message that is open, or a new one. */
	OpenItem.Said said() {
		if (this.open instanceof OpenItem.Said said) {
			return said;
		}
		close("completed");
		OpenItem.Said said = new OpenItem.Said(this.writer, id("msg"), this.done.size());
		this.open = said;
		return said;
	}

	/** The thought that is open, or a new one. */
	OpenItem.Thought thought() {
		if (this.open instanceof OpenItem.Thought thought) {
			return thought;
		}
		close("completed");
		OpenItem.Thought thought = new OpenItem.Thought(this.writer, id("rs"), this.done.size());
		this.open = thought;
		return thought;
	}

	/** A thought of nothing but its seal. */
	void seal(String seal) {
		close("completed");
		thought().seal(seal);
		close("completed");
	}

	OpenItem.Called call(String callId, String name) {
		close("completed");
		OpenItem.Called call = new OpenItem.Called(this.writer, id("fc"), this.done.size(), callId, name);
		this.open = call;
		return call;
	}

	@SuppressWarnings("ReferenceEquality") // the very item
	boolean isOpen(OpenItem item) {
		return this.open == item;
	}

	/** Ends the open item, if there is one. */
	void close(String status) {
		if (this.open != null) {
			this.done.add(this.open.close(status));
			this.open = null;
		}
	}

	private String id(String prefix) {
		return ResponseObject.itemId(prefix, this.responseId, this.done.size());
	}

	/** What has been ended. */
	ArrayNode done() {
		return this.done;
	}

}
