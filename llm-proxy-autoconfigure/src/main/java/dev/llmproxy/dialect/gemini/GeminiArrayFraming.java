package dev.llmproxy.dialect.gemini;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.dialect.framing.FramingException;
import dev.llmproxy.dialect.framing.SseDecoder;
import dev.llmproxy.dialect.framing.SseEvent;

/**
 * Turns a stream of server-sent events into the JSON array that
 * {@code streamGenerateContent} answers with where the caller did not ask for
 * {@code alt=sse}: each event's data is an element, written as soon as the event is
 * whole. An error event becomes a last element {@code {"error":…}}. One instance serves
 * one stream; not thread-safe.
 */
public final class GeminiArrayFraming {

	private static final byte[] OPENING = ascii("[");

	private static final byte[] SEPARATOR = ascii("\n,\r\n");

	private static final byte[] CLOSING = ascii("\n]");

	private static final byte[] EMPTY = ascii("[]");

	private final SseDecoder sse;

	private boolean opened;

	/**
	 * Creates the framing of one stream.
	 * @param maxEventBytes the most that one event may hold; at least 1
	 */
	public GeminiArrayFraming(int maxEventBytes) {
		this.sse = new SseDecoder(maxEventBytes);
	}

	/**
	 * Takes the next bytes, cut anywhere.
	 * @return what they complete of the array; may be empty
	 * @throws FramingException if an event is too large
	 */
	public byte[] feed(byte[] events, int offset, int length) {
		ByteArrayOutputStream array = new ByteArrayOutputStream(length);
		this.sse.feed(events, offset, length, (event) -> element(event, array));
		return array.toByteArray();
	}

	private void element(SseEvent event, ByteArrayOutputStream array) {
		if (event.data().length == 0 || event.isDone()) {
			return;
		}
		array.writeBytes(this.opened ? SEPARATOR : OPENING);
		array.writeBytes(event.data());
		this.opened = true;
	}

	/** The end of the array; an event that was not whole is left out. */
	public byte[] end() {
		this.sse.end();
		return (this.opened ? CLOSING : EMPTY).clone();
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
