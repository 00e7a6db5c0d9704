package dev.llmproxy.dialect.responses;

import dev.llmproxy.chat.Signature;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An output item in the making: announced, growing by deltas, done. Not thread-safe.
 */
abstract sealed class OpenItem {

	final EventWriter writer;

	final String id;

	final int outputIndex;

	OpenItem(EventWriter writer, String id, int outputIndex) {
		this.writer = writer;
		this.id = id;
		this.outputIndex = outputIndex;
	}

	/** Closes what is open, announces the end and returns the whole item. */
	abstract ObjectNode close(String status);

	final void added(ObjectNode item) {
		item("response.output_item.added", item);
	}

	final ObjectNode done(ObjectNode item) {
		item("response.output_item.done", item);
		return item;
	}

	private void item(String type, ObjectNode item) {
		ObjectNode event = this.writer.event(type).put("output_index", this.outputIndex);
		event.set("item", item);
		this.writer.write(event);
	}

	final ObjectNode event(String type) {
		return this.writer.event(type).put("item_id", this.id).put("output_index", this.outputIndex);
	}

	/** What the model says: texts and refusals. */
	static final class Said extends OpenItem {

		private final ArrayNode content = ResponsesJson.array();

		private final StringBuilder growing = new StringBuilder();

		private @Nullable Boolean refusal;

		Said(EventWriter writer, String id, int outputIndex) {
			super(writer, id, outputIndex);
			added(OutputItems.message(id, "in_progress", ResponsesJson.array()));
		}

		void text(String delta) {
			open(false);
			this.growing.append(delta);
			ObjectNode event = contentEvent("response.output_text.delta").put("delta", delta);
			event.putArray("logprobs");
			this.writer.write(event);
		}

		void refusal(String delta) {
			open(true);
			this.growing.append(delta);
			this.writer.write(contentEvent("response.refusal.delta").put("delta", delta));
		}

		private void open(boolean refusal) {
			if (this.refusal != null && this.refusal == refusal) {
				return;
			}
			closePart();
			this.refusal = refusal;
			part("response.content_part.added", part(""));
		}

		private ObjectNode part(String text) {
			return Boolean.TRUE.equals(this.refusal) ? OutputItems.refusal(text) : OutputItems.text(text);
		}

		private void part(String type, ObjectNode part) {
			ObjectNode event = contentEvent(type);
			event.set("part", part);
			this.writer.write(event);
		}

		private ObjectNode contentEvent(String type) {
			return event(type).put("content_index", this.content.size());
		}

		private void closePart() {
			if (this.refusal == null) {
				return;
			}
			String whole = this.growing.toString();
			this.growing.setLength(0);
			if (this.refusal) {
				this.writer.write(contentEvent("response.refusal.done").put("refusal", whole));
			}
			else {
				ObjectNode event = contentEvent("response.output_text.done").put("text", whole);
				event.putArray("logprobs");
				this.writer.write(event);
			}
			ObjectNode part = part(whole);
			part("response.content_part.done", part);
			this.content.add(part);
			this.refusal = null;
		}

		@Override
		ObjectNode close(String status) {
			closePart();
			return done(OutputItems.message(this.id, status, this.content));
		}

	}

	/** What the model thinks, told as a summary of one paragraph. */
	static final class Thought extends OpenItem {

		private final StringBuilder growing = new StringBuilder();

		private @Nullable String seal;

		Thought(EventWriter writer, String id, int outputIndex) {
			super(writer, id, outputIndex);
			added(OutputItems.reasoning(id, "", null));
		}

		void text(String delta) {
			if (this.growing.isEmpty()) {
				part("response.reasoning_summary_part.added", "");
			}
			this.growing.append(delta);
			this.writer.write(summaryEvent("response.reasoning_summary_text.delta").put("delta", delta));
		}

		void sign(Signature signature) {
			this.seal = Seal.ofThought(signature, !this.growing.isEmpty());
		}

		void seal(String seal) {
			this.seal = seal;
		}

		private ObjectNode summaryEvent(String type) {
			return event(type).put("summary_index", 0);
		}

		private void part(String type, String text) {
			ObjectNode event = summaryEvent(type);
			event.set("part", OutputItems.summary(text));
			this.writer.write(event);
		}

		@Override
		ObjectNode close(String status) {
			String whole = this.growing.toString();
			if (!whole.isEmpty()) {
				this.writer.write(summaryEvent("response.reasoning_summary_text.done").put("text", whole));
				part("response.reasoning_summary_part.done", whole);
			}
			return done(OutputItems.reasoning(this.id, whole, this.seal));
		}

	}

	/** A function that the model calls. */
	static final class Called extends OpenItem {

		private final String callId;

		private final String name;

		private final StringBuilder arguments = new StringBuilder();

		Called(EventWriter writer, String id, int outputIndex, String callId, String name) {
			super(writer, id, outputIndex);
			this.callId = callId;
			this.name = name;
			added(OutputItems.call(id, callId, name, "{}").put("arguments", "").put("status", "in_progress"));
		}

		void arguments(String delta) {
			this.arguments.append(delta);
			this.writer.write(event("response.function_call_arguments.delta").put("delta", delta));
		}

		@Override
		ObjectNode close(String status) {
			ObjectNode item = OutputItems.call(this.id, this.callId, this.name, this.arguments.toString())
				.put("status", status);
			this.writer.write(event("response.function_call_arguments.done").put("name", this.name)
				.put("arguments", item.path("arguments").asString()));
			return done(item);
		}

	}

}
