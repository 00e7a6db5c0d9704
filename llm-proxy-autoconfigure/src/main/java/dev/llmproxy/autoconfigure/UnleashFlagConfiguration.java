package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.openfeature.contrib.providers.unleash.UnleashProvider;
import dev.openfeature.contrib.providers.unleash.UnleashProviderConfig;
import dev.openfeature.sdk.FeatureProvider;
import io.getunleash.util.UnleashConfig;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Flags of Unleash. Its client fetches all rules now and then and answers out of memory,
 * also when the server is away.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ UnleashProvider.class, UnleashConfig.class })
@ConditionalOnProperty(name = "llm-proxy.flags.provider", havingValue = "unleash")
@ConditionalOnMissingBean(FeatureProvider.class)
class UnleashFlagConfiguration {

	@Bean
	FlagProviderFactory llmUnleash(FlagProperties properties) {
		FlagProperties.Unleash unleash = properties.unleash();
		if (unleash.url() == null) {
			throw new InvalidPropertyException("llm-proxy.flags.unleash.url", "it is missing",
					"Name the API of Unleash, such as https://unleash.example.com/api.");
		}
		UnleashConfig.Builder config = UnleashConfig.builder()
			.appName(unleash.appName())
			.unleashAPI(unleash.url())
			.fetchTogglesInterval(Math.max(1, unleash.interval().toSeconds()))
			.backupFile(backup(unleash).toString())
			.synchronousFetchOnInitialisation(true)
			.startupExceptionHandler((failure) -> {
				// It goes on trying, and logs itself.
			});
		if (unleash.apiKey() != null) {
			config.apiKey(unleash.apiKey());
		}
		return new FlagProviderFactory() {

			@Override
			public FeatureProvider create() {
				return new UnleashProvider(UnleashProviderConfig.builder().unleashConfigBuilder(config).build());
			}

			@Override
			public boolean remote() {
				return false;
			}

		};
	}

	/**
	 * The client wants a file, and by itself takes one that everybody on the machine may
	 * have written.
	 */
	private static Path backup(FlagProperties.Unleash unleash) {
		if (unleash.backupFile() != null) {
			return unleash.backupFile();
		}
		try {
			Path directory = Files.createTempDirectory("llm-proxy-flags");
			Path file = directory.resolve("unleash.json");
			directory.toFile().deleteOnExit();
			file.toFile().deleteOnExit();
			return file;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
