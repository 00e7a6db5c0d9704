package dev.llmproxy.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Authenticator;
import dev.llmproxy.provider.Credential;
import dev.llmproxy.provider.CredentialPool;
import dev.llmproxy.provider.Endpoint;
import dev.llmproxy.provider.HeaderAuthenticator;
import dev.llmproxy.provider.HttpProvider;
import dev.llmproxy.provider.HttpProviderSpec;
import dev.llmproxy.provider.NettyTransport;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.Quirks;
import dev.llmproxy.provider.Timeouts;
import dev.llmproxy.provider.TransportSettings;
import dev.llmproxy.provider.UpstreamLimits;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;

/** The providers that properties describe, beside those that are beans. */
@AutoConfiguration
@EnableConfigurationProperties(ProviderProperties.class)
public final class ProviderAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Providers llmProviders(ProviderProperties properties, ObjectProvider<Provider> beans, Codecs codecs,
			ObjectProvider<ReactorResourceFactory> resources) {
		List<Provider> providers = new ArrayList<>(beans.orderedStream().toList());
		ReactorResourceFactory factory = resources.getIfAvailable();
		LoopResources loops = (factory != null) ? factory.getLoopResources() : LoopResources.create("llm-proxy");
		properties.providers().forEach((name, settings) -> providers.add(provider(name, settings, codecs, loops)));
		return new Providers(providers);
	}

	private static Provider provider(String name, ProviderProperties.Settings settings, Codecs codecs,
			LoopResources loops) {
		Map<HttpProviderSpec.Key, Endpoint> endpoints = new LinkedHashMap<>();
		endpoints.put(new HttpProviderSpec.Key(Operation.CHAT, Dialect.OPENAI), new Endpoint("/chat/completions"));
		Authenticator authenticator = (settings.apiKey() != null) ? new HeaderAuthenticator("authorization", "Bearer ",
				new CredentialPool(List.of(new Credential("0", settings.apiKey())))) : Authenticator.NONE;
		HttpProviderSpec spec = new HttpProviderSpec(name, name, Objects.requireNonNull(settings.baseUrl()), endpoints,
				"/models", Map.of(), null, authenticator, Quirks.NONE, false, Timeouts.DEFAULT, UpstreamLimits.DEFAULT,
				settings.models(), List.of());
		return new HttpProvider(spec, codecs, new NettyTransport(name, loops, TransportSettings.DEFAULT));
	}

}
