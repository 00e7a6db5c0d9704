package dev.llmproxy.autoconfigure;

import java.util.Set;

import dev.llmproxy.context.ContextPolicies;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * What is done with long conversations. How summaries are kept is settled when the
 * application starts, and what a route says comes with the routes.
 */
final class ReloadableContext implements Reloadable {

	private static final Set<String> SETTLED = Set.of("summaries");

	private ContextPolicies current;

	ReloadableContext(ContextPolicies first) {
		this.current = first;
	}

	ContextPolicies first() {
		return this.current;
	}

	@Override
	public String name() {
		return "context";
	}

	@Override
	public boolean owns(ConfigurationPropertyName property) {
		return property.getNumberOfElements() > 2 && "context".equals(KnownProperties.feature(property))
				&& !SETTLED.contains(property.getElement(2, ConfigurationPropertyName.Form.UNIFORM));
	}

	@Override
	public void prepare(Reload reload) {
		ContextPolicies next = ConfiguredContext.read(reload.bind("llm-proxy.context", ContextProperties.class),
				reload.bind("llm-proxy", RoutingProperties.class));
		if (!next.equals(this.current)) {
			reload.put(this, ContextPolicies.class, next, () -> this.current = next);
		}
	}

}
