package dev.llmproxy.cache.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

import dev.llmproxy.cache.KeptAnswer;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Framing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class AnswerFormatTest {

	private final AnswerFormat format = new AnswerFormat(1000, 100_000);

	private static KeptAnswer answer(int length) {
		return new KeptAnswer("key:a", "m", Dialect.ANTHROPIC, Framing.SSE, "text/event-stream", "top_k",
				List.of("data: ".repeat(length / 12).getBytes(StandardCharsets.UTF_8), new byte[length / 2]),
				Instant.ofEpochMilli(1234), Duration.ofSeconds(5), Duration.ofSeconds(2));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 100, 50_000 })
	void readsWhatItWrote(int length) {
		KeptAnswer written = answer(length);
		byte[] bytes = this.format.write(written);
		KeptAnswer read = this.format.read(bytes);
		assertThat(read).usingRecursiveComparison().isEqualTo(written);
		assertThat(AnswerFormat.owner(bytes)).containsExactly("key:a", "m");
		if (length > 10_000) {
			assertThat(bytes.length).isLessThan(length / 10);
		}
	}

	@Test
	void refusesEveryDamage() {
		byte[] good = this.format.write(answer(2000));
		Random random = new Random(1);
		for (int i = 0; i < good.length; i++) {
			byte[] bad = good.clone();
			bad[i] ^= (byte) (1 << random.nextInt(8));
			assertThat(this.format.read(bad)).as("byte " + i).isNull();
		}
		for (int length = 0; length < good.length; length++) {
			assertThat(this.format.read(java.util.Arrays.copyOf(good, length))).isNull();
		}
	}

	@Test
	void refusesWhatIsLongerThanAnAnswerMayBe() {
		byte[] long1 = new AnswerFormat(0, 1_000_000).write(answer(400_000));
		assertThat(this.format.read(long1)).isNull();
	}

	@Test
	void doesNotMistakeOtherThingsForAnswers() {
		Random random = new Random(2);
		for (int i = 0; i < 1000; i++) {
			byte[] bytes = new byte[random.nextInt(200)];
			random.nextBytes(bytes);
			assertThat(this.format.read(bytes)).isNull();
		}
		assertThat(AnswerFormat.owner("{\"a\":1}".getBytes(StandardCharsets.UTF_8))).isNull();
	}

}
