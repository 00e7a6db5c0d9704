package dev.llmproxy.autoconfigure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderPreset;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.simulator.SimulatorProvider;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * All providers: beans first, then configured ones, then those that the environment has
 * keys for.
 *
 * @param all in this order
 */
record ConfiguredProviders(List<ConfiguredProvider> all) {

	private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

	ConfiguredProviders {
		all = List.copyOf(all);
	}

	/**
	 * Puts them together.
	 * @throws InvalidPropertyException if two have one name, or a name can't be used
	 */
	static ConfiguredProviders of(List<Provider> beans, ProviderProperties properties, ProviderFactory factory,
			Environment environment) {
		Map<String, String> places = new HashMap<>();
		List<ConfiguredProvider> all = new ArrayList<>();
		for (Provider bean : beans) {
			claim(places, bean.name(), "a bean of type " + bean.getClass().getName());
			all.add(describe(bean));
		}
		properties.providers().forEach((name, settings) -> {
			claim(places, name, "the property llm-proxy.providers." + name);
			all.add(factory.create(name, settings));
		});
		if (properties.detectProviders()) {
			all.addAll(detected(properties, places.keySet(), factory, environment));
		}
		return new ConfiguredProviders(all);
	}

	private static void claim(Map<String, String> places, String name, String place) {
		if (!NAME.matcher(name).matches()) {
			throw new InvalidPropertyException("llm-proxy.providers", "'" + name + "' (" + place + ") is no name",
					"Use up to 64 lower case letters, digits and . _ -, because it is the first part of "
							+ "provider/model.");
		}
		String previous = places.put(name, place);
		if (previous != null) {
			throw new InvalidPropertyException("llm-proxy.providers",
					"two providers are named '" + name + "': " + previous + " and " + place,
					"Give one of them another name.");
		}
	}

	private static ConfiguredProvider describe(Provider bean) {
		return (bean instanceof SimulatorProvider)
				? new ConfiguredProvider(bean, SimulatorProvider.NAME, "answers without a model", null)
				: new ConfiguredProvider(bean, bean.vendor(), "a bean of the application", null);
	}

	/** Vendors that nobody configured and whose key is in the environment. */
	private static List<ConfiguredProvider> detected(ProviderProperties properties, Set<String> names,
			ProviderFactory factory, Environment environment) {
		Set<String> taken = new HashSet<>(names);
		properties.providers().values().forEach((settings) -> {
			if (settings.type() != null) {
				taken.add(settings.type());
			}
		});
		ProviderProperties.Settings defaults = Binder.get(environment)
			.bindOrCreate("llm-proxy.no-such-provider", Bindable.of(ProviderProperties.Settings.class));
		return EnvironmentKey.detect(environment)
			.stream()
			.map(ProviderPreset::type)
			.filter((type) -> !taken.contains(type))
			.map((type) -> factory.create(type, defaults))
			.toList();
	}

	Providers providers() {
		return new Providers(this.all.stream().map(ConfiguredProvider::provider).toList());
	}

}
