package dev.llmproxy.observability;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

import dev.llmproxy.provider.Connections;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Shows the connections to each provider. Reads what is there; nothing is per call.
 */
public final class ConnectionMeters {

	private final MeterRegistry registry;

	private final Providers providers;

	private final Set<String> shown = ConcurrentHashMap.newKeySet();

	public ConnectionMeters(MeterRegistry registry, Providers providers) {
		this.registry = registry;
		this.providers = providers;
	}

	/** Other providers than before may be there. */
	public void refresh() {
		for (Provider provider : this.providers.all()) {
			if (provider.connections() != null && this.shown.add(provider.name())) {
				gauge(provider.name(), "active", Connections::active);
				gauge(provider.name(), "idle", Connections::idle);
				gauge(provider.name(), "pending", Connections::pending);
			}
		}
	}

	private void gauge(String provider, String state, ToIntFunction<Connections> value) {
		Gauge.builder("llm.proxy.upstream.connections", this.providers, (providers) -> {
			Connections connections = connections(providers, provider);
			return (connections != null) ? value.applyAsInt(connections) : 0;
		})
			.description("Connections to a provider, and calls that wait for one")
			.tags("provider", provider, "state", state)
			.register(this.registry);
	}

	private static @Nullable Connections connections(Providers providers, String name) {
		Provider provider = providers.find(name);
		return (provider != null) ? provider.connections() : null;
	}

}
