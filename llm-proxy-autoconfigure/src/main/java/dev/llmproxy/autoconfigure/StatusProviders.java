package dev.llmproxy.autoconfigure;

import java.util.Comparator;
import java.util.List;

import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.ProviderSwitch;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.TargetStatistics;
import org.jspecify.annotations.Nullable;

/** How providers do, for the status page. */
final class StatusProviders {

	private final Providers providers;

	private final ProviderHealth health;

	private final ProviderSwitch operator;

	StatusProviders(Providers providers, ProviderHealth health, ProviderSwitch operator) {
		this.providers = providers;
		this.health = health;
		this.operator = operator;
	}

	@Nullable String forced() {
		return this.operator.forced();
	}

	List<StatusReport.ProviderState> all() {
		return this.providers.all()
			.stream()
			.map(this::state)
			.sorted(Comparator.comparing(StatusReport.ProviderState::name))
			.toList();
	}

	private StatusReport.ProviderState state(Provider provider) {
		List<TargetStatistics> targets = this.health.targets(provider.name());
		return new StatusReport.ProviderState(provider.name(), provider.vendor(), this.health.status(provider.name()),
				targets.stream().mapToInt(TargetStatistics::inFlight).sum(), lastError(provider, targets));
	}

	private @Nullable String lastError(Provider provider, List<TargetStatistics> targets) {
		TargetStatistics worst = targets.stream()
			.filter((target) -> target.failedInARow() > 0)
			.max(Comparator.comparingInt(TargetStatistics::failedInARow))
			.orElse(null);
		if (worst != null) {
			return worst.lastError();
		}
		ProviderHealth.Probe probe = this.health.probe(provider.name());
		return (probe != null) ? probe.lastError() : null;
	}

}
