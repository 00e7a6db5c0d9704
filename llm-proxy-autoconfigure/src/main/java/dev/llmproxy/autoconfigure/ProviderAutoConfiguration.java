package dev.llmproxy.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderPreset;
import dev.llmproxy.provider.ProviderPresets;
import dev.llmproxy.provider.Providers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
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
	@ConditionalOnMissingBean
	Providers llmProviders(ProviderProperties properties, ObjectProvider<Provider> beans, Codecs codecs,
			ObjectProvider<ReactorResourceFactory> resources, ObjectProvider<CloudAuthentication> clouds,
			ObjectProvider<SslBundles> bundles, Environment environment) {
		ReactorResourceFactory shared = resources.getIfAvailable();
		LoopResources loops = (shared != null) ? shared.getLoopResources() : LoopResources.create("llm-proxy");
		ProviderFactory factory = new ProviderFactory(codecs, loops, environment, clouds.orderedStream().toList(),
				(name) -> ssl(bundles.getObject(), name));
		List<Provider> providers = new ArrayList<>(beans.orderedStream().toList());
		properties.providers().forEach((name, settings) -> providers.add(factory.create(name, settings)));
		if (properties.detectProviders()) {
			providers.addAll(detected(properties, providers, factory, environment));
		}
		return new Providers(providers);
	}

	/** Vendors that nobody configured and whose key is in the environment. */
	private static List<Provider> detected(ProviderProperties properties, List<Provider> configured,
			ProviderFactory factory, Environment environment) {
		Set<String> taken = configured.stream().map(Provider::name).collect(Collectors.toSet());
		properties.providers().values().forEach((settings) -> {
			if (settings.type() != null) {
				taken.add(settings.type());
			}
		});
		ProviderProperties.Settings defaults = Binder.get(environment)
			.bindOrCreate("llm-proxy.no-such-provider", Bindable.of(ProviderProperties.Settings.class));
		return ProviderPresets.all()
			.stream()
			.filter((preset) -> !taken.contains(preset.type()) && canDetect(preset, environment)
					&& factory.detected(preset) != null)
			.map((preset) -> factory.create(preset.type(), defaults))
			.toList();
	}

	/** Azure's key is of no use without its endpoint, Bedrock's without a region. */
	private static boolean canDetect(ProviderPreset preset, Environment environment) {
		return switch (preset.type()) {
			case "azure" -> environment.containsProperty("AZURE_OPENAI_ENDPOINT");
			case "bedrock" ->
				environment.containsProperty("AWS_REGION") || environment.containsProperty("AWS_DEFAULT_REGION");
			default -> true;
		};
	}

	private static UnaryOperator<HttpClient> ssl(SslBundles bundles, String name) {
		return new SslBundleCustomizer(bundles.getBundle(name));
	}

}
