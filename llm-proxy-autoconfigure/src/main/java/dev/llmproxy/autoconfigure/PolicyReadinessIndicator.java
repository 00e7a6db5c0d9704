package dev.llmproxy.autoconfigure;

import java.util.function.BooleanSupplier;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.application.ReadinessStateHealthIndicator;

/**
 * Boot's readiness, and beyond it what the policy demands of providers. It stands in for
 * Boot's, so that whoever asks for readiness anywhere is told the same.
 */
final class PolicyReadinessIndicator extends ReadinessStateHealthIndicator {

	private final BooleanSupplier policy;

	PolicyReadinessIndicator(ApplicationAvailability availability, BooleanSupplier policy) {
		super(availability);
		this.policy = policy;
	}

	@Override
	protected AvailabilityState getState(ApplicationAvailability availability) {
		return this.policy.getAsBoolean() ? super.getState(availability) : ReadinessState.REFUSING_TRAFFIC;
	}

}
