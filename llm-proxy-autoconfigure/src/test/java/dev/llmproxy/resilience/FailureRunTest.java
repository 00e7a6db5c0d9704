package dev.llmproxy.resilience;

import dev.llmproxy.resilience.FailureRun.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class FailureRunTest {

	private static final long NOW = Long.MAX_VALUE - 10;

	private static final long LATER = NOW + 100;

	private static final long MUCH_LATER = NOW + 1_000;

	@ParameterizedTest
	@ValueSource(ints = { 0, 2, 3, 10 })
	void oneFailureIsEnoughAfterAWarning(int enough) {
		FailureRun run = new FailureRun(enough);
		run.warn(LATER);
		assertThat(run.failed(NOW)).isEqualTo(Verdict.ENOUGH_AS_WARNED);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 2, 3, 10 })
	void aSuccessIsWorthMoreThanAWarning(int enough) {
		FailureRun run = new FailureRun(enough);
		run.warn(LATER);
		run.succeeded();
		assertThat(run.failed(NOW)).isEqualTo(Verdict.GO_ON);
	}

	@Test
	void aWarningIsOverInTimeAndWhatWasCountedBeforeStaysCounted() {
		FailureRun run = new FailureRun(4);
		assertThat(run.failed(NOW)).isEqualTo(Verdict.GO_ON);
		run.warn(LATER);
		assertThat(run.failed(MUCH_LATER)).isEqualTo(Verdict.GO_ON);
		assertThat(run.failed(MUCH_LATER)).isEqualTo(Verdict.GO_ON);
		assertThat(run.failed(MUCH_LATER)).isEqualTo(Verdict.ENOUGH);
	}

	@Test
	void aSecondWarningMakesTheFirstLongerAndNotShorter() {
		FailureRun run = new FailureRun(4);
		run.warn(NOW + 10);
		run.warn(LATER);
		run.warn(NOW + 5);
		assertThat(run.failed(NOW + 50)).isEqualTo(Verdict.ENOUGH_AS_WARNED);
	}

	@Test
	void whatWasSeenHereNeedsNoWarning() {
		FailureRun run = new FailureRun(2);
		run.failed(NOW);
		run.warn(LATER);
		assertThat(run.failed(NOW)).isEqualTo(Verdict.ENOUGH);
		FailureRun strict = new FailureRun(1);
		strict.warn(LATER);
		assertThat(strict.failed(MUCH_LATER)).isEqualTo(Verdict.ENOUGH);
	}

	@Test
	void noNumberIsEnoughWhereNoneIsConfigured() {
		FailureRun run = new FailureRun(0);
		for (int i = 0; i < 100; i++) {
			assertThat(run.failed(NOW)).isEqualTo(Verdict.GO_ON);
		}
	}

}
