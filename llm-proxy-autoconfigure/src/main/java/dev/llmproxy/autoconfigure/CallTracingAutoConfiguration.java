package dev.llmproxy.autoconfigure;

import java.util.function.UnaryOperator;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.observability.call.PrivateText;
import dev.llmproxy.observability.cost.Pricing;
import dev.llmproxy.observability.trace.AttemptTracing;
import dev.llmproxy.observability.trace.CallTracing;
import dev.llmproxy.observability.trace.CurrentSpan;
import dev.llmproxy.observability.trace.DecidedSampler;
import dev.llmproxy.observability.trace.MessageContent;
import dev.llmproxy.observability.trace.ObservedSpan;
import dev.llmproxy.observability.trace.Sampling;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SdkTracerProviderBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Spans of calls, where spans are exported. Where they are not nothing stands in the way
 * of a call.
 */
@AutoConfiguration(after = { TraceExportAutoConfiguration.class, CallObservationAutoConfiguration.class },
		before = { RoutingAutoConfiguration.class, GatewayAutoConfiguration.class },
		afterName = { "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.zipkin.ZipkinWithOpenTelemetryTracingAutoConfiguration" })
@ConditionalOnClass({ OpenTelemetry.class, Sampler.class })
@ConditionalOnBean({ OpenTelemetry.class, Sampler.class, SpanExporter.class })
@ConditionalOnBooleanProperty(name = "llm-proxy.tracing.enabled", matchIfMissing = true)
@EnableConfigurationProperties(TracingProperties.class)
public final class CallTracingAutoConfiguration {

	private static final String SCOPE = "dev.llmproxy";

	@Bean
	@ConditionalOnMissingBean
	CallTracing llmCallTracing(OpenTelemetry openTelemetry, Sampler sampler, TracingProperties properties,
			ObjectProvider<CurrentSpan> current) {
		return new CallTracing(tracer(openTelemetry), new Sampling(sampler), properties.acceptContext(),
				current.getIfAvailable(() -> CurrentSpan.OF_THREAD));
	}

	@Bean
	@ConditionalOnMissingBean
	AttemptTracing llmAttemptTracing(OpenTelemetry openTelemetry, Pricing pricing, TracingProperties properties,
			ObjectProvider<Codecs> codecs) {
		return new AttemptTracing(tracer(openTelemetry), pricing, content(properties, codecs));
	}

	private static Tracer tracer(OpenTelemetry openTelemetry) {
		return openTelemetry.getTracer(SCOPE);
	}

	private static @Nullable MessageContent content(TracingProperties properties, ObjectProvider<Codecs> codecs) {
		UnaryOperator<String> masking = switch (properties.content()) {
			case NONE -> null;
			case REDACTED -> PrivateText::masked;
			case FULL -> UnaryOperator.identity();
		};
		return (masking != null) ? InvalidPropertyException.checked("llm-proxy.tracing.max-content",
				() -> new MessageContent(properties.maxContent(), masking, codecs.getObject())) : null;
	}

	/** Where it is Spring Boot that makes the SDK. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SdkTracerProviderBuilderCustomizer.class)
	static class SamplerConfiguration {

		@Bean
		SdkTracerProviderBuilderCustomizer llmDecidedSampler(Sampler sampler) {
			return (builder) -> builder.setSampler(new DecidedSampler(sampler));
		}

	}

	/** Where Micrometer knows the spans of an application. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ TracingObservationHandler.class, ObservationThreadLocalAccessor.class })
	static class ObservedSpanConfiguration {

		@Bean
		@ConditionalOnMissingBean(CurrentSpan.class)
		ObservedSpan llmObservedSpan() {
			return new ObservedSpan();
		}

	}

}
