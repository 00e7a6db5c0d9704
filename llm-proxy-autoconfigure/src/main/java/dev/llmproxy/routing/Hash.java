package dev.llmproxy.routing;

/** Hashes that are the same in every process. Not for secrets. */
final class Hash {

	/** FNV-1a's, for 64 bits. */
	static final long START = 0xcbf29ce484222325L;

	private static final long PRIME = 0x100000001b3L;

	private Hash() {
	}

	static long of(CharSequence text) {
		return mix(add(START, text, text.length()));
	}

	/** Continues a hash with the beginning of a text and a mark of its end. */
	static long add(long hash, CharSequence text, int most) {
		long result = hash;
		for (int i = 0; i < Math.min(most, text.length()); i++) {
			result = (result ^ text.charAt(i)) * PRIME;
		}
		return (result ^ 0xffff) * PRIME;
	}

	/** Spreads over all bits (MurmurHash3's last step). */
	static long mix(long hash) {
		long result = hash;
		result = (result ^ (result >>> 33)) * 0xff51afd7ed558ccdL;
		result = (result ^ (result >>> 33)) * 0xc4ceb9fe1a85ec53L;
		return result ^ (result >>> 33);
	}

	/** As a number from 0 to 1, without 1. */
	static double draw(long hash) {
		return (hash >>> 11) * 0x1p-53;
	}

}
