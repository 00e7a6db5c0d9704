package dev.llmproxy.dialect.anthropic;

import java.io.ByteArrayOutputStream;

import dev.llmproxy.dialect.framing.SseWriter;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the events of a message's blocks, which follow one another: the next begins when
 * the last has stopped. Not thread-safe.
 */
final class AnthropicStreamFrames {

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

	private int block = -1;

	private boolean open;

	void write(ObjectNode event) {
		this.bytes.writeBytes(SseWriter.event(event.path("type").stringValue(""), AnthropicJson.bytes(event)));
	}

	void startBlock(ObjectNode block) {
		stopBlock();
		this.block++;
		this.open = true;
		ObjectNode event = AnthropicJson.object("content_block_start").put("index", this.block);
		event.set("content_block", block);
		write(event);
	}

	/**
	 * Writes more of the open block.
	 * @param type the kind of delta
	 * @param field the member that holds it
	 */
	void delta(String type, String field, String value) {
		ObjectNode event = AnthropicJson.object("content_block_delta").put("index", this.block);
		event.set("delta", AnthropicJson.object(type).put(field, value));
		write(event);
	}

	void stopBlock() {
		if (this.open) {
			this.open = false;
			write(AnthropicJson.object("content_block_stop").put("index", this.block));
		}
	}

	/** What has been written since the last time. */
	byte[] take() {
		byte[] taken = this.bytes.toByteArray();
		this.bytes.reset();
		return taken;
	}

}
