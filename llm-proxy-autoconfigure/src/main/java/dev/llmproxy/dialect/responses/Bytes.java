package dev.llmproxy.dialect.responses;

import java.nio.ByteBuffer;

/** Looks at JSON without reading it. */
final class Bytes {

	private Bytes() {
	}

	static boolean isAt(ByteBuffer bytes, int at, int to, byte[] needle) {
		if (at + needle.length > to) {
			return false;
		}
		for (int i = 0; i < needle.length; i++) {
			if (bytes.get(at + i) != needle[i]) {
				return false;
			}
		}
		return true;
	}

	/** The index of the value after a member's name, or −1 if it was not a name. */
	static int value(ByteBuffer bytes, int from, int to) {
		int colon = skipSpace(bytes, from, to);
		if (colon == to || bytes.get(colon) != ':') {
			return -1;
		}
		int value = skipSpace(bytes, colon + 1, to);
		return (value < to) ? value : -1;
	}

	static int skipSpace(ByteBuffer bytes, int from, int to) {
		int at = from;
		while (at < to
				&& (bytes.get(at) == ' ' || bytes.get(at) == '\n' || bytes.get(at) == '\r' || bytes.get(at) == '\t')) {
			at++;
		}
		return at;
	}

}
