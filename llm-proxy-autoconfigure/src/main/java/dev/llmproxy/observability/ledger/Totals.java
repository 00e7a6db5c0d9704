package dev.llmproxy.observability.ledger;

/**
 * Sums of entries.
 *
 * @param requests calls that were charged; copies that are mirrored are none
 * @param attempts that were charged
 * @param estimated attempts whose tokens are an estimate
 * @param unpriced attempts whose price is not known, which the cost does not contain
 * @param cost in nano-USD
 */
public record Totals(long requests, long attempts, long estimated, long unpriced, Tokens tokens, long cost) {

	public static final Totals NONE = new Totals(0, 0, 0, 0, Tokens.NONE, 0);

	static Totals of(LedgerEntry entry) {
		Long cost = entry.cost();
		return new Totals(entry.first() ? 1 : 0, 1, entry.estimated() ? 1 : 0, (cost == null) ? 1 : 0, entry.tokens(),
				(cost != null) ? cost : 0);
	}

	public Totals plus(Totals other) {
		return new Totals(this.requests + other.requests, this.attempts + other.attempts,
				this.estimated + other.estimated, this.unpriced + other.unpriced, this.tokens.plus(other.tokens),
				this.cost + other.cost);
	}

	/** The share of attempts that are estimated, from 0 to 1. */
	public double estimatedShare() {
		return (this.attempts > 0) ? (double) this.estimated / this.attempts : 0;
	}

}
