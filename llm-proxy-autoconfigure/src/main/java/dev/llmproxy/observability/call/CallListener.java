package dev.llmproxy.observability.call;

import dev.llmproxy.gateway.LlmRequest;

/**
 * Hears of calls: a log, meters, events. It is called on the threads that serve the call,
 * so it is quick, never blocks and keeps no request. What it throws is logged and goes no
 * further. Thread-safe.
 */
public interface CallListener {

	/** A call came in. */
	default void began(LlmRequest request) {
	}

	/**
	 * The answer began.
	 * @param nanos since the call came in
	 */
	default void answered(LlmRequest request, long nanos) {
	}

	/** It is over; called once for every call that began. */
	default void ended(CallRecord call) {
	}

}
