package dev.llmproxy.autoconfigure;

import java.util.Locale;
import java.util.stream.Stream;

import dev.llmproxy.cache.LocalAnswers;
import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.CountedMemory;
import dev.llmproxy.observability.CacheMeters;
import dev.llmproxy.observability.ContextMeters;
import dev.llmproxy.observability.LedgerMeters;
import dev.llmproxy.observability.LimitMeters;
import dev.llmproxy.observability.MemoryMeters;
import dev.llmproxy.observability.ProviderMeters;
import dev.llmproxy.observability.ReloadMeters;
import dev.llmproxy.observability.ledger.LedgerWriter;
import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.Providers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Meters, where there is a registry. */
@AutoConfiguration(
		after = { RoutingAutoConfiguration.class, ResilienceAutoConfiguration.class, CacheAutoConfiguration.class,
				MemoryAutoConfiguration.class, LedgerAutoConfiguration.class },
		before = GatewayAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "llm-proxy.metrics.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MetricsProperties.class)
@Import({ CallMeterConfiguration.class, TargetMeterConfiguration.class })
public final class ObservabilityAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LimitMeters llmLimitMeters(MeterRegistry registry) {
		return new LimitMeters(registry);
	}

	@Bean
	@ConditionalOnMissingBean
	CacheMeters llmCacheMeters(MeterRegistry registry) {
		return new CacheMeters(registry);
	}

	@Bean
	@ConditionalOnBean(LocalAnswers.class)
	MeterBinder llmCacheSizeMeters(ObjectProvider<LocalAnswers> answers) {
		return CacheMeters.holding(answers::getObject);
	}

	@Bean
	@ConditionalOnMissingBean
	ContextMeters llmContextMeters(MeterRegistry registry) {
		return new ContextMeters(registry);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean({ CountedMemory.class, Admission.class })
	MemoryMeters llmMemoryMeters(CountedMemory memory, Admission admission) {
		return new MemoryMeters(memory, admission, () -> MemoryReport.Direct.now().used());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(LedgerWriter.class)
	LedgerMeters llmLedgerMeters(ObjectProvider<LedgerWriter> writer) {
		return new LedgerMeters(writer::getObject);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(ProviderHealth.class)
	ProviderMeters llmProviderMeters(Providers providers, ProviderHealth health) {
		return new ProviderMeters(providers::names, health);
	}

	@Bean
	@ConditionalOnBean(ProviderMeters.class)
	ReloadListener llmProviderMeterListener(ProviderMeters meters) {
		return (report) -> meters.refresh();
	}

	@Bean
	@ConditionalOnMissingBean
	ReloadMeters llmReloadMeters(MeterRegistry registry) {
		return new ReloadMeters(registry,
				Stream.of(ReloadReport.Outcome.values()).map(ObservabilityAutoConfiguration::tag).toList());
	}

	@Bean
	ReloadListener llmReloadMeterListener(ReloadMeters meters) {
		return (report) -> meters.count(tag(report.outcome()));
	}

	private static String tag(ReloadReport.Outcome outcome) {
		return outcome.name().toLowerCase(Locale.ROOT);
	}

}
