package dev.llmproxy.context;

import java.nio.charset.StandardCharsets;

/**
 * Tells from the bytes of a request that its prompt is short, without decoding it: a
 * token has at least one byte of text. Images and the like are told by a few bytes and
 * have many tokens, so a body that may have some is not short by its bytes. Who disguises
 * them with escapes only gets a longer prompt to the provider.
 */
final class BodyGlance {

	/** What dialects call media, between quotes. */
	private static final byte[][] MEDIA = bytes("image", "image_url", "document", "file", "input_image", "input_file",
			"input_audio", "inlineData", "inline_data", "fileData", "file_data");

	/** The least bytes that a medium takes, for each token that it may have. */
	private static final int TOKENS_PER_BYTE = 64;

	private BodyGlance() {
	}

	private static byte[][] bytes(String... names) {
		byte[][] bytes = new byte[names.length][];
		for (int i = 0; i < names.length; i++) {
			bytes[i] = (names[i] + '"').getBytes(StandardCharsets.US_ASCII);
		}
		return bytes;
	}

	/** Whether it certainly has at most so many tokens. */
	static boolean isShort(byte[] body, long tokens) {
		return (long) body.length * TOKENS_PER_BYTE <= tokens || (body.length <= tokens && !mayHaveMedia(body));
	}

	private static boolean mayHaveMedia(byte[] body) {
		for (int i = 0; i < body.length; i++) {
			if (body[i] == '"' && isMedia(body, i + 1)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isMedia(byte[] body, int from) {
		if (from >= body.length) {
			return false;
		}
		byte first = body[from];
		if (first != 'i' && first != 'f' && first != 'd') {
			return false;
		}
		for (byte[] name : MEDIA) {
			if (startsWith(body, from, name)) {
				return true;
			}
		}
		return false;
	}

	private static boolean startsWith(byte[] body, int from, byte[] name) {
		if (body.length - from < name.length) {
			return false;
		}
		for (int i = 0; i < name.length; i++) {
			if (body[from + i] != name[i]) {
				return false;
			}
		}
		return true;
	}

}
