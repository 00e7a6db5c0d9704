package dev.llmproxy.autoconfigure;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

import dev.llmproxy.provider.HttpProvider;
import dev.llmproxy.provider.Providers;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.Ordered;

/**
 * The providers. One that stays as it was is the same instance, with its connections; one
 * that is gone lets go of its connections as answers under way end.
 */
final class ReloadableProviders implements Reloadable {

	private static final Set<String> OWN = Set.of("providers", "detectproviders");

	private final BiFunction<Reload, List<ConfiguredProvider>, ConfiguredProviders> maker;

	private final Providers first;

	private ConfiguredProviders current;

	/**
	 * Creates the part.
	 * @param current the first ones
	 * @param maker makes the next ones, given those that there are
	 */
	ReloadableProviders(ConfiguredProviders current,
			BiFunction<Reload, List<ConfiguredProvider>, ConfiguredProviders> maker) {
		this.current = current;
		this.first = current.providers();
		this.maker = maker;
	}

	Providers first() {
		return this.first;
	}

	@Override
	public String name() {
		return "providers";
	}

	@Override
	public boolean owns(ConfigurationPropertyName property) {
		return OWN.contains(KnownProperties.feature(property));
	}

	@Override
	public void prepare(Reload reload) {
		ConfiguredProviders next = this.maker.apply(reload, this.current.all());
		if (!next.equals(this.current)) {
			reload.put(this, Providers.class, next.providers(), () -> replace(next));
		}
	}

	private void replace(ConfiguredProviders next) {
		Set<ConfiguredProvider> gone = new HashSet<>(this.current.all());
		next.all().forEach(gone::remove);
		this.current = next;
		for (ConfiguredProvider one : gone) {
			if (one.provider() instanceof HttpProvider provider) {
				provider.close();
			}
		}
	}

	/** Before the routes. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
