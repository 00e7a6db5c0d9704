package dev.llmproxy.provider.token;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.llmproxy.provider.TextEstimate;
import dev.llmproxy.provider.Vocabulary;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How far estimates are off where the tokens can be counted. The numbers are those of
 * {@code src-docs/models.md}.
 */
@Tag("once")
class EstimateErrorTest {

	private static final List<String> TEXTS = List.of("english", "markdown", "java", "python", "json", "log", "html",
			"german", "french", "spanish", "polish", "russian", "chinese", "japanese", "korean", "greek-arabic-hindi",
			"emoji", "numbers", "base64", "hex");

	@Test
	void ofTheLargeVocabulary() throws IOException {
		check(EncodingType.O200K_BASE, Vocabulary.LARGE);
	}

	@Test
	void ofTheMediumVocabulary() throws IOException {
		check(EncodingType.CL100K_BASE, Vocabulary.MEDIUM);
	}

	private static void check(EncodingType type, Vocabulary vocabulary) throws IOException {
		Encoding encoding = JtokkitCounters.REGISTRY.getEncoding(type);
		TextEstimate estimate = new TextEstimate(vocabulary);
		List<String> table = new ArrayList<>();
		long counted = 0;
		long estimated = 0;
		double sum = 0;
		for (String name : TEXTS) {
			String text = text(name);
			int exact = encoding.countTokensOrdinary(text);
			long guess = estimate.count(text);
			double error = 100.0 * (guess - exact) / exact;
			table.add("%-20s %6d %6d %+6.1f %%".formatted(name, exact, guess, error));
			counted += exact;
			estimated += guess;
			sum += Math.abs(error);
			assertThat(error).as(type + " of " + name).isBetween(-15.0, 15.0);
		}
		System.out.println(type.getName() + System.lineSeparator() + String.join(System.lineSeparator(), table));
		assertThat(sum / TEXTS.size()).as("the mean error").isLessThan(6);
		assertThat(100.0 * (estimated - counted) / counted).as("the error of all").isBetween(-5.0, 5.0);
	}

	static String text(String name) throws IOException {
		try (InputStream file = EstimateErrorTest.class.getResourceAsStream("/tokens/" + name + ".txt")) {
			return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
