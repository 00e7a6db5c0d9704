package dev.llmproxy.autoconfigure;

import dev.llmproxy.cache.CachePolicies;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** How answers are kept. Where they are is settled when the application starts. */
final class ReloadableCache implements Reloadable {

	private CachePolicies current;

	ReloadableCache(CachePolicies first) {
		this.current = first;
	}

	CachePolicies first() {
		return this.current;
	}

	@Override
	public String name() {
		return "cache";
	}

	@Override
	public boolean owns(ConfigurationPropertyName property) {
		if (!"cache".equals(KnownProperties.feature(property))) {
			return false;
		}
		if (property.getNumberOfElements() != 3) {
			return property.toString().equals("llm-proxy.cache.semantic.enabled");
		}
		return switch (property.getElement(2, ConfigurationPropertyName.Form.UNIFORM)) {
			case "maxsize", "maxanswer", "store", "warmdirectory" -> false;
			default -> true;
		};
	}

	@Override
	public void prepare(Reload reload) {
		CachePolicies next = ConfiguredCache.read(reload.bind("llm-proxy.cache", CacheProperties.class),
				reload.bind("llm-proxy", RoutingProperties.class));
		if (!next.equals(this.current)) {
			reload.put(this, CachePolicies.class, next, () -> this.current = next);
		}
	}

}
