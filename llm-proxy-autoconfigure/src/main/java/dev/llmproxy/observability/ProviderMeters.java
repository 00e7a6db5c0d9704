package dev.llmproxy.observability;

import java.util.Collection;
import java.util.function.Supplier;

import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.ProviderHealth.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/** Shows for each provider whether it is called and answers. */
public final class ProviderMeters implements MeterBinder {

	private final Supplier<? extends Collection<String>> providers;

	private final ProviderHealth health;

	private volatile @Nullable MultiGauge gauge;

	/**
	 * Creates the meters.
	 * @param providers the names of those there are now
	 */
	public ProviderMeters(Supplier<? extends Collection<String>> providers, ProviderHealth health) {
		this.providers = providers;
		this.health = health;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.gauge = MultiGauge.builder("llm.proxy.provider.up")
			.description("0 if the provider is down or taken out, 1 otherwise")
			.register(registry);
		refresh();
	}

	/** Other providers than before may be there. */
	public void refresh() {
		MultiGauge gauge = this.gauge;
		if (gauge != null) {
			gauge.register(this.providers.get().stream().map(this::row).toList());
		}
	}

	private MultiGauge.Row<ProviderHealth> row(String provider) {
		return MultiGauge.Row.of(Tags.of("provider", provider), this.health, (health) -> up(health.status(provider)));
	}

	private static int up(Status status) {
		return (status == Status.DOWN || status == Status.DISABLED) ? 0 : 1;
	}

}
