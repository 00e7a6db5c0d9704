package dev.llmproxy.observability;

import java.util.Collection;

import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.ProviderHealth.Status;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Shows for each provider whether it is called and answers. */
public final class ProviderMeters implements MeterBinder {

	private final Collection<String> providers;

	private final ProviderHealth health;

	/**
	 * Creates the meters.
	 * @param providers their names
	 */
	public ProviderMeters(Collection<String> providers, ProviderHealth health) {
		this.providers = providers;
		this.health = health;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (String provider : this.providers) {
			Gauge.builder("llm.proxy.provider.up", this.health, (health) -> up(health.status(provider)))
				.description("0 if the provider is down or taken out, 1 otherwise")
				.tag("provider", provider)
				.register(registry);
		}
	}

	private static int up(Status status) {
		return (status == Status.DOWN || status == Status.DISABLED) ? 0 : 1;
	}

}
