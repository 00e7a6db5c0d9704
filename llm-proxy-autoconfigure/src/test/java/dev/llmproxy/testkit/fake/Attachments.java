package dev.llmproxy.testkit.fake;

import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** Looks into images and documents as far as providers do before they accept them. */
final class Attachments {

	private static final Pattern DATA_URL = Pattern.compile("data:([a-z]+/[a-z0-9.+-]+);base64,(.*)", Pattern.DOTALL);

	private static final Map<String, String> MAGIC = Map.of("89504e470d0a1a0a", "image/png", "ffd8ff", "image/jpeg",
			"47494638", "image/gif", "52494646", "image/webp", "25504446", "application/pdf");

	private Attachments() {
	}

	/** The bytes of standard Base64, or {@code null} if it is malformed. */
	static byte @Nullable [] decode(String base64) {
		try {
			byte[] bytes = Base64.getDecoder().decode(base64);
			// The decoder forgives stray bits; providers that sign or hash do not.
			return Base64.getEncoder().encodeToString(bytes).equals(base64) ? bytes : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/** Type and data of a {@code data:} URL, or {@code null} if it is none. */
	static @Nullable Inline dataUrl(String url) {
		Matcher matcher = DATA_URL.matcher(url);
		if (!matcher.matches()) {
			return null;
		}
		byte[] bytes = decode(matcher.group(2));
		return (bytes == null || bytes.length == 0) ? null : new Inline(matcher.group(1), bytes);
	}

	/** The type that the first bytes give away, or {@code null} for none we know. */
	static @Nullable String sniff(byte[] bytes) {
		StringBuilder hex = new StringBuilder();
		for (int i = 0; i < Math.min(8, bytes.length); i++) {
			hex.append(String.format(Locale.ROOT, "%02x", bytes[i]));
		}
		for (Map.Entry<String, String> magic : MAGIC.entrySet()) {
			if (hex.toString().startsWith(magic.getKey())) {
				return magic.getValue();
			}
		}
		return null;
	}

	/** As in "image image/png 68 bytes". */
	static String describe(String kind, String mediaType, byte[] bytes) {
		return kind + " " + mediaType + " " + bytes.length + " bytes";
	}

	/** Data that is part of a request. */
	record Inline(String mediaType, byte[] bytes) {

		/** Whether the bytes are what the type says, as far as we can tell. */
		boolean isHonest() {
			String actual = sniff(this.bytes);
			return actual == null ? !this.mediaType.startsWith("image/") : actual.equals(this.mediaType);
		}

		String describe(String kind) {
			return Attachments.describe(kind, this.mediaType, this.bytes);
		}

	}

}
