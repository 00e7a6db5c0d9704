package dev.llmproxy.web.connection;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.util.AsciiString;

/**
 * Looks at the lines of a request's head before Netty takes them apart, for what is lost
 * by that: folded headers (RFC 9112, section 5.2), other whitespace in the request line
 * than two spaces (section 3), and a second length in HTTP/1.0, of which Netty believes
 * the first. Two servers that read such a head differently can be made to disagree on
 * where a request ends.
 */
final class HeadCheck {

	private static final AsciiString VERSION = AsciiString.cached("HTTP/1.");

	private static final AsciiString LENGTH = AsciiString.cached("content-length:");

	private boolean inRequestLine;

	private boolean old;

	private int lengths;

	void begin() {
		this.inRequestLine = true;
		this.old = false;
		this.lengths = 0;
	}

	/** For the trailer fields of a body, which have no first line. */
	void beginTrailers() {
		this.inRequestLine = false;
		this.old = false;
	}

	/**
	 * Checks whole lines, up to the empty one.
	 * @param buffer starts with a line that was not checked yet; left as it is
	 * @throws MalformedRequestException if a line is malformed
	 */
	void check(ByteBuf buffer) {
		int start = buffer.readerIndex();
		int end = buffer.writerIndex();
		for (int feed = buffer.indexOf(start, end, HttpConstants.LF); feed >= 0; feed = buffer.indexOf(start, end,
				HttpConstants.LF)) {
			if (this.inRequestLine) {
				checkRequestLine(buffer, start, feed);
				this.inRequestLine = false;
			}
			else if (feed == start + 1 && buffer.getByte(start) == HttpConstants.CR) {
				return;
			}
			else {
				checkField(buffer, start, feed);
			}
			start = feed + 1;
		}
	}

	private void checkRequestLine(ByteBuf buffer, int start, int feed) {
		int end = feed - 1;
		int first = -1;
		int second = -1;
		for (int i = start; i < end; i++) {
			byte b = buffer.getByte(i);
			if (b == HttpConstants.SP && second < 0) {
				second = (first < 0) ? -1 : i;
				first = (first < 0) ? i : first;
			}
			else if (b <= HttpConstants.SP || b == 0x7f) {
				throw new MalformedRequestException(Refusal.REQUEST_LINE);
			}
		}
		boolean threeParts = first > start && second > first + 1 && end - second == VERSION.length() + 2;
		if (!threeParts || buffer.getByte(end) != HttpConstants.CR || !startsWith(buffer, second + 1, VERSION)) {
			throw new MalformedRequestException(Refusal.REQUEST_LINE);
		}
		byte minor = buffer.getByte(end - 1);
		if (minor != '0' && minor != '1') {
			throw new MalformedRequestException(Refusal.REQUEST_LINE);
		}
		this.old = minor == '0';
	}

	private void checkField(ByteBuf buffer, int start, int feed) {
		byte first = buffer.getByte(start);
		if (first <= HttpConstants.SP) {
			throw new MalformedRequestException(Refusal.HEADER);
		}
		if (this.old && feed - start > LENGTH.length() && startsWith(buffer, start, LENGTH) && ++this.lengths > 1) {
			throw new MalformedRequestException(Refusal.FRAMING);
		}
	}

	/** Whether the bytes are those of the text, in any case. */
	private static boolean startsWith(ByteBuf buffer, int start, AsciiString text) {
		for (int i = 0; i < text.length(); i++) {
			if (AsciiString.toLowerCase((char) buffer.getByte(start + i)) != AsciiString.toLowerCase(text.charAt(i))) {
				return false;
			}
		}
		return true;
	}

}
