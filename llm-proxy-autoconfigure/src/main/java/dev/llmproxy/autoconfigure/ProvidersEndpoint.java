package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.cluster.OperatorAction;
import dev.llmproxy.cluster.Told;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.ProviderSwitch;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.TargetStatistics;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Shows how providers do, and lets an operator say who is called. */
@Endpoint(id = "llmproviders")
final class ProvidersEndpoint {

	private final Providers providers;

	private final ProviderHealth health;

	private final ProviderSwitch operator;

	private final OperatorDesk desk;

	ProvidersEndpoint(Providers providers, ProviderHealth health, ProviderSwitch operator, OperatorDesk desk) {
		this.desk = desk;
		this.providers = providers;
		this.health = health;
		this.operator = operator;
	}

	@ReadOperation
	Descriptor providers() {
		return new Descriptor(this.operator.forced(), this.providers.all().stream().map(this::describe).toList());
	}

	@ReadOperation
	@Nullable ProviderState provider(@Selector String name) {
		Provider provider = this.providers.find(name);
		return (provider != null) ? describe(provider) : null;
	}

	/**
	 * Says who is called.
	 * @param action disable, enable, force or unforce
	 */
	@WriteOperation
	WebEndpointResponse<ProviderState> change(SecurityContext context, Action action, @Selector String name) {
		Provider provider = this.providers.find(name);
		if (provider == null) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		HeardChanges.act(this.operator, action.said, name);
		return new WebEndpointResponse<>(describe(provider, this.desk.done(context.getPrincipal(), action.said, name)));
	}

	private ProviderState describe(Provider provider) {
		return describe(provider, null);
	}

	private ProviderState describe(Provider provider, @Nullable Told told) {
		String name = provider.name();
		List<TargetState> targets = this.health.targets(name)
			.stream()
			.map((target) -> TargetState.of(target.target().id(), target))
			.toList();
		return new ProviderState(name, provider.vendor(), this.health.status(name),
				ProbeState.of(this.health.probe(name)), targets, told);
	}

	/** What can be said of a provider. */
	enum Action {

		DISABLE(OperatorAction.DISABLE),

		ENABLE(OperatorAction.ENABLE),

		/** Has it serve everything. */
		FORCE(OperatorAction.FORCE),

		UNFORCE(OperatorAction.UNFORCE);

		private final OperatorAction said;

		Action(OperatorAction said) {
			this.said = said;
		}

	}

	/**
	 * All providers.
	 *
	 * @param forced serves everything; {@code null} if none does
	 */
	record Descriptor(@Nullable String forced, List<ProviderState> providers) {
	}

	/**
	 * One of them.
	 *
	 * @param probe what asking it for its models said; {@code null} if nobody has, lately
	 * @param targets those of its models that were called
	 * @param cluster whether other nodes were told of a change; {@code null} if there was
	 * none, or there are no other nodes
	 */
	record ProviderState(String name, String vendor, ProviderHealth.Status status, @Nullable ProbeState probe,
			List<TargetState> targets, @Nullable Told cluster) {
	}

	/**
	 * What asking a provider for its models said.
	 *
	 * @param failedInARow times in vain since it could last tell
	 */
	record ProbeState(ProviderHealth.Status status, int failedInARow, @Nullable String lastError) {

		static @Nullable ProbeState of(ProviderHealth.@Nullable Probe probe) {
			return (probe != null) ? new ProbeState(probe.status(), probe.failedInARow(), probe.lastError()) : null;
		}

	}

	/**
	 * A model of it.
	 *
	 * @param latencyMillis peak-sensitive average until an answer begins
	 * @param p95Millis of the same; 0 before ten answers
	 */
	record TargetState(String id, int inFlight, long succeeded, long failed, int failedInARow,
			@Nullable String lastError, double latencyMillis, double p95Millis) {

		static TargetState of(String id, TargetStatistics statistics) {
			return new TargetState(id, statistics.inFlight(), statistics.succeededCount(), statistics.failedCount(),
					statistics.failedInARow(), statistics.lastError(), statistics.latency() / 1e6,
					statistics.p95() / 1e6);
		}

	}

}
