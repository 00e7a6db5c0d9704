package dev.llmproxy.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The scanner compared with Jackson on random bodies: what the scanner accepts Jackson
 * accepts, with the same values; what Jackson accepts the scanner accepts, unless it is
 * one of the scanner's own rules, which are told here a second time and in another way.
 */
class EnvelopeScannerDifferentialTest {

	private static final JsonMapper JACKSON = new JsonMapper(JsonFactory.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).maxNumberLength(1_000).build())
		.build());

	private static final Pattern HUGE_EXPONENT = Pattern
		.compile(".*[eE][+-]?0*(40[1-9]|4[1-9]\\d|[5-9]\\d\\d|\\d{4,})");

	/** Why the scanner may refuse what Jackson accepts. */
	private enum Rule {

		NONE, UTF8, BYTE_ORDER_MARK, SURROGATE, NUMBER, FIELD, ROOT

	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 6 })
	void agreesWithJacksonOnWellFormedBodies(int part) {
		int accepted = 0;
		for (int i = 0; i < 3_000; i++) {
			long seed = part * 1_000_000L + i;
			byte[] body = new RandomJson(seed).body();
			JsonNode tree = JACKSON.readTree(body);
			Envelope envelope = scan(body);
			boolean expected = areFieldsValid(tree) && ownRule(body) == Rule.NONE;
			assertThat(envelope != null).as("seed %d accepted", seed).isEqualTo(expected);
			if (envelope != null) {
				accepted++;
				assertSame(seed, body, envelope, tree);
			}
		}
		assertThat(accepted).as("enough bodies to compare values").isGreaterThan(2_000);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 6 })
	void agreesWithJacksonOnMutants(int part) {
		int accepted = 0;
		Map<Rule, Integer> rules = new EnumMap<>(Rule.class);
		for (int i = 0; i < 4_000; i++) {
			long seed = 100_000_000L + part * 1_000_000L + i;
			RandomJson random = new RandomJson(seed);
			byte[] body = random.mutant(random.body());
			JsonNode tree = jackson(body);
			Envelope envelope = scan(body);
			if (envelope != null) {
				accepted++;
				assertThat(tree).as("seed %d accepted by Jackson", seed).isNotNull();
				assertThat(ownRule(body)).as("seed %d", seed).isEqualTo(Rule.NONE);
				assertSame(seed, body, envelope, tree);
			}
			else if (tree != null) {
				Rule rule = ownRule(body);
				assertThat(rule).as("seed %d refused without a reason", seed).isNotEqualTo(Rule.NONE);
				rules.merge(rule, 1, Integer::sum);
			}
		}
		assertThat(accepted).as("enough mutants to compare values").isBetween(300, 3_700);
		assertThat(rules.keySet()).as("own rules met").contains(Rule.UTF8, Rule.SURROGATE, Rule.NUMBER, Rule.FIELD);
	}

	private static @Nullable Envelope scan(byte[] body) {
		try {
			return EnvelopeScanner.scan(body, JsonLimits.DEFAULT);
		}
		catch (MalformedJsonException ex) {
			return null;
		}
	}

	private static @Nullable JsonNode jackson(byte[] body) {
		try {
			JsonNode tree = JACKSON.readTree(body);
			return tree.isMissingNode() ? null : tree;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	private static Rule ownRule(byte[] body) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
		}
		catch (CharacterCodingException ex) {
			return Rule.UTF8;
		}
		if (body.length >= 3 && Arrays.equals(body, 0, 3, new byte[] { (byte) 0xEF, (byte) 0xBB, (byte) 0xBF }, 0, 3)) {
			return Rule.BYTE_ORDER_MARK;
		}
		try (JsonParser parser = JACKSON.createParser(body)) {
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				if ((token == JsonToken.PROPERTY_NAME || token == JsonToken.VALUE_STRING)
						&& !StandardCharsets.UTF_8.newEncoder().canEncode(parser.getString())) {
					return Rule.SURROGATE;
				}
				if (token == JsonToken.VALUE_NUMBER_FLOAT && HUGE_EXPONENT.matcher(parser.getString()).matches()) {
					return Rule.NUMBER;
				}
			}
		}
		JsonNode tree = JACKSON.readTree(body);
		return !tree.isObject() ? Rule.ROOT : areFieldsValid(tree) ? Rule.NONE : Rule.FIELD;
	}

	private static boolean areFieldsValid(JsonNode tree) {
		JsonNode options = tree.path("stream_options");
		return (tree.path("model").isMissingNode() || tree.path("model").isString())
				&& (isAbsent(tree.path("user")) || tree.path("user").isString())
				&& (isAbsent(tree.path("stream")) || tree.path("stream").isBoolean())
				&& (isAbsent(options) || options.isObject())
				&& (isAbsent(options.path("include_usage")) || options.path("include_usage").isBoolean())
				&& isAbsentOrBetween(tree.path("n"), 1, 128)
				&& isAbsentOrBetween(tree.path("max_tokens"), 0, Integer.MAX_VALUE)
				&& isAbsentOrBetween(tree.path("max_completion_tokens"), 0, Integer.MAX_VALUE)
				&& isAbsentOrBetween(tree.path("max_output_tokens"), 0, Integer.MAX_VALUE);
	}

	private static boolean isAbsent(JsonNode node) {
		return node.isMissingNode() || node.isNull();
	}

	private static boolean isAbsentOrBetween(JsonNode node, int least, int most) {
		return isAbsent(node) || node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= least
				&& node.intValue() <= most;
	}

	private static void assertSame(long seed, byte[] body, Envelope envelope, JsonNode tree) {
		JsonNode model = tree.path("model");
		JsonNode options = tree.path("stream_options");
		assertThat(envelope.model()).as("model of seed %d", seed).isEqualTo(model.asString(null));
		assertThat(envelope.user()).as("user of seed %d", seed).isEqualTo(tree.path("user").asString(null));
		assertThat(envelope.stream()).as("stream of seed %d", seed).isEqualTo(tree.path("stream").asBoolean(false));
		assertThat(envelope.n()).as("n of seed %d", seed).isEqualTo(tree.path("n").asInt(1));
		assertThat(envelope.maxTokens()).as("token limit of seed %d", seed)
			.isEqualTo(Math.max(tree.path("max_tokens").asInt(-1),
					Math.max(tree.path("max_completion_tokens").asInt(-1), tree.path("max_output_tokens").asInt(-1))));
		assertThat(envelope.includeUsage()).as("include_usage of seed %d", seed)
			.isEqualTo(options.path("include_usage").asBoolean(false));
		assertThat(envelope.empty()).as("emptiness of seed %d", seed).isEqualTo(tree.isEmpty());
		assertThat(body[envelope.objectStart() - 1]).isEqualTo((byte) '{');
		assertToken(seed, body, envelope.modelStart(), envelope.modelEnd(), model);
		assertToken(seed, body, envelope.streamOptionsStart(), envelope.streamOptionsEnd(), options);
	}

	private static void assertToken(long seed, byte[] body, int start, int end, JsonNode value) {
		if (value.isMissingNode()) {
			assertThat(new int[] { start, end }).as("offsets of seed %d", seed).containsExactly(-1, -1);
			return;
		}
		byte[] token = Arrays.copyOfRange(body, start, end);
		assertThat(JACKSON.readTree(token)).as("token of seed %d", seed).isEqualTo(value);
		assertThat(new String(token, StandardCharsets.UTF_8)).as("token of seed %d", seed)
			.isEqualTo(new String(token, StandardCharsets.UTF_8).strip());
	}

}
