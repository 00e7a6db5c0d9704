package dev.llmproxy.dialect;

import java.security.SecureRandom;

/**
 * A keyed hash of member names. The key is secret and differs per process, so that nobody
 * can prepare names that collide: a plain polynomial hash collides under any seed.
 *
 * @param seed where every hash starts
 * @param multiplier what every eight bytes are multiplied with; odd
 */
record NameHash(long seed, long multiplier) {

	/** The hash of this process. */
	static final NameHash SECRET = random();

	private static NameHash random() {
		SecureRandom random = new SecureRandom();
		return new NameHash(random.nextLong(), random.nextLong() | 1);
	}

	/** The hash of the bytes in the given range of an array. */
	int of(byte[] bytes, int from, int to) {
		long hash = this.seed;
		int at = from;
		for (int last = to - Long.BYTES; at <= last; at += Long.BYTES) {
			hash = fold(hash ^ (long) StringLexer.WORD.get(bytes, at));
		}
		hash = fold(hash ^ tail(bytes, at, to));
		hash = fold(hash ^ to - from);
		return (int) (hash ^ hash >>> 32);
	}

	/**
	 * The high half of a product depends on all bits, the low half only on lower ones.
	 */
	private long fold(long value) {
		return Math.multiplyHigh(value, this.multiplier) ^ value * this.multiplier;
	}

	/** The last zero to seven bytes; read at once where the array goes on long enough. */
	private static long tail(byte[] bytes, int from, int to) {
		if (from + Long.BYTES <= bytes.length) {
			long word = (long) StringLexer.WORD.get(bytes, from);
			return word & (1L << (to - from) * Byte.SIZE) - 1;
		}
		long word = 0;
		for (int i = to - 1; i >= from; i--) {
			word = word << Byte.SIZE | bytes[i] & 0xFF;
		}
		return word;
	}

}
