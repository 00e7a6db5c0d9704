package dev.llmproxy.dialect;

import java.util.function.Consumer;

import dev.llmproxy.chat.ChatEvent;

/** Turns the bytes of one streamed answer into events; not thread-safe. */
public interface StreamDecoder {

	/**
	 * Takes the next bytes, cut anywhere.
	 * @throws DecodingException if they are not this dialect's
	 */
	void feed(byte[] bytes, int offset, int length, Consumer<ChatEvent> sink);

	/**
	 * The connection delivered everything.
	 * @throws DecodingException if the answer is not complete: the stream was cut
	 */
	void end(Consumer<ChatEvent> sink);

}
