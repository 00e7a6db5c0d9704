package dev.llmproxy.event.webhook;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BackoffTest {

	private static final Duration FIRST = Duration.ofSeconds(1);

	private static final Duration LONGEST = Duration.ofMinutes(1);

	@Test
	void doublesUpToTheLongest() {
		Backoff slow = new Backoff(FIRST, LONGEST, () -> 1);
		assertThat(slow.after(1, null)).hasSeconds(1);
		assertThat(slow.after(2, null)).hasSeconds(2);
		assertThat(slow.after(5, null)).hasSeconds(16);
		assertThat(slow.after(7, null)).hasSeconds(60);
		assertThat(slow.after(2000, null)).hasSeconds(60);
	}

	@Test
	void variesByHalf() {
		assertThat(new Backoff(FIRST, LONGEST, () -> 0).after(2, null)).hasSeconds(1);
		assertThat(new Backoff(FIRST, LONGEST, () -> 0.5).after(2, null)).hasMillis(1500);
	}

	@Test
	void grantsWhatTheOtherSideAsksForUpToTheLongest() {
		Backoff slow = new Backoff(FIRST, LONGEST, () -> 1);
		assertThat(slow.after(1, Duration.ofSeconds(20))).hasSeconds(20);
		assertThat(slow.after(1, Duration.ofHours(1))).hasSeconds(60);
		assertThat(slow.after(3, Duration.ofSeconds(1))).hasSeconds(4);
	}

}
