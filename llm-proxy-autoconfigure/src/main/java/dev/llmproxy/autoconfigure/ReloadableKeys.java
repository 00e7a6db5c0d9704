package dev.llmproxy.autoconfigure;

import java.util.List;
import java.util.Set;

import dev.llmproxy.access.AnonymousAccess;
import dev.llmproxy.access.ClientKey;
import dev.llmproxy.access.ClientKeys;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/** The callers' keys. */
final class ReloadableKeys implements Reloadable {

	private static final Set<String> OWN = Set.of("keys", "anonymous");

	private Held current;

	ReloadableKeys(AccessProperties properties, Environment environment) {
		this.current = Held.of(properties, environment);
	}

	ClientKeys first() {
		return this.current.keys();
	}

	@Override
	public String name() {
		return "keys";
	}

	@Override
	public boolean owns(ConfigurationPropertyName property) {
		return property.getNumberOfElements() > 2 && "access".equals(KnownProperties.feature(property))
				&& OWN.contains(property.getElement(2, ConfigurationPropertyName.Form.UNIFORM));
	}

	@Override
	public void prepare(Reload reload) {
		Held next = Held.of(reload.bind("llm-proxy.access", AccessProperties.class), reload.environment());
		if (next.equals(this.current)) {
			return;
		}
		if (next.anonymous() == AnonymousAccess.LOCAL && this.current.anonymous() != AnonymousAccess.LOCAL) {
			throw new InvalidPropertyException("llm-proxy.access.keys",
					"no key would be left, and so programs on this machine be let in without one",
					"Keep a key. Or say 'llm-proxy.access.anonymous', or start the server anew, if that is meant.");
		}
		reload.put(this, ClientKeys.class, next.keys(), () -> this.current = next);
	}

	/**
	 * Keys as they were read.
	 */
	private record Held(List<ClientKey> all, AnonymousAccess anonymous) {

		static Held of(AccessProperties properties, Environment environment) {
			List<ClientKey> keys = ConfiguredKeys.read(properties, environment);
			return new Held(keys, anonymous(properties, keys.isEmpty()));
		}

		private static AnonymousAccess anonymous(AccessProperties properties, boolean noKeys) {
			if (properties.anonymous() == null) {
				return noKeys ? AnonymousAccess.LOCAL : AnonymousAccess.NONE;
			}
			return properties.anonymous() ? AnonymousAccess.ANYWHERE : AnonymousAccess.NONE;
		}

		ClientKeys keys() {
			return new ClientKeys(this.all, this.anonymous);
		}

	}

}
