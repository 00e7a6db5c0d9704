package dev.llmproxy.provider;

import java.util.Map;

import dev.llmproxy.gateway.LlmResponse;

/** Keeps the statistics that selectors choose by. Refuses nobody. Thread-safe. */
public final class StatisticsGate implements AttemptGate {

	private final TargetRegistry<TargetStatistics> statistics = new TargetRegistry<>(
			(target) -> new TargetStatistics(System::nanoTime));

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
		return new Listener(target, System.nanoTime());
	}

	@Override
	public int getOrder() {
		return GateOrder.STATISTICS.order();
	}

	private record Listener(TargetStatistics target, long start) implements AttemptListener {

		@Override
		public void head(LlmResponse response) {
			this.target.head(System.nanoTime() - this.start);
		}

		@Override
		public void ended(AttemptEnd end) {
			this.target.ended();
			switch (end.kind()) {
				case SUCCEEDED -> this.target.succeeded();
				case BROKEN -> this.target.failed();
				case FAILED -> {
					if (TargetFault.isOf(end)) {
						this.target.failed();
					}
				}
				case CANCELLED, REFUSED -> {
				}
			}
		}

	}

}
