package dev.llmproxy.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of HTTP/1.1 messages strictly (RFC 9112): CRLF line ends only, no
 * folded header lines, no blanks around names. A read that times out leaves its place
 * unchanged, so that the same call can be made again. Used by one thread.
 */
final class HttpReader {

	private static final int LONGEST_LINE = 1 << 20;

	private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	private final Source source;

	private byte[] buffer = new byte[8192];

	private int position;

	private int limit;

	HttpReader(Source source) {
		this.source = source;
	}

	/**
	 * One line without its CRLF, or {@code null} if the peer closed before its first
	 * byte.
	 */
	@Nullable String line() throws IOException {
		int from = this.position;
		while (true) {
			for (int i = from; i < this.limit; i++) {
				if (this.buffer[i] == '\n') {
					if (i == this.position || this.buffer[i - 1] != '\r') {
						throw new WireFormatException("Line ended by a bare LF: " + text(this.position, i));
					}
					String line = text(this.position, i - 1);
					if (line.indexOf('\r') >= 0) {
						throw new WireFormatException("Bare CR within a line: " + line);
					}
					this.position = i + 1;
					return line;
				}
			}
			int scanned = this.limit - this.position;
			if (scanned > LONGEST_LINE) {
				throw new WireFormatException("Line longer than " + LONGEST_LINE + " bytes");
			}
			if (!fill()) {
				if (scanned == 0) {
					return null;
				}
				throw WireFormatException.truncated("in a line: " + text(this.position, this.limit));
			}
			from = this.position + scanned;
		}
	}

	/**
	 * A start line and header lines up to and including the empty line, or {@code null}
	 * if the peer closed before the first byte.
	 */
	@Nullable Head head() throws IOException {
		int start = this.position;
		try {
			String line = line();
			return (line == null) ? null : new Head(line, headers());
		}
		catch (IOException ex) {
			this.position = start;
			throw ex;
		}
	}

	/** Header lines up to and including the empty line. */
	Headers headers() throws IOException {
		int start = this.position;
		try {
			return new Headers(fields());
		}
		catch (IOException ex) {
			this.position = start;
			throw ex;
		}
	}

	private List<Map.Entry<String, String>> fields() throws IOException {
		List<Map.Entry<String, String>> fields = new ArrayList<>();
		while (true) {
			String line = line();
			if (line == null) {
				throw WireFormatException.truncated("inside the header section");
			}
			if (line.isEmpty()) {
				return fields;
			}
			int colon = line.indexOf(':');
			if (colon <= 0 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
				throw new WireFormatException("Malformed header line: " + line);
			}
			String value = line.substring(colon + 1).strip();
			for (int i = 0; i < value.length(); i++) {
				char c = value.charAt(i);
				if ((c < ' ' && c != '\t') || c == 0x7f) {
					throw new WireFormatException("Control character in header " + line.substring(0, colon));
				}
			}
			fields.add(Map.entry(line.substring(0, colon), value));
		}
	}

	/** Up to {@code length} bytes, or -1 if the peer has closed. */
	int read(byte[] target, int offset, int length) throws IOException {
		if (this.position == this.limit) {
			compact();
			if (!fill()) {
				return -1;
			}
		}
		int count = Math.min(length, this.limit - this.position);
		System.arraycopy(this.buffer, this.position, target, offset, count);
		this.position += count;
		return count;
	}

	private boolean fill() throws IOException {
		if (this.limit == this.buffer.length) {
			// Make room at the end; a rewind inside headers() needs what was already
			// read.
			this.buffer = Arrays.copyOf(this.buffer, this.buffer.length * 2);
		}
		int count = this.source.read(this.buffer, this.limit, this.buffer.length - this.limit);
		if (count < 0) {
			return false;
		}
		this.limit += count;
		return true;
	}

	/** Forgets what has been consumed; called between parts, where nobody rewinds. */
	void compact() {
		System.arraycopy(this.buffer, this.position, this.buffer, 0, this.limit - this.position);
		this.limit -= this.position;
		this.position = 0;
	}

	private String text(int from, int to) {
		return new String(this.buffer, from, to - from, StandardCharsets.ISO_8859_1);
	}

	/** Where bytes come from; the contract of {@link java.io.InputStream#read}. */
	@FunctionalInterface
	interface Source {

		int read(byte[] target, int offset, int length) throws IOException;

	}

	/** What comes before a body. */
	record Head(String startLine, Headers headers) {
	}

}
