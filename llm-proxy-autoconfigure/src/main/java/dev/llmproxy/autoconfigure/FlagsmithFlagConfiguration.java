package dev.llmproxy.autoconfigure;

import dev.openfeature.contrib.providers.flagsmith.FlagsmithProvider;
import dev.openfeature.contrib.providers.flagsmith.FlagsmithProviderOptions;
import dev.openfeature.sdk.FeatureProvider;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Flags of Flagsmith. By default its client fetches the environment now and then and
 * answers out of memory.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(FlagsmithProvider.class)
@ConditionalOnProperty(name = "llm-proxy.flags.provider", havingValue = "flagsmith")
@ConditionalOnMissingBean(FeatureProvider.class)
class FlagsmithFlagConfiguration {

	@Bean
	FlagProviderFactory llmFlagsmith(FlagProperties properties) {
		FlagProperties.Flagsmith flagsmith = properties.flagsmith();
		if (flagsmith.apiKey() == null) {
			throw new InvalidPropertyException("llm-proxy.flags.flagsmith.api-key", "it is missing",
					"Name the environment's key, such as ${FLAGSMITH_API_KEY}.");
		}
		FlagsmithProviderOptions options = FlagsmithProviderOptions.builder()
			.apiKey(flagsmith.apiKey())
			.baseUri(flagsmith.url().toString())
			.localEvaluation(flagsmith.localEvaluation())
			.environmentRefreshIntervalSeconds((int) Math.max(1, flagsmith.interval().toSeconds()))
			.usingBooleanConfigValue(false)
			.build();
		return new FlagProviderFactory() {

			@Override
			public FeatureProvider create() {
				return new FlagsmithProvider(options);
			}

			@Override
			public boolean remote() {
				return !flagsmith.localEvaluation();
			}

		};
	}

}
