package dev.llmproxy.provider.simulator;

/** Numbers that look random and are always the same; not for anything secret. */
final class Hash {

	private static final long FNV_OFFSET = 0xcbf29ce484222325L;

	private static final long FNV_PRIME = 0x100000001b3L;

	private Hash() {
	}

	/** FNV-1a over the characters. */
	static long of(CharSequence text) {
		return of(text, 0, text.length());
	}

	static long of(CharSequence text, int start, int end) {
		long hash = FNV_OFFSET;
		for (int i = start; i < end; i++) {
			hash = (hash ^ text.charAt(i)) * FNV_PRIME;
		}
		return next(hash);
	}

	/** The next number of a sequence: SplitMix64. */
	static long next(long previous) {
		long mixed = previous + 0x9e3779b97f4a7c15L;
		mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

	/** Sixteen hexadecimal digits. */
	static String hex(CharSequence text) {
		long hash = of(text);
		return String.format("%016x", hash);
	}

}
