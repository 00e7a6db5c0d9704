package dev.llmproxy.autoconfigure;

import dev.llmproxy.observability.trace.DroppedSpans;
import dev.llmproxy.observability.trace.ExportWatch;
import dev.llmproxy.observability.trace.TraceMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanExporters;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Spans to a collector, and what becomes of them. Boot's own configuration of it is
 * imported, because the server leaves it out unless it is told of a collector.
 */
@AutoConfiguration(beforeName = {
		"org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration",
		"org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
		"org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration" })
@ConditionalOnClass({ SpanExporters.class, OpenTelemetrySdkAutoConfiguration.class, OtlpHttpSpanExporter.class,
		SpanExporter.class })
@ConditionalOnProperty("management.opentelemetry.tracing.export.otlp.endpoint")
@ConditionalOnBooleanProperty(name = "llm-proxy.tracing.enabled", matchIfMissing = true)
@Import({ TraceExportAutoConfiguration.WatchConfiguration.class, TraceExportAutoConfiguration.MeterConfiguration.class,
		OpenTelemetrySdkAutoConfiguration.class, OpenTelemetryTracingAutoConfiguration.class,
		OtlpTracingAutoConfiguration.class })
public final class TraceExportAutoConfiguration {

	/** Comes before Boot's own, which stands back where there is something. */
	@Configuration(proxyBeanMethods = false)
	static class WatchConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ExportWatch llmExportWatch() {
			return new ExportWatch();
		}

		@Bean
		@ConditionalOnMissingBean
		SpanExporters llmSpanExporters(ObjectProvider<SpanExporter> exporters, ExportWatch watch) {
			return SpanExporters.of(exporters.orderedStream().map(watch::over).toList());
		}

		@Bean
		@ConditionalOnMissingBean(MeterProvider.class)
		DroppedSpans llmDroppedSpans(ExportWatch watch) {
			return new DroppedSpans(watch);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	static class MeterConfiguration {

		@Bean
		@ConditionalOnMissingBean
		TraceMeters llmTraceMeters(ExportWatch watch) {
			return new TraceMeters(watch);
		}

	}

}
