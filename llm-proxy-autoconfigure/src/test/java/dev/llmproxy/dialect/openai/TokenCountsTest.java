package dev.llmproxy.dialect.openai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import dev.llmproxy.dialect.JsonBytes;
import dev.llmproxy.dialect.openai.TokenCounts.Count;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class TokenCountsTest {

	private static final String[] NAMES = { "prompt_tokens", "completion_tokens", "total_tokens",
			"prompt_cache_hit_tokens", "cache_creation_input_tokens", "prompt_tokens_details",
			"completion_tokens_details", "cached_tokens", "cache_write_tokens", "audio_tokens", "reasoning_tokens",
			"prompt", "prompt_tokens_", "cost", "überall", "" };

	private static final String[] VALUES = { "0", "7", "1234567", "999999999999999", "null", "\"standard\"", "\"\"",
			"\"{}\"", "{}" };

	/** Each of these is left to Jackson. */
	private static final String[] STRANGE = { "1.5", "1e3", "-4", "true", "[1]", "\"a\\\"b\"", "1234567890123456",
			"{\"deep\":{\"er\":{}}}", "1.5" };

	private static final String[] SPACES = { "", "", " ", "\n\t", "\r\n  " };

	@Test
	void readsWhatJacksonReads() {
		Random random = new Random(20_260_801);
		for (int i = 0; i < 20_000; i++) {
			String json = object(random, 0, VALUES);
			ByteBuffer bytes = bytes("x" + json + ",\"more\":1}");
			TokenCounts scanned = TokenCounts.scan(bytes, 1, bytes.limit());
			assertThat(scanned).as(json).isNotNull();
			assertThat(numbers(scanned)).as(json).isEqualTo(numbers(TokenCounts.of(tree(json))));
		}
	}

	@Test
	void takesNothingThatIsStrangeForKnown() {
		Random random = new Random(7);
		int known = 0;
		for (int i = 0; i < 20_000; i++) {
			String json = object(random, 0, STRANGE);
			ByteBuffer bytes = bytes(json);
			TokenCounts scanned = TokenCounts.scan(bytes, 0, bytes.limit());
			if (scanned != null) {
				known++;
				assertThat(numbers(scanned)).as(json).isEqualTo(numbers(TokenCounts.of(tree(json))));
			}
		}
		assertThat(known).isLessThan(10_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{", "{\"prompt_tokens\"", "{\"prompt_tokens\":", "{\"prompt_tokens\":1",
			"{\"prompt_tokens\":1,", "{\"prompt_tokens\":1,}", "{\"prompt_tokens\":01}", "{\"prompt_tokens\":1 2}",
			"{prompt_tokens:1}", "{\"prompt_tokens\":nul}", "{\"a\nb\":1}",
			"{\"prompt_tokens\":1,\"prompt_tokens\":2}" })
	void leavesWhatIsNoJsonToJackson(String json) {
		ByteBuffer bytes = bytes(json);
		assertThat(TokenCounts.scan(bytes, 0, bytes.limit())).isNull();
	}

	private static String object(Random random, int depth, String[] values) {
		List<String> names = new ArrayList<>(List.of(NAMES));
		Collections.shuffle(names, random);
		StringBuilder json = new StringBuilder("{").append(space(random));
		int members = random.nextInt(6);
		for (int i = 0; i < members; i++) {
			String name = names.get(i);
			boolean nested = depth == 0 && (name.endsWith("details") ? random.nextInt(4) > 0 : random.nextInt(9) == 0);
			json.append((i > 0) ? "," : "").append(space(random)).append('"').append(name).append('"');
			json.append(space(random)).append(':').append(space(random));
			json.append(nested ? object(random, 1, values) : values[random.nextInt(values.length - depth)])
				.append(space(random));
		}
		return json.append('}').toString();
	}

	private static String space(Random random) {
		return SPACES[random.nextInt(SPACES.length)];
	}

	private static List<Long> numbers(TokenCounts counts) {
		List<Long> numbers = new ArrayList<>();
		for (Count count : Count.values()) {
			numbers.add(counts.get(count));
		}
		return numbers;
	}

	private static JsonNode tree(String json) {
		JsonNode tree = JsonBytes.read(bytes(json), 0, bytes(json).limit());
		assertThat(tree).as(json).isNotNull();
		return tree;
	}

	private static ByteBuffer bytes(String json) {
		return ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8));
	}

}
