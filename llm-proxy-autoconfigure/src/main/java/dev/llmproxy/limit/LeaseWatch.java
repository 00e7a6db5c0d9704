package dev.llmproxy.limit;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.AnswerWatch;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.provider.UsageSettlement;
import org.jspecify.annotations.Nullable;

/** Settles what was set aside for a call on what it was charged. */
class LeaseWatch extends AnswerWatch {

	private final LlmRequest request;

	private final Lease lease;

	LeaseWatch(LlmRequest request, Lease lease) {
		this.request = request;
		this.lease = lease;
	}

	@Override
	protected void failed(Throwable failure) {
		this.lease.settle(0);
	}

	@Override
	protected void cancelled(@Nullable Outcome outcome) {
		settle(outcome);
	}

	@Override
	protected void ended(Outcome outcome) {
		settle(outcome);
	}

	private void settle(@Nullable Outcome outcome) {
		Usage usage = UsageSettlement.of(this.request, outcome);
		this.lease.settle((usage != null) ? usage.inputTokens() + usage.outputTokens() : 0);
	}

}
