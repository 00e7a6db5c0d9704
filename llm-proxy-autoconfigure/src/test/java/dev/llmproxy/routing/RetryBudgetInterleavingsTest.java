package dev.llmproxy.routing;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.interleaving.Interleavings;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.Target;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** However threads interleave, a budget is neither overdrawn nor overfilled. */
class RetryBudgetInterleavingsTest {

	@Test
	void tokensAreCountedAsIfOneCallEndedAfterTheOther() {
		Interleavings.stress(Calls.class);
	}

	/** Calls that earn a token or cost one, of two at most. */
	public static class Calls {

		private final RetryBudget budget = new RetryBudget(1, 2, () -> 0);

		private final Target target = Samples.target("a");

		private final Attempt first = new Attempt(Samples.request(Samples.chat("Hello").build()), this.target);

		private final Attempt retry = new Attempt(this.first.request(), this.target, 2, Attempt.Kind.RETRY, null);

		@Operation
		public boolean allows() {
			return this.budget.allows(this.target);
		}

		@Operation
		public void succeeds() {
			this.budget.enter(this.first).ended(AttemptEnd.of(this.first, new Outcome()));
		}

		@Operation
		public void retriesInVain() {
			this.budget.enter(this.retry)
				.ended(AttemptEnd.failed(this.retry,
						LlmException.exchange(new LlmError(ErrorKind.UPSTREAM, "It failed."))));
		}

	}

}
