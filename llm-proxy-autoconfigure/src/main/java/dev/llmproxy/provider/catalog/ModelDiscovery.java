package dev.llmproxy.provider.catalog;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderHealth;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Remembers what providers told of their models. A list is asked for anew, by one at a
 * time, shortly before it is too old; meanwhile, and as long as the provider fails, the
 * last one is told. Thread-safe.
 */
public final class ModelDiscovery {

	/** A failing provider is asked again after that, or sooner if lists live shorter. */
	private static final Duration PAUSE = Duration.ofSeconds(30);

	private final ProviderHealth health;

	private final Duration ttl;

	private final Duration patience;

	private final InstantSource clock;

	private final Map<String, Entry> entries = new ConcurrentHashMap<>();

	/**
	 * Creates the memory, which is empty.
	 * @param health hears which providers could tell
	 * @param ttl how old a list gets
	 * @param patience with a provider that is asked
	 */
	public ModelDiscovery(ProviderHealth health, Duration ttl, Duration patience, InstantSource clock) {
		this.health = health;
		this.ttl = ttl;
		this.patience = patience;
		this.clock = clock;
	}

	/** The models of a provider, at once if it ever told them; never fails. */
	public Mono<FoundModels> models(Provider provider) {
		return Mono.defer(() -> entry(provider).current());
	}

	/** Asks a provider, or waits for the answer of who asks already; never fails. */
	public Mono<FoundModels> refresh(Provider provider) {
		return Mono.defer(() -> entry(provider).refresh());
	}

	/** What is remembered of a provider. */
	public FoundModels known(Provider provider) {
		return entry(provider).found;
	}

	/** Another provider of the same name may have other models. */
	@SuppressWarnings("ReferenceEquality") // the very provider
	private Entry entry(Provider provider) {
		Entry known = this.entries.get(provider.name());
		return (known != null && known.provider == provider) ? known : this.entries.compute(provider.name(),
				(name, entry) -> (entry != null && entry.provider == provider) ? entry : new Entry(provider));
	}

	private final class Entry {

		private final Provider provider;

		private final AtomicReference<Sinks.@Nullable One<FoundModels>> flight = new AtomicReference<>();

		private volatile FoundModels found = FoundModels.NONE;

		private volatile Instant nextAttempt = Instant.MIN;

		Entry(Provider provider) {
			this.provider = provider;
		}

		Mono<FoundModels> current() {
			FoundModels known = this.found;
			boolean due = !ModelDiscovery.this.clock.instant().isBefore(this.nextAttempt);
			if (!due) {
				return Mono.just(known);
			}
			Mono<FoundModels> refreshed = refresh();
			return (known.toldAt() != null) ? Mono.just(known) : refreshed;
		}

		/**
		 * Nobody's leaving ends it: others may wait, and the next one would ask again.
		 */
		Mono<FoundModels> refresh() {
			Sinks.One<FoundModels> mine = Sinks.one();
			Sinks.One<FoundModels> running = this.flight.compareAndExchange(null, mine);
			if (running != null) {
				return running.asMono();
			}
			Mono.defer(this::ask)
				.subscribe((models) -> told(models, mine), (failure) -> failed(mine), () -> told(List.of(), mine));
			return mine.asMono();
		}

		private Mono<List<Provider.Model>> ask() {
			return this.provider.discovers()
					? ModelDiscovery.this.health.discover(this.provider, ModelDiscovery.this.patience)
					: this.provider.models().collectList().timeout(ModelDiscovery.this.patience);
		}

		private void told(List<Provider.Model> models, Sinks.One<FoundModels> mine) {
			Duration ttl = ModelDiscovery.this.ttl;
			// Shortly before it is too old.
			end(new FoundModels(models, now(), null), ttl.minus(ttl.dividedBy(10)), mine);
		}

		private void failed(Sinks.One<FoundModels> mine) {
			FoundModels known = this.found;
			Instant since = (known.failingSince() != null) ? known.failingSince() : now();
			Duration ttl = ModelDiscovery.this.ttl;
			end(new FoundModels(known.models(), known.toldAt(), since), (ttl.compareTo(PAUSE) < 0) ? ttl : PAUSE, mine);
		}

		@SuppressWarnings("ReferenceEquality") // the very flight
		private void end(FoundModels next, Duration pause, Sinks.One<FoundModels> mine) {
			if (this.flight.get() != mine) {
				// It has been told already: an answer is followed by its end.
				return;
			}
			this.found = next;
			this.nextAttempt = now().plus(pause);
			this.flight.set(null);
			mine.tryEmitValue(next);
		}

		private Instant now() {
			return ModelDiscovery.this.clock.instant();
		}

	}

}
