package dev.llmproxy.dialect;

import dev.llmproxy.chat.ChatEvent;

/** Turns the events of one streamed answer into framed bytes; not thread-safe. */
public interface StreamEncoder {

	/** The frames for one event; may be empty. */
	byte[] encode(ChatEvent event);

	/**
	 * The closing frames after the last event; empty after {@link ChatEvent.Failed},
	 * where nothing may look like a proper end.
	 */
	byte[] end();

}
