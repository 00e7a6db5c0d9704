package dev.llmproxy.autoconfigure;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
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
@Import({ AwsAuthenticationConfiguration.class, GoogleAuthenticationConfiguration.class })
public final class ProviderAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(Providers.class)
	ConfiguredProviders llmConfiguredProviders(ProviderProperties properties, ObjectProvider<Provider> beans,
			Codecs codecs, ObjectProvider<ReactorResourceFactory> resources, ObjectProvider<CloudAuthentication> clouds,
			ObjectProvider<SslBundles> bundles, Environment environment) {
		ReactorResourceFactory shared = resources.getIfAvailable();
		LoopResources loops = (shared != null) ? shared.getLoopResources() : LoopResources.create("llm-proxy");
		ProviderFactory factory = new ProviderFactory(codecs, loops, environment, clouds.orderedStream().toList(),
				(name) -> ClientTls.of(bundles.getObject().getBundle(name)));
		return ConfiguredProviders.of(beans.orderedStream().toList(), properties, factory, environment);
	}

	@Bean
	@ConditionalOnMissingBean
	Providers llmProviders(ConfiguredProviders configured) {
		return configured.providers();
	}

}
