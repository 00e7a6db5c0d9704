package dev.llmproxy.dialect.responses;

import java.io.ByteArrayOutputStream;

import dev.llmproxy.dialect.framing.SseWriter;
import tools.jackson.databind.node.ObjectNode;

/** Numbers the events of one stream and frames them. Not thread-safe. */
final class EventWriter {

	private final ByteArrayOutputStream frames = new ByteArrayOutputStream();

	private int sequenceNumber;

	/** Begins an event; to be completed and then {@link #write written}. */
	ObjectNode event(String type) {
		return ResponsesJson.object().put("type", type).put("sequence_number", this.sequenceNumber++);
	}

	int nextNumber() {
		return this.sequenceNumber++;
	}

	void write(ObjectNode event) {
		this.frames.writeBytes(SseWriter.event(event.path("type").asString(), ResponsesJson.write(event)));
	}

	/** The frames written since the last call. */
	byte[] take() {
		byte[] taken = this.frames.toByteArray();
		this.frames.reset();
		return taken;
	}

}
