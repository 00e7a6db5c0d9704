package dev.llmproxy.provider;

import dev.llmproxy.gateway.AnswerWatch;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Outcome;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * An attempt behind its gates. They are passed when somebody subscribes, and told of the
 * end once: a failure instead of a head, or the end of the body that came with it.
 */
final class GatedAttempt extends Mono<LlmResponse> {

	private final Attempt attempt;

	private final AttemptGate[] gates;

	private final AttemptHandler next;

	GatedAttempt(Attempt attempt, AttemptGate[] gates, AttemptHandler next) {
		this.attempt = attempt;
		this.gates = gates;
		this.next = next;
	}

	@Override
	public void subscribe(CoreSubscriber<? super LlmResponse> actual) {
		AttemptListener[] listeners = new AttemptListener[this.gates.length];
		int entered = 0;
		try {
			for (; entered < listeners.length; entered++) {
				listeners[entered] = this.gates[entered].enter(this.attempt);
			}
		}
		catch (RuntimeException ex) {
			AttemptEnd end = AttemptEnd.refused(this.attempt, LlmException.known(ex));
			for (int i = 0; i < entered; i++) {
				listeners[i].ended(end);
			}
			Operators.error(actual, ex);
			return;
		}
		new Ending(this.attempt, listeners).subscribe(this.next.execute(this.attempt), actual);
	}

	/** Tells all listeners. */
	private static final class Ending extends AnswerWatch {

		private final Attempt attempt;

		private final AttemptListener[] listeners;

		Ending(Attempt attempt, AttemptListener[] listeners) {
			this.attempt = attempt;
			this.listeners = listeners;
		}

		@Override
		protected LlmResponse begun(LlmResponse response) {
			for (AttemptListener listener : this.listeners) {
				listener.head(response);
			}
			return response;
		}

		@Override
		protected void failed(Throwable failure) {
			tell(AttemptEnd.failed(this.attempt, LlmException.known(failure)));
		}

		@Override
		protected void cancelled(@Nullable Outcome outcome) {
			tell(AttemptEnd.cancelled(this.attempt, outcome));
		}

		@Override
		protected void ended(Outcome outcome) {
			tell(AttemptEnd.of(this.attempt, outcome));
		}

		private void tell(AttemptEnd end) {
			for (AttemptListener listener : this.listeners) {
				listener.ended(end);
			}
		}

	}

}
