package dev.llmproxy.observability.trace;

import dev.llmproxy.gateway.TraceContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TraceparentTest {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String SPAN = "b7ad6b7169203331";

	private static final String VALID = "00-" + TRACE + "-" + SPAN + "-01";

	@ParameterizedTest
	@CsvSource({ "00,false", "01,true", "02,false", "03,true", "fe,false", "ff,true" })
	void readsTheTraceAndWhetherItIsSampled(String flags, boolean sampled) {
		assertThat(Traceparent.read("00-" + TRACE + "-" + SPAN + "-" + flags, null))
			.isEqualTo(new TraceContext(TRACE, SPAN, sampled, null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "01-" + TRACE + "-" + SPAN + "-01", "cc-" + TRACE + "-" + SPAN + "-01-what-comes-then",
			"01-" + TRACE + "-" + SPAN + "-01-", "fe-" + TRACE + "-" + SPAN + "-01-." })
	void readsVersionsToCome(String header) {
		assertThat(Traceparent.read(header, null)).isEqualTo(new TraceContext(TRACE, SPAN, true, null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "00", "-", "00-" + TRACE, "00-" + TRACE + "-" + SPAN, "00-" + TRACE + "-" + SPAN + "-",
			"00-" + TRACE + "-" + SPAN + "-0", "00-" + TRACE + "-" + SPAN + "-011", "00-" + TRACE + "-" + SPAN + "-01-",
			"00-" + TRACE + "-" + SPAN + "-01-more", "01-" + TRACE + "-" + SPAN + "-01more",
			"ff-" + TRACE + "-" + SPAN + "-01", "ff-" + TRACE + "-" + SPAN + "-01-more",
			"0-" + TRACE + "-" + SPAN + "-001", "000" + TRACE + "-" + SPAN + "-01", "00-" + TRACE + "0" + SPAN + "-01",
			"00-" + TRACE + "-" + SPAN + "001", "00_" + TRACE + "_" + SPAN + "_01", ".0-" + TRACE + "-" + SPAN + "-01",
			"0A-" + TRACE + "-" + SPAN + "-01", "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01",
			"00-" + TRACE + "-B7AD6B7169203331-01", "00-" + TRACE + "-" + SPAN + "-0A",
			"00-0af7651916cd43dd8448eb211c80319g-" + SPAN + "-01", "00-" + TRACE + "-b7ad6b716920333 -01",
			"00-" + TRACE + "-" + SPAN + "-0.", "00-" + TRACE + "-" + SPAN + "--1",
			"00-00000000000000000000000000000000-" + SPAN + "-01", "00-" + TRACE + "-0000000000000000-01",
			"00-0af7651916cd43dd8448eb211c80319-" + SPAN + "-01", "00-" + TRACE + "0-" + SPAN + "-01",
			"00-" + TRACE + "-b7ad6b716920333-01", "00-" + TRACE + "-" + SPAN + "0-01", " " + VALID, VALID + " ",
			"00-\u0660af7651916cd43dd8448eb211c80319c-" + SPAN + "-01", "\u066000" + VALID, VALID + "," + VALID,
			"00-" + TRACE + "-" + SPAN + "-\u0661\u0661" })
	void ignoresWhatIsMalformed(String header) {
		assertThat(Traceparent.read(header, "a=b")).isNull();
	}

	@Test
	void saysWhatItReads() {
		TraceContext place = Traceparent.read(VALID, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
		assertThat(place).isNotNull();
		assertThat(place.traceparent()).isEqualTo(VALID);
		assertThat(place.state()).isEqualTo("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
	}

	@Test
	void leavesOutAStateThatIsMalformed() {
		TraceContext place = Traceparent.read(VALID, "no state");
		assertThat(place).isEqualTo(new TraceContext(TRACE, SPAN, true, null));
	}

}
