package dev.llmproxy.provider;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;

/**
 * Tells failures of a target from failures of a request. Only the former say anything
 * about how well the target is.
 */
public final class TargetFault {

	private TargetFault() {
	}

	/** Whether the target is to blame for this end. */
	public static boolean isOf(AttemptEnd end) {
		return switch (end.kind()) {
			case FAILED -> {
				LlmError error = end.error();
				yield error != null && isOf(error.kind()) && !(end.failure() != null && end.failure().ownRefusal());
			}
			case BROKEN -> true;
			case SUCCEEDED, CANCELLED, REFUSED -> false;
		};
	}

	/** Whether errors of this kind are the target's fault and not the request's. */
	public static boolean isOf(ErrorKind kind) {
		return switch (kind) {
			case UPSTREAM, UPSTREAM_AUTHENTICATION, OVERLOADED, TIMEOUT, RATE_LIMIT -> true;
			default -> false;
		};
	}

}
