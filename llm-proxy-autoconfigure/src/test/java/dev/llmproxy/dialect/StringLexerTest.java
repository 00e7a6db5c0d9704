package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/** Strict UTF-8, compared with the JDK's own decoder. */
class StringLexerTest {

	private static final int[] INTERESTING = { 0x20, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0,
			0xED, 0xF0, 0xF4, 0xFF };

	@Test
	void acceptsExactlyTheTwoByteSequencesThatTheJdkAccepts() {
		for (int first = 0x80; first < 0x100; first++) {
			for (int second = 0x23; second < 0x100; second++) {
				if (second != '\\') {
					assertSameAsJdk(first, second);
				}
			}
		}
	}

	@Test
	void acceptsExactlyTheThreeByteSequencesThatTheJdkAccepts() {
		for (int first = 0xC0; first < 0x100; first++) {
			for (int second = 0x80; second < 0x100; second++) {
				for (int third : INTERESTING) {
					assertSameAsJdk(first, second, third);
				}
			}
		}
	}

	@Test
	void acceptsExactlyTheFourByteSequencesThatTheJdkAccepts() {
		for (int first = 0xE0; first < 0x100; first++) {
			for (int second = 0x80; second < 0x100; second++) {
				for (int third : INTERESTING) {
					for (int fourth : INTERESTING) {
						assertSameAsJdk(first, second, third, fourth);
					}
				}
			}
		}
	}

	@Test
	void acceptsEveryCharacter() {
		for (int codePoint = 0x20; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
			if (codePoint != '"' && codePoint != '\\' && (codePoint < 0xD800 || codePoint > 0xDFFF)) {
				byte[] text = (Character.toString(codePoint) + "\"").getBytes(StandardCharsets.UTF_8);
				if (StringLexer.skip(text, 0) != text.length) {
					fail("Stopped in U+%04X", codePoint);
				}
			}
		}
	}

	@Test
	void findsTheFirstSpecialByteWhereverItStands() {
		for (int length = 0; length < 40; length++) {
			for (int special = 0; special < length; special++) {
				for (int b = -128; b < 128; b++) {
					byte[] text = "~".repeat(length).getBytes(StandardCharsets.US_ASCII);
					text[special] = (byte) b;
					boolean plain = b >= ' ' && b != '"' && b != '\\';
					if (StringLexer.skipPlain(text, 0) != (plain ? length : special)) {
						fail("Byte %d at %d of %d", b, special, length);
					}
				}
			}
		}
	}

	@Test
	void unescapesEveryUnicodeEscape() {
		for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
			if (codePoint == 0xD800) {
				codePoint = 0xE000;
			}
			StringBuilder escaped = new StringBuilder("a");
			for (char c : Character.toChars(codePoint)) {
				escaped.append((c % 2 == 0) ? "\\u%04x".formatted((int) c) : "\\u%04X".formatted((int) c));
			}
			byte[] token = escaped.append("z\"").toString().getBytes(StandardCharsets.US_ASCII);
			assertThat(StringLexer.skip(token, 0)).isEqualTo(token.length);
			assertThat(StringLexer.decode(token, 0, token.length - 1))
				.isEqualTo("a" + Character.toString(codePoint) + "z");
			codePoint += (codePoint > 0x10FFF) ? 250 : 0;
		}
	}

	private static void assertSameAsJdk(int... sequence) {
		byte[] text = new byte[sequence.length + 1];
		for (int i = 0; i < sequence.length; i++) {
			text[i] = (byte) sequence[i];
		}
		text[sequence.length] = '"';
		if (isAccepted(text) != isValid(text)) {
			fail("%s is %s", HexFormat.of().formatHex(text), isValid(text) ? "well-formed" : "not well-formed");
		}
	}

	private static boolean isAccepted(byte[] text) {
		try {
			return StringLexer.skip(text, 0) == text.length;
		}
		catch (MalformedJsonException ex) {
			return !ex.code().equals(MalformedJsonException.INVALID_UTF8);
		}
	}

	/** What the decoder replaces does not survive the way back. */
	private static boolean isValid(byte[] text) {
		return Arrays.equals(new String(text, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), text);
	}

}
