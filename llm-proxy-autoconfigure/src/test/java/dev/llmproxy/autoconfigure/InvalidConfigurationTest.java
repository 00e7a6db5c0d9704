package dev.llmproxy.autoconfigure;

import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/** What is wrong with a configuration is told with its property and what to do. */
class InvalidConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withPropertyValues("llm-proxy.providers.up.type=ollama");

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					llm-proxy.aliases.fast=gone/model              | llm-proxy.aliases[fast]: there is no provider 'gone' | There are: up.
					llm-proxy.aliases.fast=model                   | llm-proxy.aliases[fast]: 'model' is no target        | provider/model
					llm-proxy.aliases.fast=up/                     | llm-proxy.aliases[fast]: 'up/' is no target          | provider/model
					llm-proxy.aliases.fast=fast                    | 'fast' is an alias itself                            | Give the targets of 'fast'
					llm-proxy.aliases.fast=                        | llm-proxy.aliases[fast]: it stands for nothing       | provider/model
					llm-proxy.default-provider=gone                | llm-proxy.default-provider: there is no provider     | There are: up.
					llm-proxy.providers.x.type=nobody              | llm-proxy.providers.x.type: 'nobody' is no vendor    | openai-compatible
					llm-proxy.providers.x.type=simulator           | llm-proxy.providers.x.type: 'simulator'              | llm-proxy.simulator.enabled=true
					llm-proxy.providers.openai.dialect=responses   | llm-proxy.providers.openai.api-key: it is missing    | OPENAI_API_KEY
					llm-proxy.providers.x.base-url=models/v1       | llm-proxy.providers.x.base-url: 'models/v1' is no    | https://
					llm-proxy.providers.x.base-url=http://h/v1?a=b | llm-proxy.providers.x.base-url:                      | without a query
					llm-proxy.providers.x.type=openai-compatible   | llm-proxy.providers.x.base-url: it is missing        | https://
					llm-proxy.providers.up.timeouts.idle=-1s       | llm-proxy.providers.up.timeouts: A timeout           | 30s
					llm-proxy.providers.up.api-key-file=/no/file   | llm-proxy.providers.up.api-key-file: it can't be     | /no/file
					llm-proxy.providers.[Up_1].type=ollama         | 'Up_1'                                               | lower case
					llm-proxy.providers.azure.api-key=k            | llm-proxy.providers.azure.base-url: it is missing    | https://
					llm-proxy.providers.vertex.region=global       | llm-proxy.providers.vertex.project: it is missing    | GOOGLE_CLOUD_PROJECT
					""")
	void namesThePropertyAndTheRemedy(String property, String description, String action) {
		this.runner.withPropertyValues(property).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = analyze(Objects.requireNonNull(context.getStartupFailure()));
			assertThat(analysis.getDescription()).contains(description);
			assertThat(analysis.getAction()).contains(action);
		});
	}

	@Test
	void namesBothOfTwoProvidersWithOneName() {
		this.runner.withUserConfiguration(ProviderDetectionTest.OwnProviders.class)
			.withPropertyValues("llm-proxy.providers.own.type=ollama")
			.run((context) -> {
				FailureAnalysis analysis = analyze(Objects.requireNonNull(context.getStartupFailure()));
				assertThat(analysis.getDescription()).contains("two providers are named 'own'",
						ProviderDetectionTest.NamedProvider.class.getName(), "llm-proxy.providers.own");
			});
	}

	static FailureAnalysis analyze(Throwable failure) {
		return SpringFactoriesLoader.forDefaultResourceLocation().load(FailureAnalyzer.class, (type, name, problem) -> {
			// Those of Spring Boot that want a bean factory or an environment.
		})
			.stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow(() -> new AssertionError("Nobody explains this", failure));
	}

}
