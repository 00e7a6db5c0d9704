package dev.llmproxy.autoconfigure;

import java.util.Set;

import dev.llmproxy.flag.FlagSettings;
import dev.llmproxy.flag.OpenFeatureFlags;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * The flags that are configured here, and who asks which. Who knows other flags is
 * settled when the application starts, and that a flag names models.
 */
final class ReloadableFlags implements Reloadable {

	private static final Set<String> OWN = Set.of("by", "values");

	private final OpenFeatureFlags flags;

	private final boolean ours;

	private final boolean named;

	private FlagSettings current;

	/**
	 * Creates the part.
	 * @param ours whether there are no flags but those that are configured here
	 */
	ReloadableFlags(OpenFeatureFlags flags, FlagSettings first, boolean ours) {
		this.flags = flags;
		this.ours = ours;
		this.current = first;
		this.named = first.model() != null;
	}

	FlagSettings first() {
		return this.current;
	}

	@Override
	public String name() {
		return "flags";
	}

	@Override
	public boolean owns(ConfigurationPropertyName property) {
		return property.getNumberOfElements() > 2 && "flags".equals(KnownProperties.feature(property))
				&& owned(property.getElement(2, ConfigurationPropertyName.Form.UNIFORM));
	}

	/** There is a filter only where a flag names models from the start. */
	private boolean owned(String element) {
		return OWN.contains(element) || (this.named && element.equals("model"));
	}

	@Override
	public void prepare(Reload reload) {
		FlagSettings next = ConfiguredFlags.read(reload.bind("llm-proxy.flags", FlagProperties.class),
				reload.bind("llm-proxy", RoutingProperties.class),
				reload.bind("llm-proxy.cache", CacheProperties.class),
				reload.bind("llm-proxy.context", ContextProperties.class), this.ours);
		if (next.equals(this.current)) {
			return;
		}
		if (!next.unused()) {
			this.flags.connect();
		}
		reload.put(this, FlagSettings.class, next, () -> this.current = next);
	}

}
