package dev.llmproxy.resilience;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.TargetFault;

/** Given for one attempt, and settled once. */
final class BreakerPermission implements AttemptListener {

	private final BreakerGate.TargetBreaker breaker;

	private final long start;

	private volatile boolean settled;

	BreakerPermission(BreakerGate.TargetBreaker breaker) {
		this.breaker = breaker;
		this.start = breaker.breaker().getCurrentTimestamp();
	}

	@Override
	public void head(LlmResponse response) {
		this.settled = true;
		this.breaker.succeeded(elapsed());
	}

	private long elapsed() {
		return Math.max(0, this.breaker.breaker().getCurrentTimestamp() - this.start);
	}

	@Override
	public void ended(AttemptEnd end) {
		boolean fault = counts(end);
		if (fault) {
			LlmError error = end.error();
			this.breaker.failed(elapsed(), new LlmException(
					(error != null) ? error : new LlmError(ErrorKind.UPSTREAM, "The answer broke off.")));
		}
		else if (!this.settled) {
			this.breaker.breaker().releasePermission();
		}
	}

	private static boolean counts(AttemptEnd end) {
		LlmError error = end.error();
		return TargetFault.isOf(end) && (error == null
				|| (error.kind() != ErrorKind.RATE_LIMIT && error.kind() != ErrorKind.UPSTREAM_AUTHENTICATION));
	}

}
