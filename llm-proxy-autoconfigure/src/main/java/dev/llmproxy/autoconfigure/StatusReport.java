package dev.llmproxy.autoconfigure;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;

import dev.llmproxy.cache.LocalAnswers;
import dev.llmproxy.limit.LimitStore;
import dev.llmproxy.observability.status.TrafficReport;
import dev.llmproxy.provider.ProviderHealth;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootVersion;

/**
 * How the gateway does, at one moment.
 *
 * @param forced the provider that serves everything; {@code null} if none does
 * @param routes those that are configured
 * @param targets what routes name and what was called, the busiest first, up to
 * {@value StatusTargets#MOST}
 * @param cache {@code null} where nothing is cached
 * @param memory {@code null} where it is not counted
 * @param limits where they are counted; {@code null} where there are none
 * @param configuration {@code null} where it does not change at run time
 */
record StatusReport(About about, TrafficReport traffic, @Nullable String forced, List<ProviderState> providers,
		List<RouteState> routes, List<TargetState> targets, LocalAnswers.@Nullable Stats cache,
		@Nullable MemoryReport memory, LimitStore.@Nullable State limits, @Nullable Configuration configuration) {

	/**
	 * What it is that runs.
	 *
	 * @param version {@code null} where it was not packaged
	 */
	record About(@Nullable String version, String springBoot, String java, Instant started, long uptimeSeconds) {

		static About now() {
			long started = ManagementFactory.getRuntimeMXBean().getStartTime();
			return new About(StatusReport.class.getPackage().getImplementationVersion(), SpringBootVersion.getVersion(),
					Runtime.version().toString(), Instant.ofEpochMilli(started),
					(System.currentTimeMillis() - started) / 1000);
		}

	}

	/**
	 * A provider.
	 *
	 * @param lastError of the target that failed last in a row, or of asking it for its
	 * models; {@code null} if nothing fails now
	 */
	record ProviderState(String name, String vendor, ProviderHealth.Status status, int inFlight,
			@Nullable String lastError) {
	}

	/**
	 * A route or an alias.
	 *
	 * @param strategy how targets are chosen; {@code null} of a single one
	 * @param targets their ids
	 */
	record RouteState(String name, @Nullable String strategy, List<String> targets) {
	}

	/**
	 * A target.
	 *
	 * @param latencyMillis the moving average until an answer begins
	 * @param p95Millis the 95th percentile of that; 0 before ten answers
	 * @param breaker {@code null} if it has none yet
	 * @param unavailable why it is not called now; {@code null} if it would be
	 * @param retryMillis until it may be called again, where somebody knows
	 */
	record TargetState(String id, String provider, int inFlight, long succeeded, long failed, int failedInARow,
			@Nullable String lastError, double latencyMillis, double p95Millis, @Nullable String breaker,
			@Nullable String unavailable, @Nullable Long retryMillis) {
	}

	/**
	 * The configuration that holds.
	 *
	 * @param generation counts configurations, from 1
	 * @param outcome of the last reload; {@code null} before the first
	 */
	record Configuration(long generation, ReloadReport.@Nullable Outcome outcome, @Nullable Instant time,
			int needsRestart) {

		static Configuration of(long generation, @Nullable ReloadReport last) {
			return (last != null)
					? new Configuration(generation, last.outcome(), last.time(), last.needsRestart().size())
					: new Configuration(generation, null, null, 0);
		}

	}

}
