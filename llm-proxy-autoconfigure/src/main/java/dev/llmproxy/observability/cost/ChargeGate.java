package dev.llmproxy.observability.cost;

import java.time.InstantSource;
import java.util.List;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.Listeners;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.GateOrder;
import org.jspecify.annotations.Nullable;

/**
 * Says of every attempt what it costs, once: to the trail of its request, and to whoever
 * listens. Copies that are mirrored are paid for too, but not by the call they are copies
 * of. Refuses nobody. Thread-safe.
 */
public final class ChargeGate implements AttemptGate {

	private final Pricing pricing;

	private final Listeners<ChargeListener> listeners;

	private final InstantSource clock;

	public ChargeGate(Pricing pricing, List<? extends ChargeListener> listeners, InstantSource clock) {
		this.pricing = pricing;
		this.listeners = new Listeners<>(listeners);
		this.clock = clock;
	}

	@Override
	public AttemptListener enter(Attempt attempt) {
		return (end) -> ended(attempt, end);
	}

	@Override
	public int getOrder() {
		return GateOrder.OBSERVATION.order();
	}

	private void ended(Attempt attempt, AttemptEnd end) {
		Usage usage = end.usage();
		if (usage == null) {
			return;
		}
		Long cost = this.pricing.cost(attempt.target(), usage);
		boolean first = attempt.kind() != Attempt.Kind.MIRROR
				&& attempt.request().trail().charged(cost, usage.estimated());
		if (!this.listeners.isEmpty()) {
			Charge charge = charge(attempt, usage, cost, first);
			this.listeners.tell((listener) -> listener.charged(charge));
		}
	}

	private Charge charge(Attempt attempt, Usage usage, @Nullable Long cost, boolean first) {
		LlmRequest request = attempt.request();
		return new Charge(request.id(), attempt.number(), attempt.kind(), this.clock.instant(), request.caller(),
				request.operation(), attempt.route(), attempt.target().provider().name(),
				attempt.target().provider().vendor(), attempt.target().id(), attempt.target().model(), usage, cost,
				first);
	}

}
