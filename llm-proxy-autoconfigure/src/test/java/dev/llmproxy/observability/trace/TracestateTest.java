package dev.llmproxy.observability.trace;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.opentelemetry.api.trace.TraceState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TracestateTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			a=1               | a=1
			a=1,b=2           | a=1,b=2
			'a=1 ,\tb=2'      | a=1,b=2
			a=1,,b=2          | a=1,b=2
			foo-_*/9=x        | foo-_*/9=x
			1a@vendor=x y!~   | 1a@vendor=x y!~
			""")
	void keepsWhatIsWellFormed(String state, String kept) {
		assertThat(Tracestate.valid(state)).isEqualTo(kept);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ",", "a", "=1", "a=", "A=1", "1a=1", "a b=1", "a=1=2", "a=1,a=2", "ä=1", "a=ä",
			"a=\u0007", "@v=1", "a@=1", "a@1v=1", "a@b@c=1", "a@vendorvendorven=1", "_a=1", "a.b=1", "a =1" })
	void takesNothingElse(String state) {
		assertThat(Tracestate.valid(state)).isNull();
	}

	@Test
	void isBounded() {
		assertThat(Tracestate.valid(members(32))).isNotNull();
		assertThat(Tracestate.valid(members(33))).isNull();
		assertThat(Tracestate.valid("a=" + "x".repeat(256))).isNotNull();
		assertThat(Tracestate.valid("a=" + "x".repeat(257))).isNull();
		assertThat(Tracestate.valid("a".repeat(256) + "=1")).isNotNull();
		assertThat(Tracestate.valid("a".repeat(257) + "=1")).isNull();
		assertThat(Tracestate.valid("a=" + "x".repeat(255) + ",b=" + "x".repeat(254))).isNull();
	}

	@Test
	void keepsItsOrder() {
		TraceState state = Tracestate.parse("a=1,b=2,c=3");
		assertThat(state.asMap().keySet()).containsExactly("a", "b", "c");
		assertThat(Tracestate.parse(null)).isSameAs(TraceState.getDefault());
	}

	private static String members(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "k" + i + "=v").collect(Collectors.joining(","));
	}

}
