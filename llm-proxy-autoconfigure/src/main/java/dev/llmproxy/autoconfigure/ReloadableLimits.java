package dev.llmproxy.autoconfigure;

import dev.llmproxy.limit.LimitRules;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** The limits of callers. Those of targets come with the routes. */
final class ReloadableLimits implements Reloadable {

	private LimitRules current;

	ReloadableLimits(LimitRules first) {
		this.current = first;
	}

	LimitRules first() {
		return this.current;
	}

	@Override
	public String name() {
		return "limits";
	}

	/** The rules. Where is counted is settled when the application starts. */
	@Override
	public boolean owns(ConfigurationPropertyName property) {
		return property.getNumberOfElements() > 2 && "limits".equals(KnownProperties.feature(property))
				&& "rules".equals(property.getElement(2, ConfigurationPropertyName.Form.UNIFORM));
	}

	@Override
	public void prepare(Reload reload) {
		LimitRules next = ConfiguredLimits.read(reload.bind("llm-proxy.limits", LimitProperties.class),
				reload.bind("llm-proxy.access", AccessProperties.class),
				reload.bind("llm-proxy", RoutingProperties.class));
		if (!next.equals(this.current)) {
			reload.put(this, LimitRules.class, next, () -> this.current = next);
		}
	}

}
