package dev.llmproxy.dialect;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The strings of RFC 8259, section 7, in strict UTF-8 (Unicode, table 3-7). Plain ASCII
 * is passed eight bytes at a time: prompts are megabytes of it.
 */
final class StringLexer {

	/** Eight bytes as a number whose lowest byte is the first one. */
	static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long ONES = 0x0101010101010101L;

	private StringLexer() {
	}

	/**
	 * Checks a string.
	 * @param pos just after the opening quote
	 * @return just after the closing quote
	 */
	static int skip(byte[] body, int pos) {
		int at = pos;
		while (true) {
			at = skipPlain(body, at);
			if (at >= body.length) {
				throw MalformedJsonException.endOfBody(body.length);
			}
			byte b = body[at];
			if (b == '"') {
				return at + 1;
			}
			if (b == '\\') {
				at = skipEscape(body, at);
			}
			else if (b < 0) {
				at = skipMultiByte(body, at);
			}
			else {
				throw new MalformedJsonException(MalformedJsonException.INVALID_JSON,
						"Control characters in strings must be escaped", at);
			}
		}
	}

	/**
	 * The first byte that is not plain ASCII text (a quote, a backslash, a control
	 * character, a byte of a multi-byte character), or the body's length.
	 */
	static int skipPlain(byte[] body, int pos) {
		int at = pos;
		for (int last = body.length - Long.BYTES; at <= last; at += Long.BYTES) {
			long special = special((long) WORD.get(body, at));
			if (special != 0) {
				return at + (Long.numberOfTrailingZeros(special) >>> 3);
			}
		}
		while (at < body.length && body[at] >= ' ' && body[at] != '"' && body[at] != '\\') {
			at++;
		}
		return at;
	}

	/**
	 * The high bit of every byte that is special. A subtraction may borrow from the next
	 * byte and mark that too, but only after a byte that is really special, so that the
	 * lowest mark is always right.
	 */
	private static long special(long word) {
		long control = word - ONES * ' ';
		long quote = (word ^ ONES * '"') - ONES;
		long backslash = (word ^ ONES * '\\') - ONES;
		return (word | control | quote | backslash) & ONES << 7;
	}

	private static int skipEscape(byte[] body, int pos) {
		if (pos + 1 >= body.length) {
			throw MalformedJsonException.endOfBody(body.length);
		}
		return switch (body[pos + 1]) {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> pos + 2;
			case 'u' -> skipUnicodeEscape(body, pos);
			default -> throw new MalformedJsonException(MalformedJsonException.INVALID_JSON,
					"A backslash in a string must start one of the escapes of RFC 8259", pos);
		};
	}

	private static int skipUnicodeEscape(byte[] body, int pos) {
		char unit = codeUnit(body, pos);
		if (!Character.isSurrogate(unit)) {
			return pos + 6;
		}
		boolean paired = Character.isHighSurrogate(unit) && pos + 7 < body.length && body[pos + 6] == '\\'
				&& body[pos + 7] == 'u' && Character.isLowSurrogate(codeUnit(body, pos + 6));
		if (!paired) {
			throw new MalformedJsonException(MalformedJsonException.LONE_SURROGATE,
					"A surrogate escape must be one half of a pair", pos);
		}
		return pos + 12;
	}

	/** The value of the escape that starts at the given backslash. */
	private static char codeUnit(byte[] body, int pos) {
		if (pos + 6 > body.length) {
			throw MalformedJsonException.endOfBody(body.length);
		}
		int unit = 0;
		for (int i = pos + 2; i < pos + 6; i++) {
			// That knows digits of other scripts too, but none of them fits into a byte.
			int digit = Character.digit(body[i], 16);
			if (digit < 0) {
				throw new MalformedJsonException(MalformedJsonException.INVALID_JSON,
						"A Unicode escape must have four hexadecimal digits", pos);
			}
			unit = unit << 4 | digit;
		}
		return (char) unit;
	}

	/** Checks characters for as long as they are not ASCII. */
	private static int skipMultiByte(byte[] body, int pos) {
		int at = pos;
		do {
			int lead = body[at] & 0xFF;
			int length = (lead >= 0xF0) ? 4 : (lead >= 0xE0) ? 3 : 2;
			if (lead < 0xC2 || lead > 0xF4 || body.length - at < length || !isWellFormed(body, at, lead, length)) {
				throw new MalformedJsonException(MalformedJsonException.INVALID_UTF8, "Not well-formed UTF-8", at);
			}
			at += length;
		}
		while (at < body.length && body[at] < 0);
		return at;
	}

	private static boolean isWellFormed(byte[] body, int pos, int lead, int length) {
		int second = body[pos + 1];
		if (length == 2) {
			return isContinuation(second);
		}
		if (!isContinuation(second) || !isContinuation(body[pos + 2])) {
			return false;
		}
		int top = lead << 6 | second & 0x3F;
		if (length == 3) {
			// Not overlong (below U+0800), not a surrogate (U+D800 to U+DFFF).
			return (top & 0x3FF) >= 0x20 && (top & 0x3E0) != 0x360;
		}
		// Not overlong (below U+10000), not beyond U+10FFFF.
		return isContinuation(body[pos + 3]) && (top & 0x1FF) >= 0x10 && (top & 0x1FF) < 0x110;
	}

	private static boolean isContinuation(int b) {
		return b < -0x40;
	}

	/** Whether a checked string contains an escape. */
	static boolean hasEscape(byte[] body, int from, int to) {
		for (int i = from; i < to; i++) {
			if (body[i] == '\\') {
				return true;
			}
		}
		return false;
	}

	/** The text of a checked string, given what is between its quotes. */
	static String decode(byte[] body, int from, int to) {
		if (!hasEscape(body, from, to)) {
			return new String(body, from, to - from, StandardCharsets.UTF_8);
		}
		return new String(unescape(body, from, to), StandardCharsets.UTF_8);
	}

	/** The text of a checked string as UTF-8, given what is between its quotes. */
	static byte[] unescape(byte[] body, int from, int to) {
		byte[] text = new byte[to - from];
		int length = 0;
		int at = from;
		while (at < to) {
			if (body[at] != '\\') {
				text[length++] = body[at++];
				continue;
			}
			if (body[at + 1] != 'u') {
				text[length++] = unescaped(body[at + 1]);
				at += 2;
				continue;
			}
			char unit = codeUnit(body, at);
			at += 6;
			int codePoint = unit;
			if (Character.isHighSurrogate(unit)) {
				codePoint = Character.toCodePoint(unit, codeUnit(body, at));
				at += 6;
			}
			length = encode(codePoint, text, length);
		}
		return Arrays.copyOf(text, length);
	}

	private static int encode(int codePoint, byte[] text, int length) {
		int at = length;
		if (codePoint < 0x80) {
			text[at++] = (byte) codePoint;
			return at;
		}
		if (codePoint < 0x800) {
			text[at++] = (byte) (0xC0 | codePoint >> 6);
		}
		else {
			if (codePoint < 0x10000) {
				text[at++] = (byte) (0xE0 | codePoint >> 12);
			}
			else {
				text[at++] = (byte) (0xF0 | codePoint >> 18);
				text[at++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
			}
			text[at++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
		}
		text[at++] = (byte) (0x80 | codePoint & 0x3F);
		return at;
	}

	private static byte unescaped(byte letter) {
		return switch (letter) {
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			default -> letter;
		};
	}

}
