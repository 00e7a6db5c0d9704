package dev.llmproxy.provider.simulator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Cutting text into tokens. */
class TokensTest {

	@Test
	void aTokenIsSixLettersOrOneSignWithTheSpaceBefore() {
		assertThat(Tokens.of("Hello,  wonderful world!")).containsExactly("Hello", ",", "  wonder", "ful", " world",
				"!");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a", "a ", "\n\na b\n", "größer als 10 €?", "\uD83D\uDE00\uD83D\uDE00 x",
			"ab\uD835\uDC00\uD835\uDC01cdefgh", "日本語のテキスト" })
	void joinedTheyAreTheText(String text) {
		assertThat(String.join("", Tokens.of(text))).isEqualTo(text);
		assertThat(Tokens.count(text)).isEqualTo(Tokens.of(text).size());
		assertThat(Tokens.of(text)).allSatisfy((token) -> {
			assertThat(Character.isLowSurrogate(token.charAt(0))).isFalse();
			assertThat(Character.isHighSurrogate(token.charAt(token.length() - 1))).isFalse();
		});
		for (int i = 0; i <= Tokens.count(text) + 1; i++) {
			assertThat(Tokens.first(text, i))
				.isEqualTo(String.join("", Tokens.of(text).subList(0, Math.min(i, Tokens.count(text)))));
		}
	}

}
