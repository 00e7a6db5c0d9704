package dev.llmproxy.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.observability.trace.AttemptTracing;
import dev.llmproxy.observability.trace.CallTracing;
import dev.llmproxy.observability.trace.CurrentSpan;
import dev.llmproxy.observability.trace.DroppedSpans;
import dev.llmproxy.observability.trace.ExportWatch;
import dev.llmproxy.observability.trace.ObservedSpan;
import dev.llmproxy.observability.trace.Sampling;
import dev.llmproxy.observability.trace.TraceMeters;
import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.testkit.OtlpReceiver;
import dev.llmproxy.testkit.OtlpSpan;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span.Kind;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.micrometer.tracing.exporter.SpanFilter;
import io.micrometer.tracing.exporter.SpanReporter;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SdkTracerProviderBuilderCustomizer;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanExporters;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class CallTracingAutoConfigurationTest {

	private static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

	private static final OpenTelemetry NOOP = OpenTelemetry.noop();

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(CallObservationAutoConfiguration.class,
				CallTracingAutoConfiguration.class, TraceExportAutoConfiguration.class))
		.withPropertyValues("llm-proxy.simulator.enabled=true");

	private final ReactiveWebApplicationContextRunner exporting = this.runner
		.withPropertyValues(ENDPOINT + "=http://127.0.0.1:9/v1/traces");

	@Test
	void nothingIsThereByDefault() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(CallTracing.class)
			.doesNotHaveBean(AttemptTracing.class)
			.doesNotHaveBean(OpenTelemetry.class)
			.doesNotHaveBean(SpanExporter.class)
			.doesNotHaveBean(ExportWatch.class));
	}

	@Test
	void aCollectorBringsEverything() {
		this.exporting.run((context) -> {
			assertThat(context).hasSingleBean(CallTracing.class)
				.hasSingleBean(AttemptTracing.class)
				.hasSingleBean(OtlpHttpSpanExporter.class)
				.hasSingleBean(ExportWatch.class)
				.hasSingleBean(DroppedSpans.class)
				.hasSingleBean(BatchSpanProcessor.class)
				.hasSingleBean(TraceMeters.class)
				.hasSingleBean(ObservedSpan.class);
			assertThat(context.getBean(SpanExporters.class).list()).hasSize(1)
				.noneMatch(OtlpHttpSpanExporter.class::isInstance);
			assertThat(context.getBean(CallTracing.class).getOrder()).isLessThan(context.getBeansOfType(LlmFilter.class)
				.values()
				.stream()
				.filter((filter) -> !(filter instanceof CallTracing))
				.mapToInt(LlmFilter::getOrder)
				.min()
				.orElseThrow());
			assertThat(context.getBean(AttemptTracing.class).getOrder())
				.isLessThan(context.getBeansOfType(AttemptFilter.class)
					.values()
					.stream()
					.filter((filter) -> !(filter instanceof AttemptTracing))
					.mapToInt(AttemptFilter::getOrder)
					.min()
					.orElseThrow());
		});
	}

	@Test
	void bootsOwnConfigurationIsNotDoubled() {
		this.exporting
			.withConfiguration(AutoConfigurations.of(OpenTelemetrySdkAutoConfiguration.class,
					OpenTelemetryTracingAutoConfiguration.class))
			.run((context) -> assertThat(context).hasSingleBean(OpenTelemetry.class)
				.hasSingleBean(SdkTracerProvider.class)
				.hasSingleBean(CallTracing.class)
				.hasSingleBean(ExportWatch.class));
	}

	@Test
	void isSwitchedOff() {
		this.exporting.withPropertyValues("llm-proxy.tracing.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(CallTracing.class)
				.doesNotHaveBean(AttemptTracing.class)
				.doesNotHaveBean(SpanExporter.class));
	}

	@Test
	void takesAnApplicationsOwnExporter() {
		this.runner
			.withConfiguration(AutoConfigurations.of(OpenTelemetrySdkAutoConfiguration.class,
					OpenTelemetryTracingAutoConfiguration.class))
			.withBean(SpanExporter.class, () -> SpanExporter.composite())
			.run((context) -> assertThat(context).hasSingleBean(CallTracing.class)
				.hasSingleBean(AttemptTracing.class)
				.doesNotHaveBean(ExportWatch.class));
	}

	@Test
	void standsBack() {
		SpanExporters exporters = SpanExporters.of();
		MeterProvider meters = MeterProvider.noop();
		CurrentSpan current = (context) -> null;
		BatchSpanProcessor processor = BatchSpanProcessor.builder(SpanExporter.composite()).build();
		this.exporting.withBean(SpanExporters.class, () -> exporters)
			.withBean(MeterProvider.class, () -> meters)
			.withBean(BatchSpanProcessor.class, () -> processor)
			.withBean(CurrentSpan.class, () -> current)
			.withBean(CallTracing.class,
					() -> new CallTracing(NOOP.getTracer("own"), new Sampling(Sampler.alwaysOff()), false, current))
			.withBean(AttemptTracing.class,
					() -> new AttemptTracing(NOOP.getTracer("own"), (target, usage) -> null, null))
			.run((context) -> {
				assertThat(context.getBean(SpanExporters.class)).isSameAs(exporters);
				assertThat(context.getBean(MeterProvider.class)).isSameAs(meters);
				assertThat(context.getBean(BatchSpanProcessor.class)).isSameAs(processor);
				assertThat(context.getBean(CurrentSpan.class)).isSameAs(current);
				assertThat(context).hasSingleBean(CallTracing.class).hasSingleBean(AttemptTracing.class);
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { OpenTelemetry.class, SdkTracerProvider.class, SpanExporter.class, OtelTracer.class,
			OtlpHttpSpanExporter.class, SpanExporters.class, OpenTelemetrySdkAutoConfiguration.class,
			SdkTracerProviderBuilderCustomizer.class })
	void startsWithoutWhatIsOptional(Class<?> absent) {
		this.exporting.withClassLoader(new FilteredClassLoader(absent))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(LlmGateway.class));
	}

	@ParameterizedTest
	@ValueSource(classes = { MeterRegistry.class, TracingObservationHandler.class })
	void doesWithoutWhatIsOptionalForIt(Class<?> absent) {
		this.exporting.withClassLoader(new FilteredClassLoader(absent))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(LlmGateway.class));
	}

	@Test
	void contentNeedsRoom() {
		this.exporting.withPropertyValues("llm-proxy.tracing.content=redacted", "llm-proxy.tracing.max-content=0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessageContaining("llm-proxy.tracing.max-content"));
	}

	@Test
	void callsInProcessGoOnWithTheSpanTheyAreIn() {
		try (OtlpReceiver collector = OtlpReceiver.start()) {
			this.runner
				.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class,
						MicrometerTracingAutoConfiguration.class, OpenTelemetrySdkAutoConfiguration.class,
						OpenTelemetryTracingAutoConfiguration.class))
				.withPropertyValues(ENDPOINT + "=" + collector.traces(),
						"management.opentelemetry.tracing.export.schedule-delay=10ms",
						"management.tracing.sampling.probability=1")
				.run((context) -> {
					LlmGateway gateway = context.getBean(LlmGateway.class);
					ObservationRegistry observations = context.getBean(ObservationRegistry.class);
					Tracer tracer = context.getBean(Tracer.class);
					Observation observed = Observation.start("observed", observations);
					gateway.chat(request("reactive"))
						.contextWrite((view) -> view.put("micrometer.observation", observed))
						.block();
					observed.stop();
					io.micrometer.tracing.Span span = tracer.nextSpan().name("thread").start();
					Tracer.SpanInScope scope = tracer.withSpan(span);
					gateway.chat(request("threaded")).block();
					scope.close();
					span.end();
					gateway.chat(request("alone")).block();
					Awaitility.await().until(() -> collector.spans().size() == 8);
					Map<String, OtlpSpan> spans = new HashMap<>();
					collector.spans()
						.stream()
						.filter((one) -> !one.kind().equals("client"))
						.forEach((one) -> spans.put(one.name(), one));
					assertThat(spans.get("chat reactive").parentId()).isEqualTo(spans.get("observed").spanId());
					assertThat(spans.get("chat threaded").parentId()).isEqualTo(spans.get("thread").spanId());
					assertThat(spans.get("chat alone").root()).isTrue();
				});
		}
	}

	@Test
	void anApplicationsFiltersAndPredicatesAndReportersHaveTheirSay() {
		List<String> reported = new CopyOnWriteArrayList<>();
		try (OtlpReceiver collector = OtlpReceiver.start()) {
			this.runner
				.withPropertyValues(ENDPOINT + "=" + collector.traces(),
						"management.opentelemetry.tracing.export.schedule-delay=10ms",
						"management.tracing.sampling.probability=1")
				.withBean(SpanExportingPredicate.class, () -> (span) -> span.getKind() != Kind.CLIENT)
				.withBean(SpanFilter.class, () -> (span) -> span.setName("our " + span.getName()))
				.withBean(SpanReporter.class, () -> (span) -> reported.add(span.getName()))
				.run((context) -> {
					context.getBean(LlmGateway.class).chat(request("alone")).block();
					Awaitility.await().until(() -> !collector.spans().isEmpty());
					assertThat(collector.spans()).extracting(OtlpSpan::name).containsExactly("our chat alone");
					assertThat(reported).containsExactly("our chat alone");
				});
		}
	}

	private static ChatRequest request(String model) {
		return ChatRequest.builder(model).message(Message.text(Role.USER, "Hello")).build();
	}

}
