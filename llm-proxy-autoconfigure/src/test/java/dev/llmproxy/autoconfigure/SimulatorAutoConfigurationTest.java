package dev.llmproxy.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.simulator.SimulatorProvider;
import dev.llmproxy.provider.simulator.SimulatorSettings;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** When there is a simulator. */
class SimulatorAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withPropertyValues("llm-proxy.simulator.first-token-delay=0s", "llm-proxy.simulator.tokens-per-second=0");

	@Test
	void isTheOnlyProviderWhereThereIsNoOther() {
		this.runner.run((context) -> assertThat(names(context)).containsExactly("simulator"));
	}

	@Test
	void answersToAnyModelsNameThen() {
		this.runner.run((context) -> {
			for (String model : new String[] { "hello", "gpt-4o", "openai/gpt-4o", "simulator/fast" }) {
				assertThat(ask(context, model).text()).contains("You said: \"Hi\"");
			}
			assertThatExceptionOfType(LlmException.class).isThrownBy(() -> ask(context, "error-503"));
		});
	}

	@Test
	void backsOffForAConfiguredProvider() {
		this.runner
			.withPropertyValues("llm-proxy.providers.up.type=openai-compatible",
					"llm-proxy.providers.up.base-url=http://localhost:1/v1")
			.run((context) -> assertThat(names(context)).containsExactly("up"));
	}

	@Test
	void backsOffForADetectedProvider() {
		this.runner.withPropertyValues("OPENAI_API_KEY=sk-x")
			.run((context) -> assertThat(names(context)).containsExactly("openai"));
	}

	@Test
	void staysWhereNothingMayBeDetected() {
		this.runner.withPropertyValues("OPENAI_API_KEY=sk-x", "llm-proxy.detect-providers=false")
			.run((context) -> assertThat(names(context)).containsExactly("simulator"));
	}

	@Test
	void staysWhereAKeyAloneIsNotEnough() {
		this.runner.withPropertyValues("AZURE_OPENAI_API_KEY=x")
			.run((context) -> assertThat(names(context)).containsExactly("simulator"));
	}

	@Test
	void backsOffForAProviderOfTheApplication() {
		this.runner.withUserConfiguration(OwnProvider.class)
			.run((context) -> assertThat(names(context)).containsExactly("own"));
	}

	@Test
	void backsOffForASimulatorOfTheApplication() {
		this.runner.withUserConfiguration(OwnSimulator.class)
			.withPropertyValues("llm-proxy.simulator.enabled=true")
			.run((context) -> assertThat(context).getBean(SimulatorProvider.class)
				.isSameAs(context.getBean("ownSimulator")));
	}

	@Test
	void standsBesideOthersWhereThatIsAskedFor() {
		this.runner.withUserConfiguration(OwnProvider.class)
			.withPropertyValues("llm-proxy.simulator.enabled=true", "OPENAI_API_KEY=sk-x")
			.run((context) -> assertThat(names(context)).containsExactlyInAnyOrder("own", "simulator", "openai"));
	}

	@Test
	void isNotTheDefaultBesideAnother() {
		this.runner.withUserConfiguration(OwnProvider.class)
			.withPropertyValues("llm-proxy.simulator.enabled=true")
			.run((context) -> {
				assertThatExceptionOfType(LlmException.class).isThrownBy(() -> ask(context, "anything"))
					.withMessage("own was asked for anything");
				assertThat(ask(context, "simulator/anything").text()).contains("You said");
			});
	}

	@Test
	void isAbsentWhereItIsSwitchedOff() {
		this.runner.withPropertyValues("llm-proxy.simulator.enabled=false").run((context) -> {
			assertThat(names(context)).isEmpty();
			assertThat(context).hasNotFailed().doesNotHaveBean(SimulatorProvider.class);
		});
	}

	@Test
	void knowsItsProperties() {
		this.runner.withPropertyValues("llm-proxy.simulator.no-such-thing=1")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("llm-proxy.simulator.no-such-thing"));
		this.runner.withPropertyValues("llm-proxy.simulator.embedding-dimensions=0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("llm-proxy.simulator: embeddingDimensions"));
	}

	private static Collection<String> names(ApplicationContext context) {
		return context.getBean(Providers.class).names();
	}

	private static ChatResponse ask(ApplicationContext context, String model) {
		return Objects.requireNonNull(context.getBean(LlmGateway.class)
			.chat(ChatRequest.builder(model).message(Message.text(Role.USER, "Hi")).build())
			.block(Duration.ofSeconds(10)));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnProvider {

		@Bean
		Provider own() {
			return new Provider() {

				@Override
				public String name() {
					return "own";
				}

				@Override
				public boolean supports(Operation operation, Dialect dialect) {
					return true;
				}

				@Override
				public Mono<LlmResponse> execute(Attempt attempt) {
					return Mono
						.error(new LlmException(ErrorKind.INTERNAL, "own was asked for " + attempt.target().model()));
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnSimulator {

		@Bean
		SimulatorProvider ownSimulator(Codecs codecs) {
			return new SimulatorProvider(SimulatorSettings.DEFAULT, codecs, Schedulers.parallel(), Clock.systemUTC());
		}

	}

}
