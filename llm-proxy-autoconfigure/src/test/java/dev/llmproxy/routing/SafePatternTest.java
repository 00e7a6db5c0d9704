package dev.llmproxy.routing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Regular expressions that callers may try what they like on. */
class SafePatternTest {

	/** Exponential, or of a high power, with an engine that tracks back. */
	@ParameterizedTest
	@ValueSource(strings = { "^(a+)+$", "^(a|aa)+$", "^(a|a)*$", "(.*)*x$", "^([a-z]+)*!$", "(a?){30}a{30}b",
			"a*a*a*a*a*a*a*a*b", "^(([a-z])+.)+[A-Z]([a-z])+$" })
	void takeLinearTime(String regex) {
		SafePattern pattern = SafePattern.compile(regex);
		String hostile = "a".repeat(SafePattern.LONGEST_VALUE - 1) + "?";
		assertThat(pattern.isFoundIn(hostile)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "((a{1000}){1000}){100}", "(a{100}){100}", "(a{1,40}){40}", "a{1001}" })
	void areRefusedBeforeTheyEatMemory(String regex) {
		assertThatIllegalArgumentException().isThrownBy(() -> SafePattern.compile(regex));
	}

	@Test
	void areRefusedWhenTheyAreLong() {
		assertThatIllegalArgumentException().isThrownBy(() -> SafePattern.compile("a".repeat(501)))
			.withMessageContaining("too large")
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(200));
	}

	@Test
	void doNotMatchAPartOfWhatIsLonger() {
		SafePattern pattern = SafePattern.compile("a$");
		assertThat(pattern.isFoundIn("a".repeat(SafePattern.LONGEST_VALUE))).isTrue();
		assertThat(pattern.isFoundIn("a".repeat(SafePattern.LONGEST_VALUE + 1))).isFalse();
	}

}
