package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

import org.jspecify.annotations.Nullable;

/** Changes members of a scanned body and copies all other bytes. */
final class EnvelopeEditor {

	private EnvelopeEditor() {
	}

	static byte[] edit(byte[] body, Envelope.Fields fields, @Nullable String model, boolean streamUsage) {
		if (model == null) {
			return streamUsage ? apply(body, streamUsage(body, fields)) : body;
		}
		if (!streamUsage) {
			return apply(body, model(fields, model, fields.empty));
		}
		return apply(body, model(fields, model, false), streamUsage(body, fields));
	}

	/** Sets the model; without a comma after it if it becomes the only member. */
	private static Splice model(Envelope.Fields fields, String model, boolean only) {
		String text = quote(model);
		if (fields.modelStart >= 0) {
			return new Splice(fields.modelStart, fields.modelEnd, text);
		}
		return new Splice(fields.objectStart, fields.objectStart, "\"model\":" + text + (only ? "" : ","));
	}

	private static Splice streamUsage(byte[] body, Envelope.Fields fields) {
		int start = fields.streamOptionsStart;
		if (start < 0) {
			return new Splice(fields.objectStart, fields.objectStart,
					"\"stream_options\":{\"include_usage\":true}" + (fields.empty ? "" : ","));
		}
		if (body[start] != '{') {
			return new Splice(start, fields.streamOptionsEnd, "{\"include_usage\":true}");
		}
		if (fields.includeUsageStart >= 0) {
			return new Splice(fields.includeUsageStart, fields.includeUsageEnd, "true");
		}
		return new Splice(start + 1, start + 1, "\"include_usage\":true" + (fields.streamOptionsEmpty ? "" : ","));
	}

	/** A JSON string (RFC 8259, section 7) with no escapes but those it must have. */
	private static String quote(String text) {
		StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
		text.chars().forEach((c) -> {
			if (c == '"' || c == '\\') {
				quoted.append('\\').append((char) c);
			}
			else if (c < ' ') {
				quoted.append(String.format("\\u%04x", c));
			}
			else {
				quoted.append((char) c);
			}
		});
		return quoted.append('"').toString();
	}

	private static byte[] apply(byte[] body, Splice... splices) {
		// Stable: of two at the same place the first stays first.
		Arrays.sort(splices, Comparator.comparingInt(Splice::start));
		int length = body.length;
		for (Splice splice : splices) {
			length += splice.text().length - (splice.end() - splice.start());
		}
		byte[] edited = new byte[length];
		int from = 0;
		int to = 0;
		for (Splice splice : splices) {
			System.arraycopy(body, from, edited, to, splice.start() - from);
			to += splice.start() - from;
			System.arraycopy(splice.text(), 0, edited, to, splice.text().length);
			to += splice.text().length;
			from = splice.end();
		}
		System.arraycopy(body, from, edited, to, body.length - from);
		return edited;
	}

	/** The bytes to put in place of those from start to end. */
	private record Splice(int start, int end, byte[] text) {

		Splice(int start, int end, String text) {
			this(start, end, text.getBytes(StandardCharsets.UTF_8));
		}

	}

}
