package dev.llmproxy.provider.token;

import java.util.Base64;

import org.jspecify.annotations.Nullable;

/** Width and height in pixels, as the head of an image tells them. */
record ImageSize(int width, int height) {

	/** In characters of Base64: enough for the heads of most photographs. */
	private static final int HEAD = 64 * 1024;

	ImageSize {
		if (width <= 0 || height <= 0) {
			throw new IllegalArgumentException("An image has a size");
		}
	}

	/**
	 * Reads the head of a PNG, JPEG, GIF or WebP image.
	 * @return {@code null} if it is none of these, or broken
	 */
	static @Nullable ImageSize of(String base64) {
		int length = Math.min(base64.length(), HEAD) & ~3;
		try {
			return of(Base64.getDecoder().decode(base64.substring(0, length)));
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
			return null;
		}
	}

	private static @Nullable ImageSize of(byte[] head) {
		if (starts(head, 0, "\u0089PNG")) {
			return new ImageSize(big(head, 16, 4), big(head, 20, 4));
		}
		if (starts(head, 0, "GIF8")) {
			return new ImageSize(little(head, 6, 2), little(head, 8, 2));
		}
		if (starts(head, 0, "RIFF") && starts(head, 8, "WEBP")) {
			return webp(head);
		}
		return starts(head, 0, "\u00ff\u00d8") ? jpeg(head) : null;
	}

	private static @Nullable ImageSize webp(byte[] head) {
		if (starts(head, 12, "VP8X")) {
			return new ImageSize(little(head, 24, 3) + 1, little(head, 27, 3) + 1);
		}
		if (starts(head, 12, "VP8L")) {
			int bits = little(head, 21, 4);
			return new ImageSize((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1);
		}
		return starts(head, 12, "VP8 ") ? new ImageSize(little(head, 26, 2) & 0x3fff, little(head, 28, 2) & 0x3fff)
				: null;
	}

	/** The frame's segment, after those that come before it. */
	private static ImageSize jpeg(byte[] head) {
		int at = 2;
		while (true) {
			int marker = big(head, at, 2);
			boolean frame = marker >= 0xffc0 && marker <= 0xffcf && marker != 0xffc4 && marker != 0xffc8
					&& marker != 0xffcc;
			if (frame) {
				return new ImageSize(big(head, at + 7, 2), big(head, at + 5, 2));
			}
			if (marker < 0xff00) {
				throw new IllegalArgumentException("No segment");
			}
			// 0xffff is padding.
			at += (marker == 0xffff) ? 1 : 2 + Math.max(2, big(head, at + 2, 2));
		}
	}

	private static boolean starts(byte[] head, int at, String magic) {
		for (int i = 0; i < magic.length(); i++) {
			if (at + i >= head.length || (head[at + i] & 0xff) != magic.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	private static int big(byte[] head, int at, int count) {
		int value = 0;
		for (int i = 0; i < count; i++) {
			value = value << 8 | (head[at + i] & 0xff);
		}
		return value;
	}

	private static int little(byte[] head, int at, int count) {
		int value = 0;
		for (int i = count - 1; i >= 0; i--) {
			value = value << 8 | (head[at + i] & 0xff);
		}
		return value;
	}

	/** The same image, no longer than this on its long side. */
	ImageSize within(int longest) {
		int side = Math.max(this.width, this.height);
		return (side <= longest) ? this : scaled((double) longest / side);
	}

	/** The same image, no longer than this on its short side. */
	ImageSize shortSideWithin(int longest) {
		int side = Math.min(this.width, this.height);
		return (side <= longest) ? this : scaled((double) longest / side);
	}

	private ImageSize scaled(double factor) {
		return new ImageSize(Math.max(1, (int) (this.width * factor)), Math.max(1, (int) (this.height * factor)));
	}

	/** Squares of this side that cover it. */
	int tiles(int side) {
		return ceil(this.width, side) * ceil(this.height, side);
	}

	private static int ceil(int length, int side) {
		return (int) (((long) length + side - 1) / side);
	}

}
