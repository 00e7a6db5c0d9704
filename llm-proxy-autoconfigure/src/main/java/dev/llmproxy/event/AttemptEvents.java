package dev.llmproxy.event;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.LlmError;
import dev.llmproxy.event.GatewayEvent.AttemptFailed;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.GateOrder;

/**
 * Makes events of attempts that fail, or whose answers break off. Attempts that are
 * refused before a target was called are none. Refuses nobody. Thread-safe.
 */
public final class AttemptEvents implements AttemptGate {

	private final EventBus bus;

	private final InstantSource clock;

	public AttemptEvents(EventBus bus, InstantSource clock) {
		this.bus = bus;
		this.clock = clock;
	}

	@Override
	public AttemptListener enter(Attempt attempt) {
		if (!this.bus.wanted(EventType.ATTEMPT_FAILED)) {
			return AttemptListener.NONE;
		}
		long start = System.nanoTime();
		return (end) -> ended(attempt, start, end);
	}

	@Override
	public int getOrder() {
		return GateOrder.OBSERVATION.order();
	}

	private void ended(Attempt attempt, long start, AttemptEnd end) {
		boolean broken = end.kind() == AttemptEnd.Kind.BROKEN;
		if (!broken
				&& (end.kind() != AttemptEnd.Kind.FAILED || (end.failure() != null && end.failure().ownRefusal()))) {
			return;
		}
		LlmError error = end.error();
		this.bus.publish(new AttemptFailed(this.clock.instant(), attempt.request().id(), attempt.number(),
				attempt.kind().label(), Names.cut(attempt.route()), attempt.target().provider().name(),
				Names.cut(attempt.target().id()), Names.cut(attempt.target().model()), end.kind().label(),
				Names.kind(error), (error != null) ? Integer.valueOf(error.kind().status()) : null,
				TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
	}

}
