package dev.llmproxy.dialect;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Rows 44 to 50 of the fault catalogue: bodies that must be refused, each with what is
 * just still accepted.
 */
class EnvelopeScannerFaultTest {

	private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

	@Test
	void fault43_aPromptOfFourMegabytesIsAccepted() {
		String prompt = "Ünïcödé, \\\"quotes\\\"\\n and plain text. ".repeat(120_000);
		assertThat(scan("{\"messages\":[{\"content\":\"" + prompt + "\"}],\"model\":\"m\"}").model()).isEqualTo("m");
	}

	@ParameterizedTest
	@CsvSource({ "[,]", "{\"a\":,}" })
	void fault44_depthIsLimited(String open, String close) {
		assertAccepted("{\"d\":" + open.repeat(63) + "1" + close.repeat(63) + "}", open);
		assertRefused("{\"d\":" + open.repeat(64) + "1" + close.repeat(64) + "}", "json_too_deep");
		assertRefused("{\"d\":" + open.repeat(100_000), "json_too_deep");
	}

	@ParameterizedTest
	@CsvSource({ "[,]", "{\"a\":,}" })
	void fault44_theLargestDepthNeedsNoStack(String open, String close) throws Exception {
		JsonLimits limits = new JsonLimits(10_000, 1, 10_000, 1, 32, 0);
		byte[] json = bytes(open.repeat(10_000) + "1" + close.repeat(10_000));
		FutureTask<Boolean> scan = new FutureTask<>(() -> EnvelopeScanner.validate(json, limits), true);
		new Thread(null, scan, "small-stack", 192 * 1024).start();
		assertThat(scan.get(1, TimeUnit.MINUTES)).isTrue();
		byte[] deeper = bytes(open.repeat(10_001) + "1" + close.repeat(10_001));
		MalformedJsonException refusal = catchThrowableOfType(MalformedJsonException.class,
				() -> EnvelopeScanner.validate(deeper, limits));
		assertThat(refusal.code()).isEqualTo("json_too_deep");
		assertThat(refusal.param()).hasSizeLessThan(300);
	}

	@Test
	void fault45_keysOfAnObjectAreLimited() {
		assertAccepted("{\"o\":" + object("k", 10_000) + "}");
		MalformedJsonException refusal = refusal("{\"o\":" + object("k", 10_001) + "}");
		assertThat(refusal.code()).isEqualTo("too_many_keys");
		assertThat(refusal.param()).isEqualTo("o");
		assertRefused(object("k", 1_000_000), "too_many_keys");
	}

	@Test
	void fault45_keysOfTheDocumentAreLimited() {
		String objects = ("{\"a\":1,\"b\":2}" + ",{\"a\":1,\"b\":2}".repeat(99_998));
		assertAccepted("{\"o\":[" + objects + ",{\"a\":1}]}");
		assertAccepted("{\"o\":[" + objects + "],\"z\":[1,{}]}");
		assertRefused("{\"o\":[" + objects + ",{\"a\":1}],\"z\":1}", "too_many_keys");
	}

	@Test
	void fault45_nestedObjectsCountOnTheirOwn() {
		JsonLimits limits = new JsonLimits(64, 2, 100, 10, 32, 10);
		byte[] json = bytes("[{\"a\":{\"a\":{},\"b\":{\"a\":1,\"b\":1}},\"b\":[{\"a\":1},{\"a\":1}]}]");
		EnvelopeScanner.validate(json, limits);
	}

	@Test
	void fault45_namesAreLimited() {
		assertAccepted("{\"" + "k".repeat(8_192) + "\":1}");
		assertRefused("{\"" + "k".repeat(8_193) + "\":1}", "key_too_long");
		assertRefused("{\"" + "\\u0061".repeat(1_366) + "\":1}", "key_too_long");
	}

	@Test
	void fault45_namesThatCollideInStringsHashAreFine() {
		StringBuilder json = new StringBuilder("{\"z\":1");
		IntStream.range(0, 8_192).mapToObj(EnvelopeScannerFaultTest::colliding).forEach((name) -> {
			assertThat(name.hashCode()).isEqualTo(colliding(0).hashCode());
			json.append(",\"").append(name).append("\":1");
		});
		assertAccepted(json + "}");
		assertRefused(json + ",\"" + colliding(4_711) + "\":1}", "duplicate_key");
	}

	/** One of the many strings whose hash codes are all the same. */
	private static String colliding(int number) {
		StringBuilder name = new StringBuilder();
		for (int bit = 0; bit < 13; bit++) {
			name.append(((number >> bit & 1) == 0) ? "Aa" : "BB");
		}
		return name.toString();
	}

	@Test
	void fault46_lengthsOfNumbersAreLimited() {
		for (String prefix : new String[] { "", "-", "0.", "-1.", "1e-000", "1.0E" }) {
			String number = prefix + "0".repeat(1_000 - prefix.length());
			if (prefix.isEmpty() || prefix.equals("-")) {
				number = number.replace('0', '7');
			}
			assertThat(number).hasSize(1_000);
			assertAccepted("{\"a\":[" + number + "]}", prefix);
			assertRefused("{\"a\":[" + number + "1]}", "number_out_of_range");
		}
	}

	@ParameterizedTest
	@CsvSource({ "1e400,true", "1e-400,true", "1E+400,true", "0e00000000000000400,true", "1e401,false", "1e-401,false",
			"0.1E+401,false", "1e999999999,false", "1e4294967296,false", "1e18446744073709551616,false",
			"1e00099999999999999999999999999999999999999999999999,false" })
	void fault46_exponentsAreLimited(String number, boolean accepted) {
		if (accepted) {
			assertAccepted("{\"a\":" + number + "}");
		}
		else {
			assertRefused("{\"a\":" + number + "}", "number_out_of_range");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "C0 AF", "C0 80", "C1 BF", "E0 80 AF", "E0 9F BF", "F0 80 80 AF", "F0 8F BF BF",
			"ED A0 80", "ED AF BF", "ED B0 80", "ED BF BF", "ED A0 BD ED B9 82", "F4 90 80 80", "F5 80 80 80",
			"F8 88 80 80 80", "FC 84 80 80 80 80", "FE", "FF", "80", "BF", "C2", "C2 41", "C2 C2", "E2 82", "E2 82 41",
			"E2 41 82", "F0 9F 98", "F0 9F 41 82", "F0 41 98 82", "F0 9F 98 41", "E2 82 AC 80" })
	void fault47_invalidUtf8IsRefusedWhereverItStands(String hex) {
		byte[] bad = HEX.parseHex(hex);
		for (int ascii = 0; ascii <= 17; ascii++) {
			String plain = "p".repeat(ascii);
			MalformedJsonException refusal = refusal(
					concat(bytes("{\"messages\":[{\"content\":\"" + plain), bad, bytes(plain + "\"}]}")));
			assertThat(refusal.code()).isEqualTo("invalid_utf8");
			assertThat(refusal.param()).isEqualTo("messages[0].content");
			assertThat(refusal(concat(bytes("{\"" + plain), bad, bytes(plain + "\":1}"))).code())
				.isEqualTo("invalid_utf8");
			assertThat(refusal(concat(bytes("{\"a\":\"" + plain), bad)).code()).isEqualTo("invalid_utf8");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"a\":1\u00a0}", "{\u20281:2}", "{\"a\":\u0661}", "{\"a\":1}\u00e9", "\u00e9" })
	void fault47_nothingButAsciiIsAcceptedOutsideStrings(String body) {
		assertThat(refusal(body).code()).isIn("invalid_json", "trailing_data");
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE", "UTF-32" })
	void fault48_widerEncodingsAreRefusedWithAndWithoutMark(String charset) {
		for (String body : new String[] { "{\"model\":\"m\"}", " {}", "\ufeff{}" }) {
			MalformedJsonException refusal = refusal(body.getBytes(Charset.forName(charset)));
			assertThat(refusal.code()).isEqualTo("unsupported_encoding");
			assertThat(refusal).hasMessageContaining("must be UTF-8");
		}
	}

	@Test
	void fault48_aByteOrderMarkIsRefused() {
		MalformedJsonException refusal = refusal("\ufeff{\"model\":\"m\"}");
		assertThat(refusal.code()).isEqualTo("unsupported_encoding");
		assertThat(refusal).hasMessageContaining("without a byte order mark");
		assertRefused(" \ufeff{}", "invalid_json");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\\ud800", "\\uDBFF", "\\udc00", "\\uDFFF", "\\ud800x", "\\ud800\\n", "\\ud800\\u0041",
			"\\ud800\\ud800", "\\udc00\\udc00", "\\ude42\\ud83d", "\\ud83d\\ude42\\ude42", "\\ud83d \\ude42",
			"\\ud83d\\\\ude42" })
	void fault48_halvesOfSurrogatePairsAreRefused(String text) {
		for (String body : new String[] { "{\"a\":\"" + text + "\"}", "{\"a\":\"text" + text + "text\"}",
				"{\"" + text + "\":1}" }) {
			assertRefused(body, "lone_surrogate");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"model\":\"a\",\"model\":\"b\"}", "{\"model\":\"a\",\"x\":1,\"mod\\u0065l\":\"b\"}",
			"{\"\\u006dodel\":\"a\",\"m\\u006fdel\":\"b\"}", "{\"\":1,\"\":2}", "{\"a\":{\"b\":1,\"b\":1}}",
			"{\"a\":[{},{\"b\":{\"c\":1},\"d\":{\"c\":1,\"e\":{\"c\":2},\"c\":1}}]}", "{\"\\/\":1,\"/\":2}",
			"{\"\\ud83d\\ude42\":1,\"\ud83d\ude42\":2}", "{\"\u00e9\":1,\"\\u00E9\":2}", "{\"\\n\":1,\"\\u000a\":2}",
			"{\"stream_options\":{\"include_usage\":false,\"include_usage\":true}}" })
	void fault49_duplicateKeysAreRejectedAtEveryLevel(String body) {
		assertRefused(body, "duplicate_key");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 7, 8, 9, 10, 16, 17, 63, 64, 65, 1_000, 9_998 })
	void fault49_duplicateKeysAreRejectedInObjectsOfAnySize(int size) {
		String object = object("key", size);
		String open = object.substring(0, object.length() - 1);
		assertAccepted("{\"a\":" + open + ",\"other\":" + object + "}}", size);
		for (int i : new int[] { 0, size / 2, size - 1 }) {
			assertRefused("{\"a\":" + open + ",\"key" + i + "\":1}}", "duplicate_key");
			assertRefused("{\"a\":" + open + ",\"\\u006bey" + i + "\":1}}", "duplicate_key");
			assertRefused("{\"a\":" + open + ",\"other\":" + object + ",\"key" + i + "\":1}}", "duplicate_key");
		}
	}

	@Test
	void fault49_duplicateKeysAreNamed() {
		MalformedJsonException refusal = refusal(
				"{\"messages\":[{},{\"role\":\"a\",\"content\":\"b\",\"role\":\"c\"}]}");
		assertThat(refusal.param()).isEqualTo("messages[1].role");
		assertThat(refusal.offset()).isEqualTo(42);
		assertThat(refusal).hasMessage("An object may have each key only once (byte 42, in 'messages[1].role')");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"a\":{\"a\":{\"a\":1}},\"A\":1,\"b\":{\"a\":1}}",
			"{\"a\":1,\"a \":2,\"a\\u0000\":3,\"aa\":4}", "{\"\u00e9\":1,\"e\u0301\":2}",
			"{\"o\":[{\"a\":1},{\"a\":1}]}", "{\"\\\\u0061\":1,\"a\":2}" })
	void fault49_namesThatOnlyLookAlikeAreFine(String body) {
		assertAccepted(body);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\r\n\t " })
	void fault50_anEmptyBodyIsRefused(String body) {
		assertRefused(body, "empty_body");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[]", "[{\"model\":\"m\"}]", "\"model\"", "1", "-1.5e3", "true", "false", " null " })
	void fault50_rootsOtherThanObjectsAreRefused(String body) {
		MalformedJsonException refusal = refusal(body);
		assertThat(refusal.code()).isEqualTo("invalid_type");
		assertThat(refusal.param()).isNull();
		assertThat(refusal).hasMessageContaining("must be a JSON object");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}{}", "{} x", "{}\0", "{}}", "{},", "{}\n[]", "{}//", "{}\u000b", "[]]" })
	void fault50_trailingDataIsRefused(String body) {
		assertRefused(body, "trailing_data");
	}

	@ParameterizedTest
	@ValueSource(strings = { "model=gpt-5&stream=true", "hello", "<html>", "nul", "tru", "falsy", "{", "{\"", "{\"a",
			"{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":[", "{\"a\":[1", "{\"a\":[1,", "{\"a\":\"",
			"{\"a\":\"\\", "{\"a\":\"\\u", "{\"a\":\"\\u004", "{\"a\":-", "{\"a\":1.", "{\"a\":1e", "{\"a\":1e+",
			"{\"a\":t", "{\"a\":tru", "{a:1}", "{'a':1}", "{\"a\":'b'}", "{1:2}", "{null:1}", "{\"a\" 1}", "{\"a\"=1}",
			"{\"a\":1 \"b\":2}", "{\"a\":1;\"b\":2}", "{\"a\":}", "{\"a\"}", "{,}", "{\"a\":1,}", "{,\"a\":1}",
			"{\"a\":1,,\"b\":2}", "{:1}", "{\"a\"::1}", "{\"a\":[1,]}", "{\"a\":[,1]}", "{\"a\":[1,,2]}",
			"{\"a\":[1 2]}", "{\"a\":[,]}", "{\"a\":[1}", "{\"a\":{]}", "{\"a\":[}]", "{]", "{\"a\":[1:2]}",
			"{\"a\":NaN}", "{\"a\":-NaN}", "{\"a\":Infinity}", "{\"a\":-Infinity}", "{\"a\":+1}", "{\"a\":01}",
			"{\"a\":-01}", "{\"a\":00}", "{\"a\":.5}", "{\"a\":-.5}", "{\"a\":5.}", "{\"a\":5.e1}", "{\"a\":1e}",
			"{\"a\":1e+}", "{\"a\":1e1.5}", "{\"a\":0x1}", "{\"a\":1_000}", "{\"a\":1f}", "{\"a\":--1}", "{\"a\":- 1}",
			"{\"a\":1 .5}", "{\"a\":TRUE}", "{\"a\":True}", "{\"a\":None}", "{\"a\":truex}", "{\"a\":nulls}",
			"{\"a\":undefined}", "{/**/}", "{\"a\":1/**/}", "{\"a\":1//\n}", "{#\n}", "{\"a\":\"\\x41\"}",
			"{\"a\":\"\\'\"}", "{\"a\":\"\\0\"}", "{\"a\":\"\\U0041\"}", "{\"a\":\"\\u00g1\"}", "{\"a\":\"\\u 041\"}",
			"{\"a\":\"\\u+041\"}", "{\"a\":\"\\u\u066041\"}", "{\"a\":\"\\u004\u00b2\"}", "{\"a\":\"\\ud83d\\u12\"}",
			"{\"a\":\"\\\n\"}", "{\"a\\x\":1}", "{\"a\":\"b\\\"}", "{\f}", "{\u000b}", "{ \0}", "{\"a\":1\0}",
			"{\"a\":[1\b]}" })
	void fault50_whatIsNotJsonIsRefused(String body) {
		assertRefused(body, "invalid_json");
	}

	@Test
	void fault50_everyTruncationIsRefused() {
		String body = "{\"model\":\"gpt-\\u0035\",\"n\":1,\"s\":[true,false,null,-1.5e+3,{\"\u00e9\":\"\ud83d\ude42\"},{},[]]}";
		byte[] bytes = bytes(body);
		assertAccepted(body);
		for (int length = 1; length < bytes.length; length++) {
			byte[] cut = Arrays.copyOf(bytes, length);
			MalformedJsonException refusal = refusal(cut);
			assertThat(refusal.code()).isIn("invalid_json", "invalid_utf8");
			assertThat(refusal.offset()).isLessThanOrEqualTo(length);
		}
	}

	@ParameterizedTest
	@MethodSource("controlCharacters")
	void fault50_controlCharactersInStringsAreRefused(char control, int before) {
		String text = "p".repeat(before) + control;
		assertRefused("{\"a\":\"" + text + "pppppppppppppppp\"}", "invalid_json");
		assertRefused("{\"a\":\"" + text + "\"}", "invalid_json");
		assertRefused("{\"" + text + "\":1}", "invalid_json");
	}

	static Stream<Arguments> controlCharacters() {
		return IntStream.range(0, 32)
			.boxed()
			.flatMap((control) -> IntStream.of(0, 1, 7, 8, 15)
				.mapToObj((before) -> Arguments.of((char) control.intValue(), before)));
	}

	private static String object(String prefix, int size) {
		StringBuilder json = new StringBuilder("{");
		for (int i = 0; i < size; i++) {
			json.append((i == 0) ? "" : ",").append('"').append(prefix).append(i).append("\":1");
		}
		return json.append('}').toString();
	}

	private static Envelope scan(String body) {
		return EnvelopeScanner.scan(bytes(body), JsonLimits.DEFAULT);
	}

	private static void assertAccepted(String body, Object... description) {
		assertThat(scan(body)).as(Arrays.toString(description)).isNotNull();
	}

	private static void assertRefused(String body, String code) {
		assertThat(refusal(body).code()).isEqualTo(code);
	}

	private static MalformedJsonException refusal(String body) {
		return refusal(bytes(body));
	}

	private static MalformedJsonException refusal(byte[] body) {
		MalformedJsonException refusal = catchThrowableOfType(MalformedJsonException.class,
				() -> EnvelopeScanner.scan(body, JsonLimits.DEFAULT));
		assertThat(refusal).as("refusal").isNotNull();
		return refusal;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] concat(byte[]... parts) {
		int length = Stream.of(parts).mapToInt((part) -> part.length).sum();
		byte[] whole = Arrays.copyOf(parts[0], length);
		int at = parts[0].length;
		for (int i = 1; i < parts.length; i++) {
			System.arraycopy(parts[i], 0, whole, at, parts[i].length);
			at += parts[i].length;
		}
		return whole;
	}

}
