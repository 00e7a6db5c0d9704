package dev.llmproxy.autoconfigure;

import java.time.Duration;

import dev.llmproxy.cache.CacheFilter;
import dev.llmproxy.cache.CachePolicies;
import dev.llmproxy.cache.CachePolicy;
import dev.llmproxy.cache.LocalAnswers;
import dev.llmproxy.cache.Semantics;
import dev.llmproxy.cache.SharedAnswers;
import dev.llmproxy.cache.SharedQuestions;
import dev.llmproxy.cache.redis.RedisAnswers;
import dev.llmproxy.cache.redis.RedisQuestions;
import dev.llmproxy.gateway.LiveSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class CacheAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(CacheAutoConfiguration.class))
		.withPropertyValues("llm-proxy.providers.up.type=ollama");

	@Test
	void keepsNothingByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(CacheFilter.class).hasSingleBean(LocalAnswers.class);
			assertThat(context.getBean(SharedAnswers.class)).isSameAs(SharedAnswers.NONE);
			assertThat(policies(context.getBean(LiveSnapshot.class)).general().enabled()).isFalse();
		});
	}

	@Test
	void routesSayOtherwiseAndTellWhatAnswersDependOn() {
		this.runner
			.withPropertyValues("llm-proxy.cache.enabled=true", "llm-proxy.cache.ttl=5m", "llm-proxy.cache.max-ttl=1h",
					"llm-proxy.cache.stale-if-error=1d", "llm-proxy.routes.fast.targets[0].model=up/m",
					"llm-proxy.routes.fast.cache.ttl=10s", "llm-proxy.routes.fast.cache.non-deterministic=true",
					"llm-proxy.routes.off.targets[0].model=up/m", "llm-proxy.routes.off.cache.enabled=false",
					"llm-proxy.routes.if.strategy=conditional", "llm-proxy.routes.if.targets[0].model=up/m",
					"llm-proxy.routes.if.targets[0].name=a",
					"llm-proxy.routes.if.conditions[0].query.[headers.x-tier].eq=gold",
					"llm-proxy.routes.if.conditions[0].then=a")
			.run((context) -> {
				CachePolicies policies = policies(context.getBean(LiveSnapshot.class));
				assertThat(policies.general()).isEqualTo(new CachePolicy(true, Duration.ofMinutes(5),
						Duration.ofHours(1), 10, Duration.ZERO, Duration.ofDays(1), false, CachePolicy.Tenant.KEY));
				assertThat(policies.own().get("fast")).isEqualTo(new CachePolicy(true, Duration.ofSeconds(10),
						Duration.ofHours(1), 10, Duration.ZERO, Duration.ofDays(1), true, CachePolicy.Tenant.KEY));
				assertThat(policies.own().get("off").enabled()).isFalse();
				assertThat(policies.headers()).contains("x-tier", "llm-proxy-region");
			});
	}

	private static CachePolicies policies(LiveSnapshot live) {
		return live.get(CachePolicies.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ttl=0s", "max-ttl=1s", "hot-hits=-1", "max-size=0B", "stale-if-error=-1s",
			"redis.deadline=1s" })
	void refusesWhatCanNotBe(String property) {
		this.runner.withPropertyValues("llm-proxy.cache." + property, "llm-proxy.cache.store=redis")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessageContaining("llm-proxy.cache"));
	}

	@Test
	void sharesThroughRedisOnDemandAndNeedsNoneToStart() {
		this.runner.withPropertyValues("llm-proxy.cache.store=redis", "spring.data.redis.port=1")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RedisAnswers.class)
				.hasSingleBean(SharedAnswers.class));
	}

	@Test
	void aModelOfOursMakesVectors() {
		this.runner
			.withPropertyValues("llm-proxy.cache.semantic.enabled=true",
					"llm-proxy.cache.semantic.embedding-model=up/vectors")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(Semantics.class));
	}

	@Test
	void sharesQuestionsWhereAnswersAreShared() {
		this.runner.run((context) -> assertThat(context.getBean(SharedQuestions.class)).isSameAs(SharedQuestions.NONE));
		this.runner.withPropertyValues("llm-proxy.cache.store=redis", "spring.data.redis.port=1")
			.run((context) -> assertThat(context.getBean(SharedQuestions.class)).isSameAs(SharedQuestions.NONE));
		this.runner
			.withPropertyValues("llm-proxy.cache.store=redis", "llm-proxy.cache.semantic.store=redis",
					"spring.data.redis.port=1")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RedisQuestions.class)
				.hasSingleBean(SharedQuestions.class));
		this.runner.withPropertyValues("llm-proxy.cache.semantic.store=redis")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessageContaining("llm-proxy.cache.semantic.store"));
	}

	@Test
	void leavesSharingQuestionsToTheApplication() {
		this.runner.withBean("ownQuestions", SharedQuestions.class, () -> SharedQuestions.NONE)
			.withPropertyValues("llm-proxy.cache.store=redis", "llm-proxy.cache.semantic.store=redis",
					"spring.data.redis.port=1")
			.run((context) -> assertThat(context).hasSingleBean(SharedQuestions.class).hasBean("ownQuestions"));
	}

	@Test
	void saysWhatIsMissingForRedis() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce"))
			.withPropertyValues("llm-proxy.cache.store=redis")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("llm-proxy.cache.store"));
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce",
					"org.springframework.boot.data.redis"))
			.run((context) -> assertThat(context).hasSingleBean(CacheFilter.class));
	}

	@Test
	void isNotThereWithoutCaffeine() {
		this.runner.withClassLoader(new FilteredClassLoader("com.github.benmanes.caffeine"))
			.run((context) -> assertThat(context).doesNotHaveBean(CacheFilter.class));
	}

	@Test
	void leavesSharingToTheApplication() {
		this.runner.withUserConfiguration(Own.class)
			.run((context) -> assertThat(context).hasSingleBean(SharedAnswers.class).hasBean("ownAnswers"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Own {

		@Bean
		SharedAnswers ownAnswers() {
			return SharedAnswers.NONE;
		}

	}

}
