package dev.llmproxy.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import dev.llmproxy.cluster.BreakerHints;
import dev.llmproxy.cluster.Cluster;
import dev.llmproxy.cluster.NodeListener;
import dev.llmproxy.cluster.NodeMessage;
import dev.llmproxy.cluster.NodeMessage.Change;
import dev.llmproxy.cluster.OperatorAction;
import dev.llmproxy.cluster.RestHints;
import dev.llmproxy.cluster.Told;
import dev.llmproxy.cluster.redis.RedisCluster;
import dev.llmproxy.provider.ProviderSwitch;
import dev.llmproxy.resilience.BreakerGate;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.cloud.circuitbreaker.resilience4j.ReactiveResilience4JCircuitBreakerFactory;
import org.springframework.cloud.circuitbreaker.resilience4j.Resilience4JConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class ClusterAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, ResilienceAutoConfiguration.class))
		.withBean(ReactiveResilience4JCircuitBreakerFactory.class,
				() -> new ReactiveResilience4JCircuitBreakerFactory(CircuitBreakerRegistry.ofDefaults(),
						TimeLimiterRegistry.ofDefaults(), null, new Resilience4JConfigurationProperties()))
		.withPropertyValues("llm-proxy.providers.up.type=ollama", "spring.data.redis.port=1");

	@Test
	void nodesTellNothingByDefault() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(Cluster.class)
			.doesNotHaveBean(RestHints.class)
			.doesNotHaveBean(BreakerHints.class)
			.doesNotHaveBean("redisConnectionFactory"));
	}

	@Test
	void nodesTellEachOtherOnDemandAndNeedNoRedisToStart() {
		this.runner.withPropertyValues("llm-proxy.cluster.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RedisCluster.class)
				.hasSingleBean(RestHints.class)
				.hasSingleBean(BreakerHints.class));
	}

	@Test
	void goesWithoutBreakersAndRests() {
		this.runner.withPropertyValues("llm-proxy.cluster.enabled=true", "llm-proxy.resilience.cooldown.enabled=false")
			.withClassLoader(new FilteredClassLoader(CircuitBreaker.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RedisCluster.class)
				.doesNotHaveBean(RestHints.class)
				.doesNotHaveBean("llmBreakerHints"));
	}

	@Test
	void saysWhatIsMissingForRedis() {
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce",
					"org.springframework.boot.data.redis"))
			.withPropertyValues("llm-proxy.cluster.enabled=true")
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getAction())
				.contains("spring-boot-starter-data-redis"));
	}

	@Test
	void leavesTellingToTheApplication() {
		this.runner.withPropertyValues("llm-proxy.cluster.enabled=true")
			.withUserConfiguration(OwnCluster.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(Cluster.class)
				.hasBean("ownCluster")
				.hasSingleBean(RestHints.class));
	}

	@Test
	void doesWhatOperatorsSaidOnOtherNodes() {
		this.runner.withPropertyValues("llm-proxy.cluster.enabled=true")
			.withUserConfiguration(OwnCluster.class)
			.run((context) -> {
				RecordingCluster cluster = context.getBean(RecordingCluster.class);
				ProviderSwitch providers = context.getBean(ProviderSwitch.class);
				cluster.say(OperatorAction.DISABLE, "up");
				assertThat(providers.disabled()).containsExactly("up");
				cluster.say(OperatorAction.ENABLE, "up");
				assertThat(providers.disabled()).isEmpty();
				cluster.say(OperatorAction.FORCE, "up");
				assertThat(providers.forced()).isEqualTo("up");
				cluster.say(OperatorAction.UNFORCE, "up");
				assertThat(providers.forced()).isNull();
				BreakerGate breakers = context.getBean(BreakerGate.class);
				cluster.say(OperatorAction.FORCE_OPEN, "up/m");
				cluster.say(OperatorAction.FORCE_OPEN, "up/m");
				assertThat(breakers.state("up/m")).isEqualTo("forced_open");
				cluster.say(OperatorAction.CLOSE, "up/m");
				cluster.say(OperatorAction.CLOSE, "up/m");
				assertThat(breakers.state("up/m")).isEqualTo("closed");
				// There is nothing to reload here, and none of it was told again.
				cluster.say(OperatorAction.RELOAD, "");
				cluster.say(OperatorAction.RESET, "up/m");
				assertThat(cluster.told).isEmpty();
			});
	}

	@ParameterizedTest
	@CsvSource({ "deadline=0ms, deadline", "deadline=6s, deadline", "probe-interval=1ms, probe",
			"refresh-interval=100ms, refresh", "queue=0, wait", "prefix=, prefix", "node=, name" })
	void namesWhatIsWrong(String property, String description) {
		this.runner.withPropertyValues("llm-proxy.cluster.enabled=true", "llm-proxy.cluster." + property)
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains("llm-proxy.cluster", description));
	}

	private static FailureAnalysis analysis(@Nullable Throwable failure) {
		return InvalidConfigurationTest.analyze(Objects.requireNonNull(failure));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCluster {

		@Bean
		RecordingCluster ownCluster() {
			return new RecordingCluster();
		}

	}

	/** Another way to tell, which tells nobody. */
	static final class RecordingCluster implements Cluster {

		private final List<NodeListener> listeners = new ArrayList<>();

		private final List<Object> told = new ArrayList<>();

		@Override
		public void hint(Supplier<? extends NodeMessage.@Nullable Hint> hint) {
			this.told.add(hint);
		}

		@Override
		public Mono<Told> tell(Change change) {
			this.told.add(change);
			return Mono.just(Told.LATER);
		}

		@Override
		public void listen(NodeListener listener) {
			this.listeners.add(listener);
		}

		void say(OperatorAction action, String subject) {
			Change change = new Change(action, subject, "ann");
			assertThat(this.listeners.stream().filter((listener) -> listener.heard("there", change))).hasSize(1);
		}

	}

}
