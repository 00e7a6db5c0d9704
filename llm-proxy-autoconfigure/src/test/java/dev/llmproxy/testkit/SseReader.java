package dev.llmproxy.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import org.jspecify.annotations.Nullable;

/**
 * Reads a server-sent event stream piece by piece, per the WHATWG's "interpreting an
 * event stream", but complains about fields the standard only ignores: a gateway has no
 * reason to write them. Used by one thread.
 */
final class SseReader {

	private final ByteArrayOutputStream line = new ByteArrayOutputStream();

	private final Queue<SseEvent> events = new ArrayDeque<>();

	private final List<String> comments = new ArrayList<>();

	private boolean afterCr;

	private @Nullable String event;

	private @Nullable StringBuilder data;

	private @Nullable String id;

	void feed(byte[] bytes, int length) {
		for (int i = 0; i < length; i++) {
			byte b = bytes[i];
			if (b == '\n' && this.afterCr) {
				this.afterCr = false;
				continue;
			}
			this.afterCr = b == '\r';
			if (b == '\n' || b == '\r') {
				endOfLine(this.line.toString(StandardCharsets.UTF_8));
				this.line.reset();
			}
			else {
				this.line.write(b);
			}
		}
	}

	private void endOfLine(String text) {
		if (text.isEmpty()) {
			if (this.data != null) {
				this.events.add(new SseEvent(this.event, this.data.toString(), this.id));
			}
			else if (this.event != null) {
				throw new WireFormatException("Event without data: " + this.event);
			}
			this.event = null;
			this.data = null;
			this.id = null;
			return;
		}
		int colon = text.indexOf(':');
		if (colon < 0) {
			throw new WireFormatException("Line without a colon in an event stream: " + text);
		}
		String value = text.substring(colon + 1);
		value = value.startsWith(" ") ? value.substring(1) : value;
		switch (text.substring(0, colon)) {
			case "" -> this.comments.add(value);
			case "event" -> this.event = value;
			case "id" -> this.id = value;
			case "retry" -> {
			}
			case "data" ->
				this.data = (this.data == null) ? new StringBuilder(value) : this.data.append('\n').append(value);
			default -> throw new WireFormatException("Unknown field in an event stream: " + text);
		}
	}

	/** The body is over; an event must not be. */
	void end() {
		if (this.line.size() > 0 || this.data != null || this.event != null) {
			throw WireFormatException.truncated("inside an event: " + this.line.toString(StandardCharsets.UTF_8));
		}
	}

	@Nullable SseEvent next() {
		return this.events.poll();
	}

	List<String> comments() {
		return List.copyOf(this.comments);
	}

}
