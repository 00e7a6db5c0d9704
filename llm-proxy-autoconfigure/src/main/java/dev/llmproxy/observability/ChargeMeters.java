package dev.llmproxy.observability;

import dev.llmproxy.observability.cost.Charge;
import dev.llmproxy.observability.cost.ChargeListener;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts tokens and money, attempt by attempt, so that hedges, retries and mirrored
 * copies are in it. Money is counted in whole nano-USD: counters and bills agree to the
 * last digit. Thread-safe.
 */
public final class ChargeMeters implements ChargeListener {

	private final Series<ChargeLabels, SpentMeters> series;

	public ChargeMeters(MeterRegistry registry, SeriesCap cap) {
		this.series = new Series<>(cap, (labels) -> new SpentMeters(registry, labels));
	}

	@Override
	public void charged(Charge charge) {
		this.series.of(new ChargeLabels(charge.provider(), charge.route(), charge.model()))
			.record(charge.usage(), charge.cost());
	}

	/**
	 * The labels of what is spent.
	 *
	 * @param model the name that the provider knows
	 */
	record ChargeLabels(String provider, String route, String model) implements Series.Labels<ChargeLabels> {

		@Override
		public ChargeLabels within(SeriesCap cap) {
			SeriesCap.Names names = cap.names(this.route, this.model);
			return new ChargeLabels(this.provider, names.route(), names.model());
		}

	}

}
