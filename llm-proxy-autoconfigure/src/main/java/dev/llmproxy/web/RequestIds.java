package dev.llmproxy.web;

import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

/** Request ids: the caller's own where it is harmless, else a random one. */
final class RequestIds {

	static final String HEADER = "x-request-id";

	private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

	private static final int LONGEST = 128;

	private RequestIds() {
	}

	static String choose(@Nullable String given) {
		return (given != null && isHarmless(given)) ? given : random();
	}

	private static boolean isHarmless(String id) {
		if (id.isEmpty() || id.length() > LONGEST) {
			return false;
		}
		for (int i = 0; i < id.length(); i++) {
			char c = id.charAt(i);
			boolean word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
			if (!word && c != '-' && c != '_' && c != '.' && c != ':') {
				return false;
			}
		}
		return true;
	}

	/** {@code req_} and 120 random bits: unique, not secret. */
	private static String random() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		char[] id = new char[28];
		id[0] = 'r';
		id[1] = 'e';
		id[2] = 'q';
		id[3] = '_';
		long bits = random.nextLong();
		for (int i = 4; i < id.length; i++) {
			if (i == 16) {
				bits = random.nextLong();
			}
			id[i] = DIGITS[(int) (bits & 31)];
			bits >>>= 5;
		}
		return new String(id);
	}

}
