package dev.llmproxy.autoconfigure;

import java.util.Objects;
import java.util.function.Consumer;

import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.AdmissionFilter;
import dev.llmproxy.gateway.CountedMemory;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.gateway.MemoryBudget.Pressure;
import dev.llmproxy.gateway.MemoryBudget.Use;
import dev.llmproxy.observability.MemoryMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class MemoryAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(MemoryAutoConfiguration.class, MemoryEndpointAutoConfiguration.class,
				HealthAutoConfiguration.class, ObservabilityAutoConfiguration.class))
		.withBean(ApplicationAvailabilityBean.class)
		.withPropertyValues("llm-proxy.providers.up.type=ollama");

	@Test
	void takesHalfOfTheHeapByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed()
				.hasSingleBean(Admission.class)
				.hasSingleBean(AdmissionFilter.class)
				.hasSingleBean(HeapWatch.class)
				.doesNotHaveBean(MemoryEndpoint.class)
				.doesNotHaveBean(PolicyReadinessIndicator.class);
			assertThat(context.getBean(CountedMemory.class).marks().limit())
				.isEqualTo((long) (Runtime.getRuntime().maxMemory() * 0.5));
			assertThat(context.getBean(HeapWatch.class).isRunning()).isTrue();
		});
	}

	@Test
	void takesWhatIsSaid() {
		this.runner
			.withPropertyValues("llm-proxy.memory.limit=100MB", "llm-proxy.memory.high-water=0.5",
					"llm-proxy.memory.critical=0.6", "llm-proxy.memory.watch-heap=false")
			.run((context) -> {
				assertThat(context).doesNotHaveBean(HeapWatch.class);
				assertThat(context.getBean(CountedMemory.class).marks().highBytes()).isEqualTo(50L << 20);
				assertThat(context.getBean(CountedMemory.class).marks().criticalBytes()).isEqualTo(60L << 20);
			});
	}

	@Test
	void leavesCountingToTheApplication() {
		this.runner.withBean(MemoryBudget.class, () -> MemoryBudget.UNLIMITED)
			.withPropertyValues("management.endpoints.web.exposure.include=llmmemory")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(Admission.class)
				.doesNotHaveBean(CountedMemory.class)
				.doesNotHaveBean(HeapWatch.class)
				.doesNotHaveBean(MemoryEndpoint.class)
				.doesNotHaveBean("llmMemoryHealthContributor"));
	}

	@Test
	void theEndpointShowsUsesMarksAndWhatTheProcessHas() {
		this.runner
			.withPropertyValues("management.endpoints.web.exposure.include=llmmemory", "llm-proxy.memory.limit=1000B")
			.run((context) -> {
				CountedMemory memory = context.getBean(CountedMemory.class);
				memory.reserve(Use.REQUEST, 700);
				memory.reserve(Use.STREAM, 250);
				MemoryReport report = context.getBean(MemoryEndpoint.class).memory();
				assertThat(report.pressure()).isEqualTo(Pressure.CRITICAL);
				assertThat(report.used()).isEqualTo(950);
				assertThat(report.uses()).containsEntry(Use.REQUEST, 700L)
					.containsEntry(Use.STREAM, 250L)
					.containsEntry(Use.CACHE, 0L)
					.hasSize(4);
				assertThat(report.marks()).isEqualTo(new MemoryReport.Marks(1000, 750, 900));
				assertThat(report.heap().used()).isBetween(1L, report.heap().max());
				assertThat(report.direct().max()).isPositive();
			});
	}

	@Test
	void healthTellsOfPressureAndStaysUp() {
		this.runner.withPropertyValues("llm-proxy.memory.limit=1000B").run((context) -> {
			assertThat(health(context).getStatus().getCode()).isEqualTo("UP");
			context.getBean(CountedMemory.class).reserve(Use.STREAM, 950);
			Health health = health(context);
			assertThat(health.getStatus().getCode()).isEqualTo("DEGRADED");
			assertThat(health.getDetails()).containsEntry("pressure", Pressure.CRITICAL)
				.containsEntry("used", 950L)
				.containsEntry("limit", 1000L);
		});
		this.runner.withPropertyValues("management.health.llm-proxy.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("llmMemoryHealthContributor"));
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(CountedMemory.class));
	}

	private static Health health(AssertableReactiveWebApplicationContext context) {
		return Objects.requireNonNull(
				context.getBean("llmMemoryHealthContributor", ReactiveHealthIndicator.class).health().block());
	}

	@Test
	void readinessFollowsWhereThatIsWanted() {
		this.runner.withPropertyValues("llm-proxy.memory.unready=true").run((context) -> {
			PolicyReadinessIndicator readiness = context.getBean(PolicyReadinessIndicator.class);
			ApplicationAvailabilityBean availability = context.getBean(ApplicationAvailabilityBean.class);
			Object before = readiness.getState(availability);
			context.getBean(CountedMemory.class).feel(Pressure.CRITICAL);
			assertThat(readiness.getState(availability)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
			context.getBean(CountedMemory.class).feel(Pressure.HIGH);
			assertThat(readiness.getState(availability)).isEqualTo(before);
		});
	}

	@Test
	void metersWhereThereIsARegistry() {
		this.runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("llm-proxy.memory.limit=1000B")
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				context.getBean(MemoryMeters.class).bindTo(registry);
				context.getBean(CountedMemory.class).reserve(Use.REQUEST, 800);
				assertThat(registry.get("llm.proxy.memory.bytes").tag("use", "request").gauge().value()).isEqualTo(800);
				assertThat(registry.get("llm.proxy.memory.limit").gauge().value()).isEqualTo(1000);
				assertThat(registry.get("llm.proxy.memory.pressure").gauge().value()).isEqualTo(1);
				assertThat(registry.get("llm.proxy.memory.direct").gauge().value()).isNotNegative();
				assertThat(registry.get("llm.proxy.memory.shed").functionCounter().count()).isZero();
			});
	}

	@ParameterizedTest
	@CsvSource({ "limit=0B, llm-proxy.memory:", "heap-share=0, llm-proxy.memory.heap-share",
			"high-water=0.95, llm-proxy.memory:", "relief=0.8, llm-proxy.memory:",
			"retry-after=0s, llm-proxy.memory.retry-after" })
	void namesThePropertyThatIsWrong(String property, String description) {
		this.runner.withPropertyValues("llm-proxy.memory." + property)
			.run((context) -> assertThat(
					InvalidConfigurationTest.analyze(Objects.requireNonNull(context.getStartupFailure()))
						.getDescription())
				.startsWith(description));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aFullHeapIsBelievedForAWhileAndUntilTheNextCollection(boolean collected) {
		this.runner.withPropertyValues("llm-proxy.memory.watch-heap=false").run((context) -> {
			CountedMemory memory = context.getBean(CountedMemory.class);
			HeapWatch watch = new HeapWatch(memory, Schedulers.immediate());
			Consumer<Pressure> expect = (pressure) -> assertThat(memory.pressure()).isEqualTo(pressure);
			watch.look(50, 100);
			expect.accept(Pressure.NONE);
			watch.look(80, 100);
			expect.accept(Pressure.HIGH);
			watch.look(95, 100);
			expect.accept(Pressure.CRITICAL);
			if (collected) {
				watch.look(20, 100);
				expect.accept(Pressure.NONE);
				return;
			}
			for (int i = 0; i < 9; i++) {
				watch.look(95, 100);
			}
			expect.accept(Pressure.CRITICAL);
			watch.look(95, 100);
			expect.accept(Pressure.NONE);
		});
	}

}
