package dev.llmproxy.provider;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.llmproxy.chat.LlmError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The one judgement of how providers do, from traffic and from asking them for their
 * models. It opens no breaker: it only tells. Thread-safe.
 */
public final class ProviderHealth {

	/** So many failures in a row, and nothing else, are no accident. */
	private static final int DOWN = 3;

	private static final Log logger = LogFactory.getLog(ProviderHealth.class);

	private final StatisticsGate statistics;

	private final AttemptGates gates;

	private final ProviderSwitch operator;

	private final long memory;

	private final Map<String, Probe> probes = new ConcurrentHashMap<>();

	/**
	 * Creates the judgement.
	 * @param gates what keeps calls away from targets
	 * @param memory after which a probe says nothing any more: who is asked only now and
	 * then must not be taken for dead forever
	 */
	public ProviderHealth(StatisticsGate statistics, AttemptGates gates, ProviderSwitch operator, Duration memory) {
		this.statistics = statistics;
		this.gates = gates;
		this.operator = operator;
		this.memory = memory.toNanos();
	}

	/**
	 * Asks a provider for its models and remembers whether it could tell.
	 * @see Provider#discover(Duration)
	 */
	public Mono<List<Provider.Model>> discover(Provider provider, Duration patience) {
		return provider.discover(patience)
			.timeout(patience)
			.doOnNext((models) -> remember(provider, null))
			.doOnError((failure) -> remember(provider, UpstreamFailures.of(failure, provider.name()).error()));
	}

	private void remember(Provider provider, @Nullable LlmError error) {
		// Not the message: a provider may quote what it was sent.
		String code = (error == null) ? null : (error.code() != null) ? error.code() : error.kind().name();
		this.probes.compute(provider.name(), (name, before) -> {
			int failed = (code == null) ? 0 : (before != null) ? before.failedInARow() + 1 : 1;
			long succeeded = (before != null && before.failedInARow() > 0) ? before.succeeded() : succeeded(name);
			Probe now = new Probe(failed, code, System.nanoTime(), succeeded);
			log(name, (before != null) ? before.status() : Status.UNKNOWN, now);
			return now;
		});
	}

	private static void log(String name, Status before, Probe now) {
		Status status = now.status();
		if (status != Status.UP && status != before) {
			logger.warn("Provider '" + name + "' can't be asked for its models (" + now.lastError() + "): " + before
					+ " -> " + status);
		}
		else if (status == Status.UP && before != Status.UP && before != Status.UNKNOWN) {
			logger.info("Provider '" + name + "' can be asked for its models again: " + before + " -> " + status);
		}
	}

	/** How a provider does. */
	public Status status(String provider) {
		if (this.operator.disabled().contains(provider)) {
			return Status.DISABLED;
		}
		Status traffic = traffic(provider);
		Status probed = probed(provider);
		return (traffic.compareTo(probed) >= 0) ? traffic : probed;
	}

	private Status traffic(String provider) {
		int targets = 0;
		int failing = 0;
		int unwell = 0;
		for (TargetStatistics target : targets(provider)) {
			Unavailability unavailable = this.gates.unavailability(target.target());
			targets++;
			if (target.failedInARow() >= DOWN || isOpen(unavailable)) {
				failing++;
			}
			else if (unavailable != null && this.operator.unavailability(target.target()) == null) {
				unwell++;
			}
		}
		if (targets == 0) {
			return Status.UNKNOWN;
		}
		return (failing == targets) ? Status.DOWN : (failing + unwell > 0) ? Status.DEGRADED : Status.UP;
	}

	/** A rest is short and no fault; an open breaker is one. */
	private static boolean isOpen(@Nullable Unavailability unavailable) {
		return unavailable != null && (unavailable.reason().equals(Unavailability.BREAKER_OPEN)
				|| unavailable.reason().equals(Unavailability.BREAKER_FORCED_OPEN));
	}

	private Status probed(String provider) {
		Probe probe = probe(provider);
		if (probe == null) {
			return Status.UNKNOWN;
		}
		// Calls are what counts: a key may be good for them and not for the list.
		return (probe.status() == Status.DOWN && succeeded(provider) > probe.succeeded()) ? Status.DEGRADED
				: probe.status();
	}

	/** What asking it said last; {@code null} if that is long ago. */
	public @Nullable Probe probe(String provider) {
		Probe probe = this.probes.get(provider);
		return (probe != null && System.nanoTime() - probe.at() <= this.memory) ? probe : null;
	}

	/** The targets of a provider that were called. */
	public List<TargetStatistics> targets(String provider) {
		return this.statistics.all()
			.values()
			.stream()
			.filter((target) -> target.target().provider().name().equals(provider))
			.toList();
	}

	private long succeeded(String provider) {
		return targets(provider).stream().mapToLong(TargetStatistics::succeededCount).sum();
	}

	/**
	 * Whether a target would be called now. Failures of the past don't count: who is not
	 * called because of them would never be called again.
	 */
	public boolean isAvailable(Target target) {
		return this.gates.unavailability(target) == null && probed(target.provider().name()) != Status.DOWN;
	}

	/**
	 * Whether a provider, or one of its targets that were called, would be called now.
	 */
	public boolean isAvailable(String provider) {
		String forced = this.operator.forced();
		if (this.operator.disabled().contains(provider) || (forced != null && !forced.equals(provider))
				|| probed(provider) == Status.DOWN) {
			return false;
		}
		List<TargetStatistics> targets = targets(provider);
		return targets.isEmpty()
				|| targets.stream().anyMatch((target) -> this.gates.unavailability(target.target()) == null);
	}

	/** How a provider does; the worse, the later. */
	public enum Status {

		/** Nobody has called it yet. */
		UNKNOWN,

		UP,

		/** Some of it fails, or has done so for less than three times in a row. */
		DEGRADED,

		DOWN,

		/** Taken out by an operator. */
		DISABLED

	}

	/**
	 * What asking for models said.
	 *
	 * @param failedInARow times in vain since it could last tell
	 * @param lastError the code of why; {@code null} if it could tell
	 * @param at when, by {@link System#nanoTime()}
	 * @param succeeded calls of it that had succeeded when the failures began
	 */
	public record Probe(int failedInARow, @Nullable String lastError, long at, long succeeded) {

		public Status status() {
			return (this.failedInARow == 0) ? Status.UP : (this.failedInARow < DOWN) ? Status.DEGRADED : Status.DOWN;
		}

	}

}
