package dev.llmproxy.resilience;

/**
 * Hears of breakers that turn: meters, events. It is called on the thread that turned it,
 * which serves a call, so it is quick and never blocks. Thread-safe.
 */
@FunctionalInterface
public interface BreakerListener {

	/**
	 * A breaker turned.
	 * @param target the id of the target
	 * @param from the state it had: {@code closed}, {@code open}, {@code half_open},
	 * {@code forced_open}, {@code disabled} or {@code metrics_only}
	 * @param to the state it has, in the same words
	 */
	void turned(String target, String from, String to);

}
