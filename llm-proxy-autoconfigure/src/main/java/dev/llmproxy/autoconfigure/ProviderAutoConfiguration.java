package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.TokenCounters;
import dev.llmproxy.provider.token.FamilyCounters;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * The providers that properties and the environment describe, beside those that are
 * beans.
 */
@AutoConfiguration
@EnableConfigurationProperties(ProviderProperties.class)
@Import({ AwsAuthenticationConfiguration.class, GoogleAuthenticationConfiguration.class, SnapshotConfiguration.class })
public final class ProviderAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(Providers.class)
	ReloadableProviders llmReloadableProviders(ConfiguredProviders configured, ProviderFactory factory,
			ObjectProvider<Provider> beans) {
		List<Provider> fixed = beans.orderedStream().toList();
		return new ReloadableProviders(configured,
				(reload, known) -> ConfiguredProviders.of(fixed, reload.bind("llm-proxy", ProviderProperties.class),
						factory.with(reload.environment(), known), reload.environment()));
	}

	@Bean
	@ConditionalOnMissingBean(Providers.class)
	ProviderFactory llmProviderFactory(Codecs codecs, ObjectProvider<ReactorResourceFactory> resources,
			ObjectProvider<CloudAuthentication> clouds, ObjectProvider<SslBundles> bundles,
			ObjectProvider<TokenCounters> counters, Environment environment) {
		ReactorResourceFactory shared = resources.getIfAvailable();
		LoopResources loops = (shared != null) ? shared.getLoopResources() : LoopResources.create("llm-proxy");
		return new ProviderFactory(codecs, loops, environment, clouds.orderedStream().toList(),
				(name) -> ClientTls.of(bundles.getObject().getBundle(name)),
				counters.getIfAvailable(() -> FamilyCounters.ESTIMATES));
	}

	@Bean
	@ConditionalOnMissingBean(Providers.class)
	ConfiguredProviders llmConfiguredProviders(ProviderProperties properties, ObjectProvider<Provider> beans,
			ProviderFactory factory, Environment environment) {
		return ConfiguredProviders.of(beans.orderedStream().toList(), properties, factory, environment);
	}

	@Bean
	@ConditionalOnMissingBean
	Providers llmProviders(ReloadableProviders providers, LiveSnapshot live) {
		live.add(Providers.class, providers.first());
		return Providers.following(() -> live.get(Providers.class));
	}

}
