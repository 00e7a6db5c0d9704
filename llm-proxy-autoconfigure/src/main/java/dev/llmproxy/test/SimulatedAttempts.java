package dev.llmproxy.test;

import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.provider.AttemptHandler;
import dev.llmproxy.provider.simulator.SimulatorProvider;
import reactor.core.publisher.Mono;

/**
 * Has the simulator answer in every provider's place, so that an application's own routes
 * and models are tested without a network. Thread-safe.
 */
public final class SimulatedAttempts implements AttemptFilter {

	private final SimulatorProvider simulator;

	public SimulatedAttempts(SimulatorProvider simulator) {
		this.simulator = simulator;
	}

	@Override
	public Mono<LlmResponse> filter(Attempt attempt, AttemptHandler next) {
		return this.simulator.execute(attempt);
	}

	@Override
	public int getOrder() {
		return TestOrder.SIMULATOR.order();
	}

}
