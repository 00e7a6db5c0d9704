package dev.llmproxy.autoconfigure;

import dev.openfeature.contrib.providers.flagd.Config;
import dev.openfeature.contrib.providers.flagd.FlagdOptions;
import dev.openfeature.contrib.providers.flagd.FlagdProvider;
import dev.openfeature.sdk.FeatureProvider;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Flags of flagd. By default it sends its rules, and whenever they change, and flags are
 * told out of memory; by rpc each is a question.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(FlagdProvider.class)
@ConditionalOnProperty(name = "llm-proxy.flags.provider", havingValue = "flagd")
@ConditionalOnMissingBean(FeatureProvider.class)
class FlagdFlagConfiguration {

	@Bean
	FlagProviderFactory llmFlagd(FlagProperties properties) {
		FlagProperties.Flagd flagd = properties.flagd();
		FlagdOptions.FlagdOptionsBuilder options = FlagdOptions.builder().resolverType(resolver(flagd.resolver()));
		if (flagd.resolver() == FlagProperties.Flagd.Resolver.FILE) {
			if (flagd.file() == null) {
				throw new InvalidPropertyException("llm-proxy.flags.flagd.file", "it is missing",
						"Name the file with the rules, or set llm-proxy.flags.flagd.resolver to in-process.");
			}
			options.offlineFlagSourcePath(flagd.file().toString());
		}
		else {
			options.host(flagd.host()).tls(flagd.tls());
			if (flagd.port() != null) {
				options.port(flagd.port());
			}
			if (flagd.resolver() == FlagProperties.Flagd.Resolver.IN_PROCESS) {
				// How long it waits for the rules. It asks for nothing afterwards.
				options.deadline(Math.toIntExact(properties.startTimeout().toMillis()));
			}
			if (flagd.selector() != null) {
				options.selector(flagd.selector());
			}
		}
		boolean remote = flagd.resolver() == FlagProperties.Flagd.Resolver.RPC;
		return new FlagProviderFactory() {

			@Override
			public FeatureProvider create() {
				return new FlagdProvider(options.build());
			}

			@Override
			public boolean remote() {
				return remote;
			}

		};
	}

	private static Config.Resolver resolver(FlagProperties.Flagd.Resolver resolver) {
		return switch (resolver) {
			case IN_PROCESS -> Config.Resolver.IN_PROCESS;
			case RPC -> Config.Resolver.RPC;
			case FILE -> Config.Resolver.FILE;
		};
	}

}
