package dev.llmproxy.resilience;

import java.time.Duration;

import dev.llmproxy.provider.Target;

/**
 * Hears of targets that have to rest, or for noticeably longer than was known. It is
 * called on the thread that heard of the refusal, which serves a call, so it is quick,
 * never blocks and does not fail. Thread-safe.
 */
@FunctionalInterface
public interface RestListener {

	/**
	 * A target rests.
	 * @param length from now
	 * @param known whether the provider said so; otherwise it is a guess
	 */
	void rests(Target target, Duration length, boolean known);

}
