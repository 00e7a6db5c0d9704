package dev.llmproxy.routing;

import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.interleaving.Interleavings;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.Target;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** However threads interleave, a budget counts right. */
@Tag("interleaving")
class RetryBudgetInterleavingsTest {

	@Test
	void noTokenIsLostAndNoneIsMadeUp() {
		Interleavings.stress(Calls.class);
	}

	/** Calls that earn a token or cost one; there is room for all of them. */
	public static class Calls {

		private static final int MOST = 20;

		private final RetryBudget budget = new RetryBudget(1, 2 * MOST, () -> 0);

		private final Target target = Samples.target("a");

		private final Attempt first = new Attempt(Samples.request(Samples.chat("Hello").build()), this.target);

		private final Attempt retry = new Attempt(this.first.request(), this.target, 2, Attempt.Kind.RETRY, null,
				this.first.route());

		private final AttemptEnd success = AttemptEnd.of(this.first, new Outcome());

		private final AttemptEnd failure = AttemptEnd.failed(this.retry,
				LlmException.exchange(new LlmError(ErrorKind.UPSTREAM, "It failed.")));

		private final AttemptListener earning = this.budget.enter(this.first);

		private final AttemptListener paying = this.budget.enter(this.retry);

		private final AtomicInteger expected = new AtomicInteger(MOST);

		public Calls() {
			for (int i = 0; i < MOST; i++) {
				this.paying.ended(this.failure);
			}
		}

		@Operation
		public void succeeds() {
			this.earning.ended(this.success);
			this.expected.incrementAndGet();
		}

		@Operation
		public void retriesInVain() {
			this.paying.ended(this.failure);
			this.expected.decrementAndGet();
		}

		@Validate
		public void asManyTokensAreLeftAsThereShouldBe() {
			int left = 0;
			for (; this.budget.allows(this.target); left++) {
				this.paying.ended(this.failure);
			}
			if (left != this.expected.get()) {
				throw new IllegalStateException(left + " tokens are left instead of " + this.expected);
			}
		}

	}

}
