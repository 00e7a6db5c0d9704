package dev.llmproxy.cache;

import java.nio.ByteBuffer;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/**
 * What an answer is kept under: a SHA-256 digest of who asks and what is asked, in full.
 */
public record CacheKey(long first, long second, long third, long fourth) {

	private static final int BYTES = 4 * Long.BYTES;

	static CacheKey of(byte[] digest) {
		ByteBuffer bytes = ByteBuffer.wrap(digest);
		return new CacheKey(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
	}

	/**
	 * A key as {@link #toString()} writes it.
	 * @return {@code null} if it is none
	 */
	public static @Nullable CacheKey parse(String hex) {
		try {
			byte[] bytes = HexFormat.of().parseHex(hex);
			return (bytes.length == BYTES) ? of(bytes) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	byte[] bytes() {
		return ByteBuffer.allocate(BYTES)
			.putLong(this.first)
			.putLong(this.second)
			.putLong(this.third)
			.putLong(this.fourth)
			.array();
	}

	/** 64 hexadecimal digits. */
	@Override
	public String toString() {
		return HexFormat.of().formatHex(bytes());
	}

}
