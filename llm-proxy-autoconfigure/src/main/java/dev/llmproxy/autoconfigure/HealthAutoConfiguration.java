package dev.llmproxy.autoconfigure;

import java.util.function.BooleanSupplier;

import dev.llmproxy.limit.FailureMode;
import dev.llmproxy.limit.LimitStore;
import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.routing.Router;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** Providers in the health endpoint, and what readiness demands of them. */
@AutoConfiguration(after = { RoutingAutoConfiguration.class, LimitAutoConfiguration.class }, beforeName = {
		"org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration",
		"org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration" })
@ConditionalOnClass({ CompositeReactiveHealthContributor.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(ProviderHealth.class)
public final class HealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "llmProvidersHealthContributor")
	@ConditionalOnEnabledHealthIndicator("llm-proxy")
	CompositeReactiveHealthContributor llmProvidersHealthContributor(Providers providers, ProviderHealth health,
			AttemptGates gates) {
		return new ProviderHealthContributors(health, gates).of(providers);
	}

	@Bean
	@ConditionalOnMissingBean(name = "readinessStateHealthIndicator")
	@Conditional(OnReadinessPolicyCondition.class)
	PolicyReadinessIndicator readinessStateHealthIndicator(ApplicationAvailability availability, Providers providers,
			Router router, ProviderHealth health, ObjectProvider<LimitStore> limits, HealthProperties properties) {
		BooleanSupplier policy = switch (properties.readiness()) {
			case ALWAYS -> () -> true;
			case ANY_PROVIDER -> () -> providers.names().stream().anyMatch(health::isAvailable);
			case ALL_ROUTES -> () -> router.routes()
				.stream()
				.allMatch((route) -> route.targets().stream().anyMatch(health::isAvailable));
		};
		LimitStore store = limits.getIfAvailable();
		return new PolicyReadinessIndicator(availability,
				() -> policy.getAsBoolean() && (properties.readiness() == HealthProperties.Readiness.ALWAYS
						|| store == null || !refusesAll(store.state())));
	}

	private static boolean refusesAll(LimitStore.State limits) {
		return limits.degraded() && limits.failureMode() == FailureMode.CLOSED;
	}

	@Bean
	@ConditionalOnMissingBean(name = "llmLimitsHealthContributor")
	@ConditionalOnEnabledHealthIndicator("llm-proxy")
	@ConditionalOnBean(LimitStore.class)
	ReactiveHealthIndicator llmLimitsHealthContributor(LimitStore store) {
		return () -> Mono.fromSupplier(() -> {
			LimitStore.State state = store.state();
			Health.Builder health = state.degraded() ? Health.status(ProviderHealthContributors.DEGRADED) : Health.up();
			return health.withDetail("store", state.store()).withDetail("nodes", state.nodes()).build();
		});
	}

}
