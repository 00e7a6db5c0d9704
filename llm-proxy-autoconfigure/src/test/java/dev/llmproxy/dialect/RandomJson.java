package dev.llmproxy.dialect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Random request bodies that are well-formed, spelled in all ways that RFC 8259 allows,
 * and mutants of them that mostly are not. The same seed gives the same bodies.
 */
final class RandomJson {

	private static final String[] FIELDS = { "model", "stream", "stream_options", "user", "n", "max_tokens",
			"max_completion_tokens", "max_output_tokens", "messages", "temperature", "metadata", "tools" };

	private static final String[] CHARACTERS = { "a", "b", "z", " ", "/", "\\/", "\\\"", "\\\\", "\\b", "\\f", "\\n",
			"\\r", "\\t", "\\u0000", "\\u0041", "\\u00E9", "\\uffFF", "\\ud83d\\ude42", "\\uDBFF\\uDFFF", "\u007f",
			"\u00e9", "\u0416", "\u20ac", "\u5929", "\ud83d\ude42", "{", "}", "[", "]", ":", ",",
			"plain text of some length" };

	private static final String[] NUMBERS = { "0", "-0", "1", "-1", "12", "1234567890", "12345678901234567890", "0.5",
			"-0.0", "1.0", "1e5", "1E-5", "-1.5e+3", "1e400", "0e-400", "3.141592653589793238462643383279", "128",
			"129" };

	private static final byte[] SIGNIFICANT = "{}[]:,\"\\/ \t\n\r0123456789+-.eEtrufalsn\0\u001f\u00ff\u00c0\u00af\u00ed\u00a0\u0080\u00f4"
		.getBytes(StandardCharsets.ISO_8859_1);

	/**
	 * An overlong slash, a surrogate, a character beyond the last one, half a character.
	 */
	private static final byte[][] ILL_FORMED = { { (byte) 0xC0, (byte) 0xAF },
			{ (byte) 0xED, (byte) 0xA0, (byte) 0x80 }, { (byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80 },
			{ (byte) 0xC3 } };

	private final Random random;

	private final StringBuilder json = new StringBuilder();

	RandomJson(long seed) {
		this.random = new Random(seed);
	}

	/** A body with fields that have the type they should, for the most part. */
	byte[] body() {
		this.json.setLength(0);
		space();
		Set<String> names = new HashSet<>();
		object(() -> {
			String field = FIELDS[this.random.nextInt(FIELDS.length)];
			if (!names.add(field) || this.random.nextInt(3) == 0) {
				member(names, 3);
				return;
			}
			name(field);
			if (this.random.nextInt(30) == 0) {
				value(2);
			}
			else {
				field(field);
			}
		}, this.random.nextInt(14));
		return this.json.toString().getBytes(StandardCharsets.UTF_8);
	}

	private void field(String field) {
		switch (field) {
			case "model", "user" -> string();
			case "stream" -> literal("true", "false", "null");
			case "n" -> literal("1", "2", "128", "null");
			case "max_tokens", "max_completion_tokens", "max_output_tokens" ->
				literal("0", "1", "4096", "2147483647", "null", "-0");
			case "stream_options" -> streamOptions();
			default -> value(4);
		}
	}

	private void streamOptions() {
		if (this.random.nextInt(4) == 0) {
			literal("null", "{}", "{ }");
			return;
		}
		Set<String> names = new HashSet<>();
		object(() -> {
			if (names.add("include_usage")) {
				name("include_usage");
				literal("true", "false", "null");
			}
			else {
				member(names, 2);
			}
		}, this.random.nextInt(3));
	}

	private void literal(String... choices) {
		this.json.append(choices[this.random.nextInt(choices.length)]);
	}

	private void value(int depth) {
		int kind = this.random.nextInt((depth > 0) ? 6 : 4);
		switch (kind) {
			case 0 -> literal("true", "false", "null");
			case 1 -> literal(NUMBERS);
			case 2, 3 -> string();
			case 4 -> array(depth - 1);
			default -> {
				Set<String> names = new HashSet<>();
				object(() -> member(names, depth - 1), this.random.nextInt((this.random.nextInt(10) == 0) ? 40 : 4));
			}
		}
	}

	private void array(int depth) {
		this.json.append('[');
		space();
		for (int i = this.random.nextInt(4); i > 0; i--) {
			value(depth);
			space();
			this.json.append((i > 1) ? "," : "");
			space();
		}
		this.json.append(']');
	}

	private void object(Runnable member, int size) {
		this.json.append('{');
		space();
		for (int i = size; i > 0; i--) {
			member.run();
			space();
			this.json.append((i > 1) ? "," : "");
			space();
		}
		this.json.append('}');
		space();
	}

	private void member(Set<String> names, int depth) {
		String name = "k" + this.random.nextInt(1_000);
		while (!names.add(name)) {
			name += this.random.nextBoolean() ? "x" : "\u00e9";
		}
		name(name);
		value(depth);
	}

	/** A name, now and then with a character that is escaped without need. */
	private void name(String name) {
		int escaped = (this.random.nextInt(6) == 0) ? this.random.nextInt(name.length()) : -1;
		this.json.append('"');
		for (int i = 0; i < name.length(); i++) {
			this.json.append((i == escaped) ? "\\u%04x".formatted((int) name.charAt(i)) : name.charAt(i));
		}
		this.json.append('"');
		space();
		this.json.append(':');
		space();
	}

	private void string() {
		this.json.append('"');
		for (int i = this.random.nextInt(8); i > 0; i--) {
			literal(CHARACTERS);
		}
		this.json.append('"');
	}

	private void space() {
		if (this.random.nextInt(5) == 0) {
			literal(" ", "\n", "\r\n", "\t", "   ");
		}
	}

	/** A body with one to three bytes, or a stretch of it, changed. */
	byte[] mutant(byte[] body) {
		byte[] mutant = body;
		for (int i = this.random.nextInt(3); i >= 0; i--) {
			mutant = mutatedOnce(mutant);
		}
		return mutant;
	}

	private byte[] mutatedOnce(byte[] body) {
		int at = this.random.nextInt(body.length + 1);
		int to = Math.min(body.length, at + this.random.nextInt(6));
		byte significant = SIGNIFICANT[this.random.nextInt(SIGNIFICANT.length)];
		return switch (this.random.nextInt(10)) {
			case 0 -> Arrays.copyOf(body, at);
			case 1 -> replaced(body, at, to);
			case 2 -> replaced(body, at, to, Arrays.copyOfRange(body, at, to), Arrays.copyOfRange(body, at, to));
			case 3 -> replaced(body, at, Math.min(at + 1, body.length), new byte[] { (byte) this.random.nextInt(256) });
			case 4 -> replaced(body, at, at, text("\\ud83d", "\\ude42", "e999", "1e401", "\ufeff", "\"n\":1,", "\"\""));
			case 5 -> replaced(body, 0, 0, text("\ufeff", "\0", " ", "[", "{"));
			case 6 -> replaced(body, body.length, body.length, text("}", " ", "]", "\0", "1", "\n"));
			case 7 -> replaced(body, at, at, new byte[] { significant });
			case 8 -> replaced(body, at, at, ILL_FORMED[this.random.nextInt(ILL_FORMED.length)]);
			default -> replaced(body, at, Math.min(at + 1, body.length), new byte[] { significant });
		};
	}

	private byte[] text(String... choices) {
		return choices[this.random.nextInt(choices.length)].getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] replaced(byte[] body, int from, int to, byte[]... parts) {
		ByteArrayOutputStream whole = new ByteArrayOutputStream();
		whole.write(body, 0, from);
		for (byte[] part : parts) {
			whole.writeBytes(part);
		}
		whole.write(body, to, body.length - to);
		return whole.toByteArray();
	}

}
