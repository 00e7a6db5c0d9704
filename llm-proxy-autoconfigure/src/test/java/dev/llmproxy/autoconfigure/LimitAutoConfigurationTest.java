package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.llmproxy.limit.Dimension;
import dev.llmproxy.limit.LimitFilter;
import dev.llmproxy.limit.LimitRule;
import dev.llmproxy.limit.LimitStore;
import dev.llmproxy.limit.LocalLimitStore;
import dev.llmproxy.limit.Quota;
import dev.llmproxy.limit.TargetLimitFilter;
import dev.llmproxy.limit.TargetLimits;
import dev.llmproxy.limit.redis.RedisLimitStore;
import io.lettuce.core.resource.ClientResources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class LimitAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(LimitAutoConfiguration.class))
		.withPropertyValues("llm-proxy.providers.up.type=ollama");

	@Test
	void countsInMemoryAndLimitsNothingByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(LocalLimitStore.class)
				.hasSingleBean(TargetLimits.class)
				.hasSingleBean(TargetLimitFilter.class);
			assertThat(context.getBean(LimitFilter.class).rules()).isEmpty();
		});
	}

	@Test
	void readsRulesOfAllPlaces() {
		this.runner
			.withPropertyValues("llm-proxy.limits.rules.per-user.per=key,user",
					"llm-proxy.limits.rules.per-user.tokens=1000", "llm-proxy.limits.rules.per-user.window=1d",
					"llm-proxy.limits.rules.per-user.models=up/*", "llm-proxy.access.keys[0].id=a",
					"llm-proxy.access.keys[0].key=0123456789abcdef", "llm-proxy.access.keys[0].limits.concurrency=3",
					"llm-proxy.routes.fast.targets[0].model=up/m", "llm-proxy.routes.fast.limits.requests-per-minute=7")
			.run((context) -> assertThat(context.getBean(LimitFilter.class).rules()).containsExactlyInAnyOrder(
					new LimitRule(new Quota("per-user", 0, 1000, 0, Duration.ofDays(1)),
							List.of(Dimension.KEY, Dimension.USER), List.of(), List.of(), List.of("up/*")),
					new LimitRule(new Quota("key", 0, 0, 3, Duration.ofMinutes(1)), List.of(Dimension.KEY),
							List.of("a"), List.of(), List.of()),
					new LimitRule(new Quota("route", 7, 0, 0, Duration.ofMinutes(1)), List.of(Dimension.MODEL),
							List.of(), List.of(), List.of("fast"))));
	}

	@Test
	void countsInRedisOnDemandAndNeedsNoneToStart() {
		this.runner.withPropertyValues("llm-proxy.limits.store=redis", "spring.data.redis.port=1")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RedisLimitStore.class)
				.hasSingleBean(LimitStore.class)
				.hasSingleBean(ClientResources.class));
	}

	@Test
	void saysWhatIsMissingForRedis() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce"))
			.withPropertyValues("llm-proxy.limits.store=redis")
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getAction())
				.contains("spring-boot-starter-data-redis"));
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce",
					"org.springframework.boot.data.redis"))
			.run((context) -> assertThat(context).hasSingleBean(LocalLimitStore.class));
	}

	@Test
	void leavesCountingToTheApplication() {
		this.runner.withUserConfiguration(OwnStore.class)
			.run((context) -> assertThat(context).hasSingleBean(LimitStore.class).hasBean("ownStore"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			llm-proxy.limits.rules.r.per=model                | llm-proxy.limits.rules.r: none of requests
			llm-proxy.limits.rules.r.requests=-1              | llm-proxy.limits.rules.r: a limit must not be negative
			llm-proxy.limits.rules.key.requests=1             | llm-proxy.limits.rules: 'key' can't be the name
			llm-proxy.limits.rules.[A b].requests=1           | llm-proxy.limits.rules: 'A b' can't be the name
			llm-proxy.limits.expected-output-tokens=-1        | llm-proxy.limits.expected-output-tokens: it is negative
			""")
	void namesThePropertyThatIsWrong(String property, String description) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription()).contains(description));
	}

	@ParameterizedTest
	@CsvSource({ "deadline=51ms, deadline", "deadline=0ms, deadline", "nodes=-1, nodes", "probe-interval=1ms, probe",
			"lease=1ms, lease" })
	void namesWhatIsWrongAboutRedis(String property, String description) {
		this.runner.withPropertyValues("llm-proxy.limits.store=redis", "llm-proxy.limits.redis." + property)
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains("llm-proxy.limits.redis", description));
	}

	private static FailureAnalysis analysis(Throwable failure) {
		return InvalidConfigurationTest.analyze(Objects.requireNonNull(failure));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnStore {

		@Bean
		LocalLimitStore ownStore() {
			return new LocalLimitStore();
		}

	}

}
