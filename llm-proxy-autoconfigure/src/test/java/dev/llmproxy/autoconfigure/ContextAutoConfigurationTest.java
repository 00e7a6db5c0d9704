package dev.llmproxy.autoconfigure;

import java.util.Map;
import java.util.Objects;

import dev.llmproxy.context.ContextFilter;
import dev.llmproxy.context.ContextListener;
import dev.llmproxy.context.ContextPolicies;
import dev.llmproxy.context.ContextPolicy;
import dev.llmproxy.context.ContextStrategy;
import dev.llmproxy.context.ContextWindows;
import dev.llmproxy.context.PromptCacheMarks;
import dev.llmproxy.context.Summaries;
import dev.llmproxy.context.TrimOrder;
import dev.llmproxy.gateway.LiveSnapshot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("once")
class ContextAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(ContextAutoConfiguration.class))
		.withPropertyValues("llm-proxy.providers.up.type=ollama");

	@Test
	void doesNothingByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(ContextFilter.class)
				.hasSingleBean(PromptCacheMarks.class)
				.hasSingleBean(Summaries.class)
				.hasSingleBean(ContextWindows.class);
			assertThat(context.getBean(LiveSnapshot.class).get(ContextPolicies.class)).isEqualTo(ContextPolicies.NONE);
		});
	}

	@Test
	void aRouteSaysOnlyWhatIsOtherwise() {
		this.runner
			.withPropertyValues("llm-proxy.context.strategy=trim", "llm-proxy.context.keep-last=7",
					"llm-proxy.context.summary.max-tokens=300", "llm-proxy.aliases.small=up/small",
					"llm-proxy.routes.long.targets[0].model=up/m", "llm-proxy.routes.long.context.strategy=summarise",
					"llm-proxy.routes.long.context.summary.model=small",
					"llm-proxy.routes.long.context.order=oldest-first", "llm-proxy.routes.as-all.targets[0].model=up/m",
					"llm-proxy.routes.off.targets[0].model=up/m", "llm-proxy.routes.off.context.strategy=none")
			.run((context) -> {
				ContextPolicies policies = context.getBean(LiveSnapshot.class).get(ContextPolicies.class);
				assertThat(policies.byRoute()).containsOnlyKeys("long", "off");
				ContextPolicy others = Objects.requireNonNull(policies.others());
				assertThat(others.strategy()).isEqualTo(ContextStrategy.TRIM);
				assertThat(others.order()).isEqualTo(TrimOrder.MIDDLE_OUT);
				ContextPolicy route = Objects.requireNonNull(policies.byRoute().get("long"));
				assertThat(route.keepLast()).isEqualTo(7);
				assertThat(route.order()).isEqualTo(TrimOrder.OLDEST_FIRST);
				assertThat(Objects.requireNonNull(route.summary()).model()).isEqualTo("small");
				assertThat(Objects.requireNonNull(route.summary()).maxTokens()).isEqualTo(300);
			});
	}

	@Test
	void leavesItToTheApplication() {
		this.runner.withUserConfiguration(OwnFilter.class)
			.run((context) -> assertThat(context).hasSingleBean(ContextFilter.class)
				.hasBean("ownFilter")
				.doesNotHaveBean(ReloadableContext.class));
	}

	@Test
	void policiesChangeAtRunTime() {
		this.runner.withConfiguration(AutoConfigurations.of(ReloadAutoConfiguration.class))
			.withPropertyValues("llm-proxy.reload.watch=false")
			.run((context) -> {
				ConfigurableApplicationContext source = context.getSourceApplicationContext();
				Map<String, Object> changed = Map.of("llm-proxy.context.strategy", "reject",
						"llm-proxy.context.summaries.size", "1MB");
				source.getEnvironment().getPropertySources().addFirst(new MapPropertySource("changed", changed));
				source.publishEvent(new EnvironmentChangeEvent(source, changed.keySet()));
				assertThat(context.getBean(LiveSnapshot.class).get(ContextPolicies.class).others())
					.satisfies((policy) -> assertThat(policy.strategy()).isEqualTo(ContextStrategy.REJECT));
				ReloadReport report = context.getBean(ConfigurationReloader.class).last();
				assertThat(report.parts()).contains("context");
				assertThat(report.needsRestart()).containsExactly("llm-proxy.context.summaries.size");
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			llm-proxy.context.strategy=summarise                  | llm-proxy.context.summary.model: it is missing
			llm-proxy.context.strategy=fallback                   | llm-proxy.context.fallback-model: it is missing
			llm-proxy.context.max-tokens=-1                       | llm-proxy.context: max-tokens
			llm-proxy.context.target=0.95                         | llm-proxy.context: target must be above 0
			llm-proxy.context.summaries.ttl=0s                    | llm-proxy.context.summaries: ttl must be positive
			""")
	void namesThePropertyThatIsWrong(String property, String description) {
		this.runner.withPropertyValues("llm-proxy.context.strategy=trim", property)
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription()).contains(description));
	}

	@Test
	void namesTheModelThatThereIsNot() {
		this.runner
			.withPropertyValues("llm-proxy.routes.r.targets[0].model=up/m",
					"llm-proxy.routes.r.context.strategy=fallback", "llm-proxy.routes.r.context.fallback-model=larger")
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains("llm-proxy.routes.r.context.fallback-model: there is no route or alias 'larger'"));
	}

	private static FailureAnalysis analysis(Throwable failure) {
		return InvalidConfigurationTest.analyze(Objects.requireNonNull(failure));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFilter {

		@Bean
		ContextFilter ownFilter(LiveSnapshot live, Summaries summaries) {
			live.add(ContextPolicies.class, new ContextPolicies(Map.of(), null));
			return new ContextFilter(live, (request) -> new ContextWindows.Window(0, ""), (model) -> {
				throw new IllegalStateException();
			}, summaries, ContextListener.NONE);
		}

	}

}
