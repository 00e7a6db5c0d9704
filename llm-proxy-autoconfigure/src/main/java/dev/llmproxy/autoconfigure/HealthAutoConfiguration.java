package dev.llmproxy.autoconfigure;

import java.util.function.BooleanSupplier;

import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.CountedMemory;
import dev.llmproxy.gateway.MemoryBudget.Pressure;
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
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** Providers in the health endpoint, and what readiness demands of them. */
@AutoConfiguration(
		after = { RoutingAutoConfiguration.class, LimitAutoConfiguration.class, MemoryAutoConfiguration.class },
		beforeName = {
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
			Router router, ProviderHealth health, ObjectProvider<LimitStore> limits, HealthProperties properties,
			ObjectProvider<CountedMemory> memory, ObjectProvider<MemoryProperties> memoryProperties) {
		BooleanSupplier policy = switch (properties.readiness()) {
			case ALWAYS -> () -> true;
			case ANY_PROVIDER -> () -> providers.names().stream().anyMatch(health::isAvailable);
			case ALL_ROUTES -> () -> router.routes()
				.stream()
				.allMatch((route) -> route.targets().stream().anyMatch(health::isAvailable));
		};
		LimitStore store = limits.getIfAvailable();
		CountedMemory counted = memory.getIfAvailable();
		MemoryProperties marks = memoryProperties.getIfAvailable();
		boolean unready = marks != null && marks.unready();
		return new PolicyReadinessIndicator(availability,
				() -> policy.getAsBoolean() && !(unready && counted != null && counted.pressure() == Pressure.CRITICAL)
						&& (properties.readiness() == HealthProperties.Readiness.ALWAYS || store == null
								|| !refusesAll(store.state())));
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

	/** Never down for it: what is refused here would be too much for others, too. */
	@Bean
	@ConditionalOnMissingBean(name = "llmMemoryHealthContributor")
	@ConditionalOnEnabledHealthIndicator("llm-proxy")
	@ConditionalOnBean({ CountedMemory.class, Admission.class })
	ReactiveHealthIndicator llmMemoryHealthContributor(CountedMemory memory, Admission admission) {
		return () -> Mono.fromSupplier(() -> {
			MemoryReport report = MemoryReport.of(memory, admission);
			return Health
				.status((report.pressure() == Pressure.CRITICAL) ? ProviderHealthContributors.DEGRADED : Status.UP)
				.withDetail("pressure", report.pressure())
				.withDetail("used", report.used())
				.withDetail("limit", report.marks().limit())
				.withDetail("refused", report.refused())
				.build();
		});
	}

}
