package dev.llmproxy.dialect;

import org.jspecify.annotations.Nullable;

/**
 * Tells a caller where in its document a fault is, such as {@code messages[2].content}:
 * printable ASCII only, and cut where it gets long.
 */
final class JsonLocation {

	private static final int MAX_LENGTH = 200;

	private static final int MAX_NAME_LENGTH = 64;

	private JsonLocation() {
	}

	/**
	 * The path to the current member of the innermost container.
	 * @param keys the names of the open objects
	 * @param frames the open containers, as {@link JsonCursor} keeps them
	 * @param depth how many there are
	 * @param inMember whether the innermost container has a current member
	 * @return the path, or {@code null} at the root
	 */
	static @Nullable String of(KeyIndex keys, int[] frames, int depth, boolean inMember) {
		StringBuilder path = new StringBuilder();
		int known = inMember ? depth : depth - 1;
		for (int i = 0; i < known && path.length() < MAX_LENGTH; i++) {
			if (frames[i] < 0) {
				path.append('[').append(-2 - frames[i]).append(']');
			}
			else {
				path.append(path.isEmpty() ? "" : ".");
				appendPrintable(path, keys.name(lastName(keys, frames, depth, i)));
			}
		}
		return path.isEmpty() ? null : path.toString();
	}

	/** The last name of an object is the one before those of the next object in it. */
	private static int lastName(KeyIndex keys, int[] frames, int depth, int frame) {
		for (int i = frame + 1; i < depth; i++) {
			if (frames[i] >= 0) {
				return frames[i] - 1;
			}
		}
		return keys.size() - 1;
	}

	private static void appendPrintable(StringBuilder path, String name) {
		name.chars()
			.limit(MAX_NAME_LENGTH)
			.map((c) -> (c >= ' ' && c <= '~') ? c : '?')
			.forEach((c) -> path.append((char) c));
	}

}
