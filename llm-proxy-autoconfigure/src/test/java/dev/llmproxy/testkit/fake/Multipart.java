package dev.llmproxy.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmproxy.testkit.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A {@code multipart/form-data} body, read strictly (RFC 7578 and RFC 2046 section 5.1).
 *
 * @param parts its parts in order
 */
record Multipart(List<Part> parts) {

	private static final Pattern BOUNDARY = Pattern
		.compile("multipart/form-data;\\s*boundary=\"?([0-9a-zA-Z'()+_,./:=?-]{1,70})\"?", Pattern.CASE_INSENSITIVE);

	private static final Pattern NAME = Pattern.compile("form-data;.*?\\bname=\"([^\"]*)\".*", Pattern.DOTALL);

	private static final Pattern FILE = Pattern.compile(".*\\bfilename=\"([^\"]*)\".*", Pattern.DOTALL);

	static Multipart of(RecordedRequest request) {
		Matcher type = BOUNDARY.matcher(String.valueOf(request.header("Content-Type")));
		if (!type.matches()) {
			throw malformed("Content-Type is not multipart/form-data with a boundary");
		}
		byte[] body = request.body();
		byte[] dashes = ("--" + type.group(1)).getBytes(StandardCharsets.US_ASCII);
		if (!startsWith(body, 0, dashes)) {
			throw malformed("Body does not start with the boundary");
		}
		byte[] delimiter = ("\r\n--" + type.group(1)).getBytes(StandardCharsets.US_ASCII);
		List<Part> parts = new ArrayList<>();
		int from = dashes.length;
		while (!startsWith(body, from, "--".getBytes(StandardCharsets.US_ASCII))) {
			if (!startsWith(body, from, "\r\n".getBytes(StandardCharsets.US_ASCII))) {
				throw malformed("Boundary not followed by a line end");
			}
			int to = indexOf(body, delimiter, from);
			if (to < 0) {
				throw malformed("Part without a closing boundary");
			}
			parts.add(part(Arrays.copyOfRange(body, from + 2, Math.max(from + 2, to))));
			from = to + delimiter.length;
		}
		return new Multipart(parts);
	}

	private static Part part(byte[] bytes) {
		byte[] gap = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
		int end = indexOf(bytes, gap, 0);
		if (end < 0) {
			throw malformed("Part without the line between its headers and its content");
		}
		String name = null;
		String file = null;
		String contentType = null;
		for (String line : new String(bytes, 0, end, StandardCharsets.UTF_8).split("\r\n")) {
			String[] header = line.split(":", 2);
			String value = (header.length == 2) ? header[1].strip() : "";
			switch (header[0].toLowerCase(Locale.ROOT)) {
				case "content-disposition" -> {
					name = group(NAME, value);
					file = group(FILE, value);
				}
				case "content-type" -> contentType = value;
				default -> {
				}
			}
		}
		if (name == null) {
			throw malformed("Part without a name");
		}
		return new Part(name, file, contentType, Arrays.copyOfRange(bytes, end + gap.length, bytes.length));
	}

	private static @Nullable String group(Pattern pattern, String text) {
		Matcher matcher = pattern.matcher(text);
		return matcher.matches() ? matcher.group(1) : null;
	}

	private static RejectedRequest malformed(String message) {
		return OpenAiWording.error(null, null, "Could not parse multipart form: " + message);
	}

	private static boolean startsWith(byte[] bytes, int at, byte[] wanted) {
		return bytes.length >= at + wanted.length
				&& Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
	}

	private static int indexOf(byte[] bytes, byte[] wanted, int from) {
		for (int i = from; i + wanted.length <= bytes.length; i++) {
			if (startsWith(bytes, i, wanted)) {
				return i;
			}
		}
		return -1;
	}

	/** Rejects parts other than these. */
	Multipart allow(String... names) {
		List<String> known = Arrays.asList(names);
		for (Part part : this.parts) {
			if (!known.contains(part.name())) {
				throw new OpenAiWording().unknown(Path.ROOT.field(part.name()));
			}
		}
		return this;
	}

	@Nullable String text(String name) {
		for (Part part : this.parts) {
			if (part.name().equals(name)) {
				return new String(part.content(), StandardCharsets.UTF_8);
			}
		}
		return null;
	}

	String requiredText(String name) {
		String text = text(name);
		if (text == null) {
			throw new OpenAiWording().missing(Path.ROOT.field(name));
		}
		return text;
	}

	/** The first part that is a file with one of these names. */
	Part file(String... names) {
		for (Part part : this.parts) {
			if (Arrays.asList(names).contains(part.name()) && part.fileName() != null) {
				return part;
			}
		}
		throw new OpenAiWording().missing(Path.ROOT.field(names[0]));
	}

	/**
	 * One part.
	 *
	 * @param name the field's name
	 * @param fileName the file's name, or {@code null} if it is no file
	 * @param contentType its media type, or {@code null} if it has none
	 * @param content its bytes
	 */
	record Part(String name, @Nullable String fileName, @Nullable String contentType, byte[] content) {
	}

}
