package dev.llmproxy.autoconfigure;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.TargetStatistics;
import dev.llmproxy.provider.Unavailability;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthContributors;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Shows providers in the health endpoint. A provider that is down is not
 * {@link Status#DOWN}: that would make the whole gateway down, which other providers, a
 * cache or an error serve just as well.
 */
final class ProviderHealthContributors {

	static final Status DEGRADED = new Status("DEGRADED");

	private static final Status UNAVAILABLE = new Status("UNAVAILABLE");

	private static final Status DISABLED = new Status("DISABLED");

	private final ProviderHealth health;

	private final AttemptGates gates;

	ProviderHealthContributors(ProviderHealth health, AttemptGates gates) {
		this.health = health;
		this.gates = gates;
	}

	/** Of those providers that there are when somebody asks. */
	CompositeReactiveHealthContributor of(Providers providers) {
		return new CompositeReactiveHealthContributor() {

			@Override
			public @Nullable ReactiveHealthContributor getContributor(String name) {
				Provider provider = providers.find(name);
				return (provider != null) ? indicator(provider) : null;
			}

			@Override
			public Stream<ReactiveHealthContributors.Entry> stream() {
				return providers.all()
					.stream()
					.map((provider) -> new ReactiveHealthContributors.Entry(provider.name(), indicator(provider)));
			}

		};
	}

	private ReactiveHealthIndicator indicator(Provider provider) {
		return () -> Mono.fromSupplier(() -> health(provider));
	}

	private Health health(Provider provider) {
		Health.Builder builder = Health.status(status(this.health.status(provider.name())))
			.withDetail("vendor", provider.vendor());
		Map<String, String> unavailable = new TreeMap<>();
		for (TargetStatistics target : this.health.targets(provider.name())) {
			Unavailability reason = this.gates.unavailability(target.target());
			if (reason != null) {
				unavailable.put(target.target().id(), reason.reason());
			}
		}
		builder.withDetail("unavailable", unavailable);
		ProviderHealth.Probe probe = this.health.probe(provider.name());
		if (probe != null) {
			builder.withDetail("probe", probe.status());
			if (probe.lastError() != null) {
				builder.withDetail("probeError", probe.lastError());
			}
		}
		return builder.build();
	}

	private static Status status(ProviderHealth.Status status) {
		return switch (status) {
			case UNKNOWN -> Status.UNKNOWN;
			case UP -> Status.UP;
			case DEGRADED -> DEGRADED;
			case DOWN -> UNAVAILABLE;
			case DISABLED -> DISABLED;
		};
	}

}
