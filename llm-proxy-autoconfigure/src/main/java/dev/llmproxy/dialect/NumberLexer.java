package dev.llmproxy.dialect;

/** The numbers of RFC 8259, section 6, within {@link JsonLimits}. */
final class NumberLexer {

	private static final int HUGE = 100_000_000;

	private NumberLexer() {
	}

	/**
	 * Checks a number.
	 * @param start its minus sign or first digit
	 * @return just after its last character
	 */
	static int skip(byte[] body, int start, JsonLimits limits) {
		int pos = (body[start] == '-') ? start + 1 : start;
		pos = at(body, pos) == '0' ? pos + 1 : skipDigits(body, pos);
		if (at(body, pos) == '.') {
			pos = skipDigits(body, pos + 1);
		}
		if ((at(body, pos) | 0x20) == 'e') {
			pos = skipExponent(body, pos + 1, start, limits);
		}
		if (pos - start > limits.maxNumberLength()) {
			throw new MalformedJsonException(MalformedJsonException.NUMBER_OUT_OF_RANGE,
					"A number may have at most " + limits.maxNumberLength() + " characters", start);
		}
		return pos;
	}

	private static int skipExponent(byte[] body, int pos, int start, JsonLimits limits) {
		int sign = at(body, pos);
		int first = (sign == '-' || sign == '+') ? pos + 1 : pos;
		int end = skipDigits(body, first);
		int exponent = 0;
		for (int i = first; i < end && exponent < HUGE; i++) {
			exponent = exponent * 10 + body[i] - '0';
		}
		if (exponent > limits.maxExponent()) {
			throw new MalformedJsonException(MalformedJsonException.NUMBER_OUT_OF_RANGE,
					"A number's exponent may be at most " + limits.maxExponent(), start);
		}
		return end;
	}

	private static int skipDigits(byte[] body, int pos) {
		int at = pos;
		while (isDigit(at(body, at))) {
			at++;
		}
		if (at > pos) {
			return at;
		}
		if (at >= body.length) {
			throw MalformedJsonException.endOfBody(body.length);
		}
		throw new MalformedJsonException(MalformedJsonException.INVALID_JSON, "Expected a digit", at);
	}

	static boolean isDigit(int b) {
		return b >= '0' && b <= '9';
	}

	/** The byte at an offset; -1, which is no ASCII character, at the end. */
	private static int at(byte[] body, int pos) {
		return (pos < body.length) ? body[pos] : -1;
	}

	/**
	 * The value of a checked number that is spelled as an integer; what has 18 digits or
	 * more may come out as any other value of that size.
	 */
	static long integer(byte[] body, int start, int end) {
		boolean negative = body[start] == '-';
		long value = 0;
		for (int i = negative ? start + 1 : start; i < end && value < HUGE * 1_000_000_000L; i++) {
			value = value * 10 + body[i] - '0';
		}
		return negative ? -value : value;
	}

	/** Whether a checked number has neither fraction nor exponent. */
	static boolean isInteger(byte[] body, int start, int end) {
		for (int i = start + 1; i < end; i++) {
			if (!isDigit(body[i])) {
				return false;
			}
		}
		return true;
	}

}
