package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.observability.trace.DroppedSpans;
import dev.llmproxy.observability.trace.ExportWatch;
import dev.llmproxy.observability.trace.TraceMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.micrometer.tracing.exporter.SpanFilter;
import io.micrometer.tracing.exporter.SpanReporter;
import io.micrometer.tracing.otel.bridge.CompositeSpanExporter;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessorBuilder;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingProperties;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanExporters;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.ConditionalOnEnabledOpenTelemetry;
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
@Import({ TraceExportAutoConfiguration.WatchConfiguration.class,
		TraceExportAutoConfiguration.ProcessorConfiguration.class,
		TraceExportAutoConfiguration.MeterConfiguration.class, OpenTelemetrySdkAutoConfiguration.class,
		OpenTelemetryTracingAutoConfiguration.class, OtlpTracingAutoConfiguration.class })
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
	@ConditionalOnClass({ OtelTracer.class, SdkTracerProvider.class, OpenTelemetry.class })
	static class ProcessorConfiguration {

		/**
		 * As Boot makes it, except that spans are exported as they are where nobody wants
		 * to see or change them first: a span made anew for that, and its resource with
		 * it, takes longer than all the rest.
		 */
		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnEnabledOpenTelemetry
		BatchSpanProcessor llmSpanProcessor(SpanExporters exporters, ObjectProvider<SpanExportingPredicate> predicates,
				ObjectProvider<SpanReporter> reporters, ObjectProvider<SpanFilter> filters,
				OpenTelemetryTracingProperties properties, ObjectProvider<MeterProvider> meters) {
			SpanExporter exporter = exporter(exporters.list(), predicates.orderedStream().toList(),
					reporters.orderedStream().toList(), filters.orderedStream().toList());
			OpenTelemetryTracingProperties.Export export = properties.getExport();
			BatchSpanProcessorBuilder builder = BatchSpanProcessor.builder(exporter)
				.setExportUnsampledSpans(export.isIncludeUnsampled())
				.setExporterTimeout(export.getTimeout())
				.setMaxExportBatchSize(export.getMaxBatchSize())
				.setMaxQueueSize(export.getMaxQueueSize())
				.setScheduleDelay(export.getScheduleDelay());
			meters.ifAvailable(builder::setMeterProvider);
			return builder.build();
		}

		private static SpanExporter exporter(List<SpanExporter> exporters, List<SpanExportingPredicate> predicates,
				List<SpanReporter> reporters, List<SpanFilter> filters) {
			return (predicates.isEmpty() && reporters.isEmpty() && filters.isEmpty())
					? SpanExporter.composite(exporters)
					: new CompositeSpanExporter(exporters, predicates, reporters, filters);
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
