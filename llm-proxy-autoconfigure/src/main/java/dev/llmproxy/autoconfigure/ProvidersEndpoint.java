package dev.llmproxy.autoconfigure;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderSwitch;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.provider.TargetStatistics;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
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

	/** So many failures in a row, and nothing else, are no accident. */
	private static final int DOWN = 3;

	private static final Log logger = LogFactory.getLog(ProvidersEndpoint.class);

	private final Providers providers;

	private final StatisticsGate statistics;

	private final ProviderSwitch operator;

	ProvidersEndpoint(Providers providers, StatisticsGate statistics, ProviderSwitch operator) {
		this.providers = providers;
		this.statistics = statistics;
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
		switch (action) {
			case DISABLE -> this.operator.disable(name);
			case ENABLE -> this.operator.enable(name);
			case FORCE -> this.operator.force(name);
			case UNFORCE -> this.operator.force(null);
		}
		Principal actor = context.getPrincipal();
		logger.warn("Provider '" + name + "': " + action + " by "
				+ ((actor != null) ? actor.getName() : "somebody without a name"));
		return new WebEndpointResponse<>(describe(provider));
	}

	private ProviderState describe(Provider provider) {
		String prefix = provider.name() + "/";
		List<TargetState> targets = new ArrayList<>();
		for (Map.Entry<String, TargetStatistics> target : this.statistics.all().entrySet()) {
			if (target.getKey().startsWith(prefix)) {
				targets.add(TargetState.of(target.getKey(), target.getValue()));
			}
		}
		return new ProviderState(provider.name(), provider.vendor(), status(provider, targets), targets);
	}

	private Status status(Provider provider, List<TargetState> targets) {
		if (this.operator.disabled().contains(provider.name())) {
			return Status.DISABLED;
		}
		if (targets.isEmpty()) {
			return Status.UNKNOWN;
		}
		long failing = targets.stream().filter((target) -> target.failedInARow() >= DOWN).count();
		return (failing == 0) ? Status.UP : (failing == targets.size()) ? Status.DOWN : Status.DEGRADED;
	}

	/** What can be said of a provider. */
	enum Action {

		DISABLE, ENABLE,

		/** Has it serve everything. */
		FORCE, UNFORCE

	}

	/** How a provider does, as far as traffic tells. */
	enum Status {

		UP, DEGRADED, DOWN, UNKNOWN, DISABLED

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
	 * @param targets those of its models that were called
	 */
	record ProviderState(String name, String vendor, Status status, List<TargetState> targets) {
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
