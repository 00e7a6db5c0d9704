package dev.llmproxy.dialect.framing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The standard's algorithm word for word, over a whole stream and with no regard for
 * cost, to compare the decoder with. Bytes are kept as Latin-1 characters.
 */
final class ReferenceSseReader {

	private final List<SseEvent> events = new ArrayList<>();

	private final StringBuilder data = new StringBuilder();

	private String eventType = "";

	private String lastEventId = "";

	private boolean partial;

	private boolean tooLarge;

	private long comments;

	ReferenceSseReader(byte[] stream, int maxEventBytes) {
		String text = new String(stream, StandardCharsets.ISO_8859_1);
		if (text.startsWith("\u00EF\u00BB\u00BF")) {
			text = text.substring(3);
		}
		else if (!text.isEmpty() && "\u00EF\u00BB\u00BF".startsWith(text)) {
			this.partial = true;
			return;
		}
		String[] lines = text.split("\r\n|\n|\r", -1);
		int size = 0;
		for (int i = 0; i < lines.length && !this.tooLarge; i++) {
			String line = lines[i];
			boolean complete = i < lines.length - 1;
			boolean comment = line.startsWith(":");
			if (line.isEmpty() && complete) {
				size = 0;
			}
			else if (!comment) {
				size += line.length();
			}
			this.tooLarge = (comment ? line.length() : size) > maxEventBytes;
			if (this.tooLarge) {
				return;
			}
			if (complete) {
				process(line);
			}
			else {
				this.partial |= !line.isEmpty() && !comment;
			}
		}
	}

	List<SseEvent> events() {
		return this.events;
	}

	boolean hasPartial() {
		return this.partial;
	}

	boolean isTooLarge() {
		return this.tooLarge;
	}

	long comments() {
		return this.comments;
	}

	private void process(String line) {
		if (line.isEmpty()) {
			dispatch();
			return;
		}
		int colon = line.indexOf(':');
		if (colon == 0) {
			this.comments++;
			return;
		}
		this.partial = true;
		String field = (colon < 0) ? line : line.substring(0, colon);
		String value = (colon < 0) ? "" : line.substring(colon + 1);
		if (value.startsWith(" ")) {
			value = value.substring(1);
		}
		switch (field) {
			case "event" -> this.eventType = value;
			case "data" -> this.data.append(value).append('\n');
			case "id" -> this.lastEventId = (value.indexOf('\0') < 0) ? value : this.lastEventId;
			default -> {
			}
		}
	}

	private void dispatch() {
		this.partial = false;
		if (!this.data.isEmpty()) {
			this.data.setLength(this.data.length() - 1);
			this.events.add(new SseEvent(utf8(this.eventType), utf8(this.lastEventId),
					this.data.toString().getBytes(StandardCharsets.ISO_8859_1)));
		}
		this.data.setLength(0);
		this.eventType = "";
	}

	private static @Nullable String utf8(String bytes) {
		return bytes.isEmpty() ? null : new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
	}

}
