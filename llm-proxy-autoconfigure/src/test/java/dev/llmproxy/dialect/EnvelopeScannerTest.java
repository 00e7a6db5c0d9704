package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What an envelope says about well-formed bodies, and which fields are refused. */
class EnvelopeScannerTest {

	@Test
	void readsAllFieldsOfAChatRequest() {
		Envelope envelope = scan("""
				{
				  "messages": [{"role": "user", "content": "\\"model\\": \\"other\\", \\\\ {[\\u007b 🙂"}],
				  "model": "gpt-5",
				  "stream": true,
				  "stream_options": {"other": [{"include_usage": false}], "include_usage": true},
				  "max_tokens": 10, "max_completion_tokens": 30, "max_output_tokens": 20,
				  "n": 3, "user": "u-1"
				}
				""");
		assertThat(envelope.model()).isEqualTo("gpt-5");
		assertThat(envelope.stream()).isTrue();
		assertThat(envelope.includeUsage()).isTrue();
		assertThat(envelope.maxTokens()).isEqualTo(30);
		assertThat(envelope.n()).isEqualTo(3);
		assertThat(envelope.user()).isEqualTo("u-1");
		assertThat(envelope.empty()).isFalse();
		assertThat(envelope.objectStart()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", " \t\r\n{ \n} ",
			"{\"stream\":null,\"stream_options\":null,\"user\":null,\"n\":null,\"max_tokens\":null}",
			"{\"messages\":[{\"model\":\"a\",\"stream\":true,\"n\":2}],\"metadata\":{\"user\":\"b\",\"max_tokens\":1}}",
			"{\"Model\":1,\"models\":[],\"mode\":2,\"streams\":3,\"N\":\"\",\"stream_option\":4,\"max_token\":{}}" })
	void fieldsThatAreAbsentNullOrElsewhereHaveTheirDefaults(String body) {
		Envelope envelope = scan(body);
		assertThat(envelope.model()).isNull();
		assertThat(envelope.modelStart()).isEqualTo(-1);
		assertThat(envelope.modelEnd()).isEqualTo(-1);
		assertThat(envelope.stream()).isFalse();
		assertThat(envelope.includeUsage()).isFalse();
		assertThat(envelope.maxTokens()).isEqualTo(-1);
		assertThat(envelope.n()).isEqualTo(1);
		assertThat(envelope.user()).isNull();
		assertThat(envelope.empty()).isEqualTo(body.strip().length() <= 4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"model\":\"gpt-5\"}", "{\"model\":\"gpt-5\"",
			" \n\t{ \"a\" : [ ] ,\r\n \"model\" : \"gpt-5\" }",
			"{\"ключ 🙂\":\"\\ud83d\\ude42 значение\",\"mod\\u0065l\":\"gpt-5\",\"z\":0}",
			"{\"a\":\"\\\\\\\"\",\"model\":\"gpt-5\"}", "{\"model\":\"\\u0067pt\\u002d5\"}" })
	void modelIsDecodedAndItsOffsetsAreThoseOfTheToken(String text) {
		String body = text.endsWith("}") ? text : text + "}";
		Envelope envelope = scan(body);
		assertThat(envelope.model()).isEqualTo("gpt-5");
		String token = slice(body, envelope.modelStart(), envelope.modelEnd());
		assertThat(token).isIn("\"gpt-5\"", "\"\\u0067pt\\u002d5\"");
		assertThat(body).contains(token);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "\"\"|``",
			"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"|`\"\\/\b\f\n\r\t`",
			"\"\\u0000\\u007f\\u0080\\u07FF\\u0800\\uffff\"|`\0\u007f\u0080\u07ff\u0800\uffff`",
			"\"\\uD83D\\ude42 \\udbFF\\uDFFf \\uD800\\udC00\"|`\ud83d\ude42 \udbff\udfff \ud800\udc00`",
			"\"\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff\"|`\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff`" })
	void stringsAreUnescaped(String token, String text) {
		assertThat(scan("{\"model\":" + token + "}").model()).isEqualTo(text);
		assertThat(scan("{\"user\":" + token + "}").user()).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{ }", "{\"include_usage\":false}", "{ \"x\" : {\"}\":[1]} } ", "null" })
	void streamOptionsOffsetsAreThoseOfTheValue(String value) {
		String body = "{\"é\":1, \"stream_options\" : " + value + "\n}";
		Envelope envelope = scan(body);
		assertThat(slice(body, envelope.streamOptionsStart(), envelope.streamOptionsEnd())).isEqualTo(value.strip());
		assertThat(envelope.includeUsage()).isFalse();
	}

	@Test
	void objectStartIsJustAfterTheBrace() {
		assertThat(scan(" \n {\"a\":1}").objectStart()).isEqualTo(4);
	}

	@ParameterizedTest
	@CsvSource({ "max_tokens,0,0", "max_tokens,-0,0", "max_completion_tokens,2147483647,2147483647",
			"max_output_tokens,7,7" })
	void tokenLimitsMayBeAnyNonNegativeInt(String field, String value, int expected) {
		assertThat(scan("{\"" + field + "\":" + value + "}").maxTokens()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "2147483648", "9223372036854775808", "18446744073709551617",
			"100000000000000000000000000000000000000000000000000" })
	void tokenLimitsOutOfRangeAreRefused(String value) {
		for (String field : new String[] { "max_tokens", "max_completion_tokens", "max_output_tokens" }) {
			assertRefused("{\"" + field + "\":" + value + "}", "number_out_of_range", field);
		}
	}

	@ParameterizedTest
	@CsvSource({ "1,true", "128,true", "0,false", "129,false", "-1,false", "4294967297,false" })
	void nIsOneTo128(String value, boolean accepted) {
		String body = "{\"n\":" + value + "}";
		if (accepted) {
			assertThat(scan(body).n()).isEqualTo(Integer.parseInt(value));
		}
		else {
			assertRefused(body, "number_out_of_range", "n");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "model|1", "model|null", "model|true", "model|[\"a\"]", "model|{\"a\":\"b\"}", "stream|\"true\"",
					"stream|1", "stream|{}", "stream|[]", "user|1", "user|[]", "user|{\"id\":1}", "user|false",
					"n|\"1\"", "n|1.0", "n|1e0", "n|true", "n|[]", "max_tokens|\"1\"", "max_tokens|1.5",
					"max_tokens|1E2", "max_tokens|false", "max_completion_tokens|{}", "max_output_tokens|[1]",
					"stream_options|true", "stream_options|[]", "stream_options|\"x\"", "stream_options|1" })
	void fieldsOfTheWrongTypeAreRefusedByName(String field, String value) {
		assertRefused("{\"messages\":[],\"" + field + "\": " + value + ",\"z\":{}}", "invalid_type", field);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"true\"", "1", "{}", "[true]" })
	void includeUsageOfTheWrongTypeIsRefusedByName(String value) {
		assertRefused("{\"stream_options\":{\"include_usage\":" + value + "}}", "invalid_type",
				"stream_options.include_usage");
	}

	@Test
	void wrongTypeIsReportedWhereTheValueStarts() {
		MalformedJsonException refusal = refusal("{\"model\":  17}");
		assertThat(refusal.offset()).isEqualTo(11);
		assertThat(refusal).hasMessage("The value must be a string (byte 11, in 'model')");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "{\"a\":[0,{\"b\":[[],[1,x]]}]}|a[1].b[1][1]", "{\"a\":1,\"b\":nul}|b",
					"{\"a\":{\"b\":1},\"c\":{\"d\":{}},\"e\":tru}|e", "{\"a\":[{},{\"k\":1}x]}|a",
					"{\"a\":{\"b\":1}x}|", "{\"a\":{\"b\":1|a", "{\"a\":\"x|a", "{\"a\":1}x|", "{\"a\":[1,2,|a[2]",
					"{\"a\":{\"b\":{\"c\":1},\"c\":{\"d\":|a.c.d" })
	void faultsAreLocated(String body, String param) {
		assertThat(refusal(body).param()).isEqualTo(param);
	}

	@Test
	void locationsArePrintableAndShort() {
		String name = "\\u0000\\n\\u001b\u202e\ud83d\ude42" + "k".repeat(100);
		MalformedJsonException refusal = refusal("{\"" + name + "\":x}");
		assertThat(refusal.param()).isEqualTo("??????" + "k".repeat(58));
		String deep = "[".repeat(60) + "{\"" + "long".repeat(30) + "\":";
		assertThat(refusal("{\"a\":" + deep).param()).hasSizeBetween(64, 300);
	}

	@Test
	void refusalsNeverQuoteValues() {
		String[] bodies = { "{\"model\":[\"canary\"]}", "{\"a\":\"canary\\x\"}", "{\"a\":canary}",
				"{\"a\":\"canary\" \"canary\"}", "\"canary\"", "{\"a\":\"canary", "{\"stream\":\"canary\"}",
				"{} canary", "{\"a\":\"canary\n\"}" };
		for (String body : bodies) {
			assertThat(refusal(body).getMessage()).doesNotContain("canary");
		}
		assertThat(scan("{\"user\":\"canary\"}").toString()).doesNotContain("canary");
	}

	@Test
	void refusalsAreControlFlow() {
		MalformedJsonException refusal = refusal("{");
		refusal.addSuppressed(new IllegalStateException());
		assertThat(refusal.getStackTrace()).isEmpty();
		assertThat(refusal.getSuppressed()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "\"a\"", "null", " [1,{\"a\":[]}] ", "{}", "-0.5e-3", "[]" })
	void validateAcceptsAnyRoot(String json) {
		assertThatCode(() -> EnvelopeScanner.validate(bytes(json), JsonLimits.DEFAULT)).doesNotThrowAnyException();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "[1,{\"a\":[0,+1]}]|invalid_json|[1].a[1]", "[] []|trailing_data|",
			"[{\"a\":1,\"a\":1}]|duplicate_key|[0].a", "{\"model\":1}||", "{\"n\":1000}||", "' '|empty_body|" })
	void validateChecksTheGrammarButNoFields(String json, String code, String param) {
		if (code == null) {
			EnvelopeScanner.validate(bytes(json), JsonLimits.DEFAULT);
			return;
		}
		assertThatExceptionOfType(MalformedJsonException.class)
			.isThrownBy(() -> EnvelopeScanner.validate(bytes(json), JsonLimits.DEFAULT))
			.satisfies((ex) -> {
				assertThat(ex.code()).isEqualTo(code);
				assertThat(ex.param()).isEqualTo(param);
			});
	}

	@Test
	void bodyIsLeftAsItIs() {
		byte[] body = bytes("{\"mod\\u0065l\":\"\\u0061\",\"b\":[1,2]}");
		byte[] copy = body.clone();
		EnvelopeScanner.scan(body, JsonLimits.DEFAULT);
		assertThat(body).isEqualTo(copy);
	}

	private static Envelope scan(String body) {
		return EnvelopeScanner.scan(bytes(body), JsonLimits.DEFAULT);
	}

	private static void assertRefused(String body, String code, String param) {
		MalformedJsonException refusal = refusal(body);
		assertThat(refusal.code()).isEqualTo(code);
		assertThat(refusal.param()).isEqualTo(param);
	}

	private static MalformedJsonException refusal(String body) {
		MalformedJsonException refusal = catchThrowableOfType(MalformedJsonException.class, () -> scan(body));
		assertThat(refusal).as(body).isNotNull();
		return refusal;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String slice(String body, int from, int to) {
		return new String(bytes(body), from, to - from, StandardCharsets.UTF_8);
	}

}
