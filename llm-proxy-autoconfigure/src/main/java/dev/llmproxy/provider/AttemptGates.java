package dev.llmproxy.provider;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.llmproxy.gateway.LlmResponse;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** All gates as one step of the chain of an attempt. Thread-safe. */
public final class AttemptGates implements AttemptFilter {

	private final AttemptGate[] gates;

	public AttemptGates(List<AttemptGate> gates) {
		List<AttemptGate> ordered = new ArrayList<>(gates);
		ordered.sort(Comparator.comparingInt(AttemptGate::getOrder));
		this.gates = ordered.toArray(AttemptGate[]::new);
	}

	/** One gate as a step of its own. */
	public static AttemptGates of(AttemptGate gate) {
		return new AttemptGates(List.of(gate));
	}

	/** Why a target would be refused now; {@code null} if it would not. */
	public @Nullable Unavailability unavailability(Target target) {
		for (AttemptGate gate : this.gates) {
			Unavailability unavailability = gate.unavailability(target);
			if (unavailability != null) {
				return unavailability;
			}
		}
		return null;
	}

	@Override
	public Mono<LlmResponse> filter(Attempt attempt, AttemptHandler next) {
		return (this.gates.length > 0) ? new GatedAttempt(attempt, this.gates, next) : next.execute(attempt);
	}

	@Override
	public int getOrder() {
		return AttemptOrder.ADMISSION.order();
	}

}
