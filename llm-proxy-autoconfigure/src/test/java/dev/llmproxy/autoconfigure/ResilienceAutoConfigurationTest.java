package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.Set;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.Target;
import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.resilience.BreakerSettings;
import dev.llmproxy.resilience.BulkheadFilter;
import dev.llmproxy.resilience.CooldownGate;
import dev.llmproxy.resilience.CooldownSettings;
import dev.llmproxy.routing.RetryPolicy;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.cloud.circuitbreaker.resilience4j.ReactiveResilience4JCircuitBreakerFactory;
import org.springframework.cloud.circuitbreaker.resilience4j.Resilience4JConfigurationProperties;
import org.springframework.cloud.client.circuitbreaker.Customizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class ResilienceAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(
				AutoConfigurations.of(ResilienceAutoConfiguration.class, BreakersEndpointAutoConfiguration.class,
						EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class))
		.withBean(ReactiveResilience4JCircuitBreakerFactory.class,
				() -> new ReactiveResilience4JCircuitBreakerFactory(CircuitBreakerRegistry.ofDefaults(),
						TimeLimiterRegistry.ofDefaults(), null, new Resilience4JConfigurationProperties()))
		.withPropertyValues("llm-proxy.providers.up.type=ollama");

	@Test
	void protectsTargetsByDefault() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(BreakerGate.class)
			.hasSingleBean(CooldownGate.class)
			.hasSingleBean(BulkheadFilter.class)
			.doesNotHaveBean(BreakersEndpoint.class));
	}

	@ParameterizedTest
	@CsvSource({ "breaker, dev.llmproxy.resilience.BreakerGate", "cooldown, dev.llmproxy.resilience.CooldownGate",
			"bulkhead, dev.llmproxy.resilience.BulkheadFilter" })
	void leavesOutWhatIsSwitchedOff(String part, Class<?> bean) {
		this.runner.withPropertyValues("llm-proxy.resilience." + part + ".enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(bean));
	}

	@Test
	void doesWithoutBreakersWhereTheLibraryIsAbsent() {
		Gateway.runner()
			.withConfiguration(
					AutoConfigurations.of(ResilienceAutoConfiguration.class, BreakersEndpointAutoConfiguration.class))
			.withPropertyValues("llm-proxy.providers.up.type=ollama")
			.withClassLoader(new FilteredClassLoader("io.github.resilience4j", "org.springframework.cloud"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("llmBreakerGate")
				.hasSingleBean(CooldownGate.class));
	}

	@Test
	void backsOffWhenTheApplicationDefinesItsOwn() {
		CooldownGate own = new CooldownGate(CooldownSettings.DEFAULT);
		this.runner.withBean(CooldownGate.class, () -> own)
			.withBean(RetryPolicy.class, () -> new RetryPolicy(7, Duration.ZERO, Duration.ZERO, Set.of()))
			.run((context) -> {
				assertThat(context.getBean(CooldownGate.class)).isSameAs(own);
				assertThat(context.getBean(RetryPolicy.class).maxRetries()).isEqualTo(7);
			});
	}

	@ParameterizedTest
	@CsvSource({ "retry.max-retries=-1, llm-proxy.resilience.retry",
			"retry.budget.ratio=2, llm-proxy.resilience.retry.budget",
			"cooldown.base=10m, llm-proxy.resilience.cooldown", "bulkhead.min=0, llm-proxy.resilience.bulkhead",
			"breaker.failure-rate=0, llm-proxy.resilience.breaker" })
	void saysWhichPropertyCantWork(String property, String named) {
		this.runner.withPropertyValues("llm-proxy.resilience." + property)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause().hasMessageContaining(named));
	}

	@Test
	void takesSpringCloudsCustomizers() {
		this.runner.withUserConfiguration(Customized.class).run((context) -> {
			Target target = target(context.getBean(Providers.class));
			fail(context.getBean(BreakerGate.class), target, 2);
			assertThat(context.getBean(AttemptGates.class).unavailability(target)).isNotNull();
		});
	}

	@Test
	void anOperatorOpensAndResetsBreakersAndEndsRests() {
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=llmbreakers").run((context) -> {
			BreakersEndpoint endpoint = context.getBean(BreakersEndpoint.class);
			Target target = target(context.getBean(Providers.class));
			BreakerGate breakers = context.getBean(BreakerGate.class);
			assertThat(endpoint.change(SecurityContext.NONE, BreakersEndpoint.Action.RESET, "up", "m").getStatus())
				.isEqualTo(WebEndpointResponse.STATUS_NOT_FOUND);
			fail(breakers, target, BreakerSettings.DEFAULT.minimumCalls());
			assertThat(endpoint.targets().targets().get("up/m").breaker().state()).isEqualTo("OPEN");
			endpoint.change(SecurityContext.NONE, BreakersEndpoint.Action.FORCE_OPEN, "up", "m");
			assertThat(endpoint.target("up", "m").breaker().state()).isEqualTo("FORCED_OPEN");
			endpoint.change(SecurityContext.NONE, BreakersEndpoint.Action.RESET, "up", "m");
			assertThat(breakers.all().get("up/m").breaker().getState()).isEqualTo(State.CLOSED);
			assertThat(context.getBean(AttemptGates.class).unavailability(target)).isNull();
		});
	}

	private static Target target(Providers providers) {
		return Target.of(providers.find("up"), "m");
	}

	private static void fail(BreakerGate breakers, Target target, int times) {
		Attempt attempt = new Attempt(
				LlmRequest.builder(Operation.CHAT, Dialect.OPENAI).body(new byte[0], Envelope.none()).build(), target);
		for (int i = 0; i < times; i++) {
			breakers.enter(attempt)
				.ended(AttemptEnd.failed(attempt, LlmException.connect(new LlmError(ErrorKind.UPSTREAM, "refused"))));
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Customized {

		@Bean
		Customizer<CircuitBreakerConfig.Builder> earlier() {
			return (config) -> config.minimumNumberOfCalls(2);
		}

	}

}
