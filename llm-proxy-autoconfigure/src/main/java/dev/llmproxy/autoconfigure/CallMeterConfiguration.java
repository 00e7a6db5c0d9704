package dev.llmproxy.autoconfigure;

import dev.llmproxy.observability.AttemptMeterGate;
import dev.llmproxy.observability.ChargeMeters;
import dev.llmproxy.observability.Exemplars;
import dev.llmproxy.observability.GenAiMeters;
import dev.llmproxy.observability.OpenTelemetryExemplars;
import dev.llmproxy.observability.RequestMeters;
import dev.llmproxy.observability.SeriesCap;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.routing.Router;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The meters of calls, of their attempts and of what these cost. */
@Configuration(proxyBeanMethods = false)
class CallMeterConfiguration {

	/** The router is made of what is measured, so it is asked later. */
	@Bean
	@ConditionalOnMissingBean
	SeriesCap llmSeriesCap(MetricsProperties properties, ObjectProvider<Router> router) {
		return InvalidPropertyException.checked("llm-proxy.metrics.max-series",
				() -> new SeriesCap(properties.maxSeries(), () -> new ConfiguredNames(router.getObject()).all()));
	}

	@Bean
	ReloadListener llmSeriesCapListener(SeriesCap cap) {
		return (report) -> cap.refresh();
	}

	@Bean
	@ConditionalOnMissingBean
	GenAiMeters llmGenAiMeters(MeterRegistry registry, SeriesCap cap, MetricsProperties properties) {
		return new GenAiMeters(registry, cap, properties.genAiConventions());
	}

	@Bean
	@ConditionalOnMissingBean
	AttemptMeterGate llmAttemptMeterGate(GenAiMeters meters, ObjectProvider<Exemplars> exemplars) {
		return new AttemptMeterGate(meters, exemplars.getIfAvailable(() -> Exemplars.NONE));
	}

	@Bean
	@ConditionalOnMissingBean
	RequestMeters llmRequestMeters(MeterRegistry registry, SeriesCap cap, ObjectProvider<Exemplars> exemplars,
			ObjectProvider<Providers> providers) {
		return new RequestMeters(registry, cap, exemplars.getIfAvailable(() -> Exemplars.NONE), (name) -> {
			Provider provider = providers.getObject().find(name);
			return (provider != null) ? provider.vendor() : name;
		});
	}

	@Bean
	@ConditionalOnMissingBean
	ChargeMeters llmChargeMeters(MeterRegistry registry, SeriesCap cap) {
		return new ChargeMeters(registry, cap);
	}

	/** Whoever keeps exemplars asks OpenTelemetry for the trace that is current. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = { "io.opentelemetry.api.trace.Span", "io.opentelemetry.context.Context" })
	static class ExemplarConfiguration {

		@Bean
		@ConditionalOnMissingBean(Exemplars.class)
		OpenTelemetryExemplars llmExemplars() {
			return new OpenTelemetryExemplars();
		}

	}

}
