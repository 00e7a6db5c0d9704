package dev.llmproxy.dialect;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Identifiers for answers whose provider gave none: unique, not secret. Not
 * {@link java.util.UUID}, whose randomness may be read from a device, on an event loop.
 */
public final class RandomIds {

	private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

	private static final int LENGTH = 24;

	private RandomIds() {
	}

	/** The prefix and 120 random bits as 24 lower case letters and digits. */
	public static String next(String prefix) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		char[] id = new char[LENGTH];
		long bits = 0;
		for (int i = 0; i < LENGTH; i++) {
			if (i % 12 == 0) {
				bits = random.nextLong();
			}
			id[i] = DIGITS[(int) (bits & 31)];
			bits >>>= 5;
		}
		return prefix + new String(id);
	}

}
