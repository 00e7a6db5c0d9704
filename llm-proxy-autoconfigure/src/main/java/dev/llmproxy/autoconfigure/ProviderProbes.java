package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.Providers;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * Asks providers for their models now and then, one after the other within an interval,
 * and none again before it has answered.
 */
final class ProviderProbes implements SmartLifecycle, ReloadListener {

	private final Providers providers;

	private final ProviderHealth health;

	private final HealthProperties.Probe settings;

	private volatile @Nullable Disposable running;

	ProviderProbes(Providers providers, ProviderHealth health, HealthProperties.Probe settings) {
		this.providers = providers;
		this.health = health;
		this.settings = settings;
	}

	@Override
	public synchronized void start() {
		List<Provider> all = List.copyOf(this.providers.all());
		List<Disposable> loops = new ArrayList<>();
		for (int i = 0; i < all.size(); i++) {
			Duration offset = this.settings.interval().multipliedBy(i).dividedBy(all.size());
			loops.add(Mono.delay(offset).then(rounds(all.get(i))).subscribe());
		}
		this.running = Disposables.composite(loops);
	}

	private Mono<Void> rounds(Provider provider) {
		return this.health.discover(provider, this.settings.timeout())
			// What went wrong is remembered and logged there.
			.onErrorComplete()
			.then(Mono.defer(() -> Mono.delay(pause())))
			.repeat()
			.then();
	}

	private Duration pause() {
		double share = 1 + this.settings.jitter() * ThreadLocalRandom.current().nextDouble(-1, 1);
		return Duration.ofNanos((long) (this.settings.interval().toNanos() * share));
	}

	@Override
	public synchronized void stop() {
		Disposable running = this.running;
		if (running != null) {
			running.dispose();
			this.running = null;
		}
	}

	/** Begins anew, because others may be there. */
	@Override
	public synchronized void reloaded(ReloadReport report) {
		if (report.outcome() == ReloadReport.Outcome.APPLIED && isRunning()) {
			stop();
			start();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

}
