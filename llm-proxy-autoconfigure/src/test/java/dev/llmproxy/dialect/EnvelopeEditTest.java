package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Edits change what they should and no other byte. */
class EnvelopeEditTest {

	private static final JsonMapper JACKSON = new JsonMapper();

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "{\"model\":\"a\"}|{\"model\":\"new\"}",
			"` { \"x\" : \"\u00e9\ud83d\ude42\" ,\t\"mod\\u0065l\"\n: \"\\u0061\" , \"y\":1.0 }\n`|` { \"x\" : \"\u00e9\ud83d\ude42\" ,\t\"mod\\u0065l\"\n: \"new\" , \"y\":1.0 }\n`",
			"{\"model\":\"\",\"messages\":[{\"model\":\"a\"}]}|{\"model\":\"new\",\"messages\":[{\"model\":\"a\"}]}",
			"{}|{\"model\":\"new\"}", "` {\n} `|` {\"model\":\"new\"\n} `", "{\"x\":{}}|{\"model\":\"new\",\"x\":{}}",
			"`{ \"x\":1}`|`{\"model\":\"new\", \"x\":1}`" })
	void modelIsReplacedOrBecomesTheFirstMember(String body, String edited) {
		assertThat(text(scan(body).spliceModel(bytes(body), "new"))).isEqualTo(edited);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "gpt-5", "us.anthropic.claude-v1:0", "a\"b\\c/d", "\0\b\t\n\u001f\u007f",
			"\u00e9\u20ac\ud83d\ude42\u2028", "\",\"stream\":true,\"x\":\"" })
	void anyModelIsEscaped(String model) {
		for (String body : new String[] { "{\"n\":2,\"model\":\"a\",\"z\":0}", "{\"n\":2,\"z\":0}", "{}" }) {
			Envelope edited = scan(text(scan(body).spliceModel(bytes(body), model)));
			assertThat(edited.model()).isEqualTo(model);
			assertThat(edited.stream()).isFalse();
			assertThat(edited.n()).isEqualTo(scan(body).n());
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "{}|{\"stream_options\":{\"include_usage\":true}}",
			"{\"stream\":true}|{\"stream_options\":{\"include_usage\":true},\"stream\":true}",
			"`{\"stream_options\" : null , \"a\":1}`|`{\"stream_options\" : {\"include_usage\":true} , \"a\":1}`",
			"{\"stream_options\":{}}|{\"stream_options\":{\"include_usage\":true}}",
			"{\"stream_options\":{ }}|{\"stream_options\":{\"include_usage\":true }}",
			"`{\"stream_options\":{ \"a\":{\"include_usage\":false}}}`|`{\"stream_options\":{\"include_usage\":true, \"a\":{\"include_usage\":false}}}`",
			"`{\"stream_options\":{\"a\":1,\"include_usage\": false }}`|`{\"stream_options\":{\"a\":1,\"include_usage\": true }}`",
			"{\"stream_options\":{\"include\\u005fusage\":null}}|{\"stream_options\":{\"include\\u005fusage\":true}}" })
	void streamUsageIsRequestedInPlace(String body, String edited) {
		assertThat(text(scan(body).requestStreamUsage(bytes(body)))).isEqualTo(edited);
		assertThat(scan(edited).includeUsage()).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"{}|{\"model\":\"new\",\"stream_options\":{\"include_usage\":true}}",
			"{\"a\":1}|{\"model\":\"new\",\"stream_options\":{\"include_usage\":true},\"a\":1}",
			"{\"stream_options\":null}|{\"model\":\"new\",\"stream_options\":{\"include_usage\":true}}",
			"{\"stream_options\":{},\"model\":\"a\"}|{\"stream_options\":{\"include_usage\":true},\"model\":\"new\"}",
			"{\"model\":\"a\",\"stream_options\":{\"include_usage\":false}}|{\"model\":\"new\",\"stream_options\":{\"include_usage\":true}}",
			"{\"model\":\"a\"}|{\"stream_options\":{\"include_usage\":true},\"model\":\"new\"}" })
	void bothEditsAreMadeAtOnce(String body, String edited) {
		assertThat(text(scan(body).edit(bytes(body), "new", true))).isEqualTo(edited);
	}

	@Test
	void bodiesThatNeedNoEditAreNotCopied() {
		byte[] body = bytes("{\"stream_options\":{\"include_usage\":true}}");
		Envelope envelope = EnvelopeScanner.scan(body, JsonLimits.DEFAULT);
		assertThat(envelope.requestStreamUsage(body)).isSameAs(body);
		assertThat(envelope.edit(body, null, false)).isSameAs(body);
		assertThat(envelope.spliceModel(body, "a")).isNotSameAs(body);
	}

	@Test
	void randomBodiesParseTheSameButForTheEditedFields() {
		for (int seed = 0; seed < 5_000; seed++) {
			byte[] body = new RandomJson(seed).body();
			Envelope envelope = scanOrNull(body);
			if (envelope != null) {
				assertEdit(seed, body, envelope, "new \"\\ud83d\\ude42\" \ud83d\ude42", false);
				assertEdit(seed, body, envelope, null, true);
				assertEdit(seed, body, envelope, "m", true);
			}
		}
	}

	private static void assertEdit(int seed, byte[] body, Envelope envelope, @Nullable String model, boolean usage) {
		byte[] original = body.clone();
		byte[] edited = envelope.edit(body, model, usage);
		assertThat(body).as("body of seed %d", seed).isEqualTo(original);
		ObjectNode expected = (ObjectNode) JACKSON.readTree(body);
		if (model != null) {
			expected.put("model", model);
		}
		if (usage) {
			ObjectNode options = expected.path("stream_options").isObject()
					? (ObjectNode) expected.get("stream_options") : expected.putObject("stream_options");
			options.put("include_usage", true);
		}
		assertThat(JACKSON.readTree(edited)).as("edited body of seed %d", seed).isEqualTo(expected);
		Envelope rescanned = EnvelopeScanner.scan(edited, JsonLimits.DEFAULT);
		assertThat(rescanned.model()).isEqualTo((model != null) ? model : envelope.model());
		assertThat(rescanned.includeUsage()).isEqualTo(usage || envelope.includeUsage());
		assertSameOutside(seed, body, envelope, edited, rescanned);
	}

	/** Cuts what may have been edited out of both and compares the rest. */
	private static void assertSameOutside(int seed, byte[] body, Envelope envelope, byte[] edited, Envelope rescanned) {
		String before = text(body);
		String after = text(edited);
		if (envelope.modelStart() >= 0 && envelope.streamOptionsStart() >= 0) {
			assertThat(without(edited, rescanned)).as("bytes of seed %d", seed).isEqualTo(without(body, envelope));
		}
		int head = envelope.objectStart();
		assertThat(after.substring(0, head)).isEqualTo(before.substring(0, head));
		byte[] tail = Arrays.copyOfRange(body,
				Math.max(head, Math.max(envelope.modelEnd(), envelope.streamOptionsEnd())), body.length);
		assertThat(Arrays.copyOfRange(edited, edited.length - tail.length, edited.length)).as("tail of seed %d", seed)
			.isEqualTo(tail);
	}

	private static String without(byte[] body, Envelope envelope) {
		byte[] blank = body.clone();
		int modelLength = envelope.modelEnd() - envelope.modelStart();
		int optionsLength = envelope.streamOptionsEnd() - envelope.streamOptionsStart();
		boolean modelFirst = envelope.modelStart() < envelope.streamOptionsStart();
		int first = modelFirst ? envelope.modelStart() : envelope.streamOptionsStart();
		int firstLength = modelFirst ? modelLength : optionsLength;
		int second = modelFirst ? envelope.streamOptionsStart() : envelope.modelStart();
		int secondLength = modelFirst ? optionsLength : modelLength;
		return new String(blank, 0, first, StandardCharsets.UTF_8) + '|'
				+ new String(blank, first + firstLength, second - first - firstLength, StandardCharsets.UTF_8) + '|'
				+ new String(blank, second + secondLength, blank.length - second - secondLength,
						StandardCharsets.UTF_8);
	}

	@Test
	void otherBodiesThanTheScannedOneAreRefused() {
		Envelope envelope = scan("{\"model\":\"a\"}");
		byte[] edited = envelope.spliceModel(bytes("{\"model\":\"a\"}"), "longer");
		assertThatIllegalArgumentException().isThrownBy(() -> envelope.spliceModel(edited, "b"));
		assertThatIllegalArgumentException().isThrownBy(() -> envelope.requestStreamUsage(new byte[0]));
		assertThatIllegalArgumentException().isThrownBy(() -> Envelope.none().spliceModel(new byte[0], "b"));
	}

	@Test
	void modelAndStreamMayComeFromElsewhere() {
		Envelope envelope = Envelope.none().withModel("whisper-1").withStream(true);
		assertThat(envelope.model()).isEqualTo("whisper-1");
		assertThat(envelope.stream()).isTrue();
		assertThat(new int[] { envelope.modelStart(), envelope.modelEnd(), envelope.objectStart(), envelope.maxTokens(),
				envelope.n() })
			.containsExactly(-1, -1, -1, -1, 1);
		assertThat(Envelope.none().model()).isNull();
		assertThat(Envelope.none().stream()).isFalse();
	}

	@Test
	void anotherModelLeavesTheOffsetsAsTheyAre() {
		String body = "{\"model\":\"alias\",\"stream\":true}";
		Envelope envelope = scan(body).withModel("gpt-5").withStream(false);
		assertThat(envelope.model()).isEqualTo("gpt-5");
		assertThat(envelope.stream()).isFalse();
		assertThat(text(envelope.spliceModel(bytes(body), "gpt-5"))).isEqualTo("{\"model\":\"gpt-5\",\"stream\":true}");
	}

	private static Envelope scan(String body) {
		return EnvelopeScanner.scan(bytes(body), JsonLimits.DEFAULT);
	}

	private static @Nullable Envelope scanOrNull(byte[] body) {
		try {
			return EnvelopeScanner.scan(body, JsonLimits.DEFAULT);
		}
		catch (MalformedJsonException ex) {
			return null;
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(byte[] body) {
		return new String(body, StandardCharsets.UTF_8);
	}

}
