package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderPreset;
import dev.llmproxy.provider.ProviderPresets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/** Providers that appear because their key is in the environment. */
class ProviderDetectionTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner();

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			OPENAI_API_KEY=k                                              | openai     | OPENAI_API_KEY
			ANTHROPIC_API_KEY=k                                           | anthropic  | ANTHROPIC_API_KEY
			GEMINI_API_KEY=k                                              | gemini     | GEMINI_API_KEY
			GOOGLE_API_KEY=k                                              | gemini     | GOOGLE_API_KEY
			AZURE_OPENAI_API_KEY=k;AZURE_OPENAI_ENDPOINT=https://r.openai.azure.com/ | azure | AZURE_OPENAI_API_KEY
			AWS_BEARER_TOKEN_BEDROCK=k;AWS_REGION=eu-west-1               | bedrock    | AWS_BEARER_TOKEN_BEDROCK
			AWS_BEARER_TOKEN_BEDROCK=k;AWS_DEFAULT_REGION=eu-west-1       | bedrock    | AWS_BEARER_TOKEN_BEDROCK
			MISTRAL_API_KEY=k                                             | mistral    | MISTRAL_API_KEY
			""")
	void aKeyInTheEnvironmentIsAProvider(String environment, String name, String source) {
		this.runner.withPropertyValues(environment.split(";"))
			.run((context) -> assertThat(configured(context)).singleElement().satisfies((provider) -> {
				assertThat(provider.provider().name()).isEqualTo(name);
				assertThat(provider.type()).isEqualTo(name);
				assertThat(provider.credentials()).isEqualTo(source);
			}));
	}

	static List<ProviderPreset> presetsWithVariables() {
		return ProviderPresets.all().stream().filter((preset) -> !preset.environment().isEmpty()).toList();
	}

	@ParameterizedTest
	@MethodSource("presetsWithVariables")
	void everyVendorsVariableIsKnown(ProviderPreset preset) {
		for (String variable : preset.environment()) {
			this.runner
				.withPropertyValues(variable + "=k", "AWS_REGION=eu-west-1",
						"AZURE_OPENAI_ENDPOINT=https://r.openai.azure.com")
				.run((context) -> assertThat(configured(context)).extracting((one) -> one.provider().name())
					.containsExactly(preset.type()));
		}
	}

	@ParameterizedTest
	@CsvSource({ "AZURE_OPENAI_API_KEY=k", "AWS_BEARER_TOKEN_BEDROCK=k", "OPENAI_API_KEY=" })
	void whatIsNotEnoughIsNoProvider(String environment) {
		this.runner.withPropertyValues(environment)
			.run((context) -> assertThat(names(context)).containsExactly("simulator"));
	}

	@Test
	void severalKeysAreSeveralProviders() {
		this.runner.withPropertyValues("OPENAI_API_KEY=k", "ANTHROPIC_API_KEY=k", "GROQ_API_KEY=k")
			.run((context) -> assertThat(names(context)).containsExactlyInAnyOrder("openai", "anthropic", "groq"));
	}

	@Test
	void nothingIsDetectedWhereThatIsSwitchedOff() {
		this.runner.withPropertyValues("OPENAI_API_KEY=k", "llm-proxy.detect-providers=false")
			.run((context) -> assertThat(names(context)).containsExactly("simulator"));
	}

	@Test
	void aConfiguredProviderOfTheSameTypeWins() {
		this.runner.withPropertyValues("OPENAI_API_KEY=k", "llm-proxy.providers.mine.type=openai")
			.run((context) -> assertThat(names(context)).containsExactly("mine"));
	}

	@Test
	void aConfiguredProviderOfTheSameNameWins() {
		this.runner
			.withPropertyValues("OPENAI_API_KEY=k", "llm-proxy.providers.openai.base-url=http://localhost:1/v1",
					"llm-proxy.providers.openai.api-key=other")
			.run((context) -> assertThat(configured(context)).singleElement()
				.extracting(ConfiguredProvider::credentials)
				.isEqualTo("api-key"));
	}

	@Test
	void aConfiguredProviderMayUseTheKeyOfTheEnvironment() {
		this.runner.withPropertyValues("ANTHROPIC_API_KEY=k", "llm-proxy.providers.claude.type=anthropic")
			.run((context) -> assertThat(configured(context)).singleElement()
				.extracting(ConfiguredProvider::credentials)
				.isEqualTo("ANTHROPIC_API_KEY"));
	}

	@Test
	void aProviderOfTheApplicationTakesPartBesideThem() {
		this.runner.withUserConfiguration(OwnProviders.class)
			.withPropertyValues("ANTHROPIC_API_KEY=k", "llm-proxy.providers.up.type=ollama")
			.run((context) -> assertThat(names(context)).containsExactly("own", "up", "anthropic"));
	}

	@Test
	void aProviderOfTheApplicationWinsOverOneThatWouldBeDetected() {
		this.runner.withUserConfiguration(OwnOpenAi.class)
			.withPropertyValues("OPENAI_API_KEY=k")
			.run((context) -> assertThat(configured(context)).singleElement()
				.extracting(ConfiguredProvider::credentials)
				.isEqualTo("a bean of the application"));
	}

	@Test
	void noSecretIsInWhatIsTold() {
		this.runner.withPropertyValues("OPENAI_API_KEY=sk-secret", "llm-proxy.providers.claude.type=anthropic",
				"llm-proxy.providers.claude.api-key=sk-other-secret", "llm-proxy.providers.claude.api-keys=sk-third")
			.run((context) -> assertThat(configured(context).toString()).doesNotContain("sk-"));
		assertThat(new EnvironmentKey("OPENAI_API_KEY", "sk-secret")).hasToString("EnvironmentKey[OPENAI_API_KEY]");
	}

	private static List<ConfiguredProvider> configured(ApplicationContext context) {
		return context.getBean(ConfiguredProviders.class).all();
	}

	private static List<String> names(ApplicationContext context) {
		return configured(context).stream().map((configured) -> configured.provider().name()).toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnProviders {

		@Bean
		Provider own() {
			return new NamedProvider("own");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnOpenAi {

		@Bean
		Provider own() {
			return new NamedProvider("openai");
		}

	}

	/** A provider that is only there. */
	record NamedProvider(String name) implements Provider {

		@Override
		public boolean supports(Operation operation, Dialect dialect) {
			return true;
		}

		@Override
		public Mono<LlmResponse> execute(Attempt attempt) {
			return Mono.empty();
		}

	}

}
