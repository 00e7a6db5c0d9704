package dev.llmproxy.provider;

import java.util.Map;
import java.util.function.LongSupplier;

import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmResponse;
import org.jspecify.annotations.Nullable;

/** Keeps the statistics that selectors choose by. Refuses nobody. Thread-safe. */
public final class StatisticsGate implements AttemptGate {

	private final LongSupplier clock;

	private final TargetRegistry<TargetStatistics> statistics;

	public StatisticsGate() {
		this(System::nanoTime);
	}

	/**
	 * Creates one.
	 * @param clock in nanoseconds, as {@link System#nanoTime()}
	 */
	public StatisticsGate(LongSupplier clock) {
		this.clock = clock;
		this.statistics = new TargetRegistry<>((target) -> new TargetStatistics(target, clock));
	}

	/** What is known of a target. */
	public TargetStatistics of(Target target) {
		return this.statistics.of(target);
	}

	/** By the targets' ids; a live view. */
	public Map<String, TargetStatistics> all() {
		return this.statistics.all();
	}

	@Override
	public AttemptListener enter(Attempt attempt) {
		TargetStatistics target = of(attempt.target());
		target.began();
		return new Listener(target, this.clock, this.clock.getAsLong());
	}

	@Override
	public int getOrder() {
		return GateOrder.STATISTICS.order();
	}

	private record Listener(TargetStatistics target, LongSupplier clock, long start) implements AttemptListener {

		private static @Nullable String code(AttemptEnd end) {
			LlmError error = end.error();
			return (error != null) ? error.code() : null;
		}

		@Override
		public void head(LlmResponse response) {
			this.target.head(this.clock.getAsLong() - this.start);
		}

		@Override
		public void ended(AttemptEnd end) {
			this.target.ended();
			switch (end.kind()) {
				case SUCCEEDED -> this.target.succeeded();
				case BROKEN -> this.target.failed(code(end));
				case FAILED -> {
					if (TargetFault.isOf(end)) {
						this.target.failed(code(end));
					}
				}
				case CANCELLED, REFUSED -> {
				}
			}
		}

	}

}
