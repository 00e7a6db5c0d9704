package dev.llmproxy.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A {@link Script} in the making: its steps so far and where in a message it is. */
final class ScriptDraft {

	/** Long enough for a reader on loopback to see two segments instead of one. */
	private static final Duration BETWEEN_SEGMENTS = Duration.ofMillis(5);

	private static final byte[] NOTHING = new byte[0];

	private static final byte[] CRLF = { '\r', '\n' };

	final List<Step> steps;

	/** Of the message whose head is not yet ended. */
	final List<Map.Entry<String, String>> headers;

	@Nullable String statusLine;

	Part part = Part.START;

	private long remaining;

	private boolean raw;

	/** Where to split the next write. */
	int[] cuts = new int[0];

	/** Whether the end of the script ends the connection. */
	boolean closing;

	ScriptDraft() {
		this.steps = new ArrayList<>();
		this.headers = new ArrayList<>();
	}

	ScriptDraft(ScriptDraft other) {
		this.steps = new ArrayList<>(other.steps);
		this.headers = new ArrayList<>(other.headers);
		this.statusLine = other.statusLine;
		this.part = other.part;
		this.remaining = other.remaining;
		this.raw = other.raw;
		this.cuts = other.cuts;
		this.closing = other.closing;
	}

	/** Whether the connection is in a defined state after the last step. */
	boolean isFinished() {
		return switch (this.part) {
			case HEAD -> false;
			case SIZED, CHUNKED -> this.raw;
			case START, UNTIL_CLOSE, OVER -> !this.steps.isEmpty();
		};
	}

	void append(ScriptDraft next) {
		this.steps.addAll(next.steps);
		this.headers.addAll(next.headers);
		this.statusLine = next.statusLine;
		this.part = next.part;
		this.remaining = next.remaining;
		this.raw |= next.raw;
		this.cuts = next.cuts;
		this.closing |= next.closing;
	}

	/** Ends the head, with a framing header unless the script has set that header. */
	void endHead(@Nullable String name, String value) {
		if (name != null && this.headers.stream().noneMatch((header) -> header.getKey().equalsIgnoreCase(name))) {
			this.headers.add(Map.entry(name, value));
		}
		StringBuilder head = new StringBuilder(this.statusLine).append("\r\n");
		for (Map.Entry<String, String> header : this.headers) {
			head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
		}
		this.closing |= new Headers(this.headers).lists("Connection", "close");
		write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
		this.statusLine = null;
		this.headers.clear();
	}

	void sized(long length) {
		this.remaining = length;
		this.part = (length > 0) ? Part.SIZED : Part.START;
	}

	/** Writes data framed as the current body wants it, or bare between messages. */
	void payload(byte[] data) {
		if (this.part == Part.CHUNKED) {
			byte[] size = (Integer.toHexString(data.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
			split(size, data, CRLF);
			return;
		}
		if (this.part == Part.SIZED && data.length > this.remaining) {
			throw new IllegalStateException("More than the announced Content-Length; use rawBytes()");
		}
		this.raw |= this.part == Part.START;
		split(NOTHING, data, NOTHING);
		if (this.part == Part.SIZED) {
			sized(this.remaining - data.length);
		}
	}

	void raw(byte[] bytes) {
		this.raw = true;
		split(NOTHING, bytes, NOTHING);
	}

	private void split(byte[] before, byte[] data, byte[] after) {
		ByteArrayOutputStream segment = new ByteArrayOutputStream();
		segment.writeBytes(before);
		int from = 0;
		for (int cut : this.cuts) {
			if (cut < from || cut > data.length) {
				throw new IllegalArgumentException("Cannot split " + data.length + " bytes at " + cut);
			}
			segment.write(data, from, cut - from);
			write(segment.toByteArray());
			this.steps.add(new Step.Pause(BETWEEN_SEGMENTS));
			segment.reset();
			from = cut;
		}
		segment.write(data, from, data.length - from);
		segment.writeBytes(after);
		write(segment.toByteArray());
		this.cuts = new int[0];
	}

	void write(byte[] bytes) {
		if (bytes.length > 0) {
			this.steps.add(new Step.Write(bytes));
		}
	}

	/** Where in a message a script is. */
	enum Part {

		/** Between messages. */
		START,

		/** After the status line, collecting headers. */
		HEAD,

		/** In a body with a Content-Length. */
		SIZED,

		/** In a chunked body. */
		CHUNKED,

		/** In a body that ends with the connection. */
		UNTIL_CLOSE,

		/** After the last step there can be. */
		OVER

	}

}
