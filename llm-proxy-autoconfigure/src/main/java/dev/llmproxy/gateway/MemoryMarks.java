package dev.llmproxy.gateway;

import dev.llmproxy.gateway.MemoryBudget.Pressure;

/**
 * How many bytes may be held, and at which of them pressure begins.
 *
 * @param limit in bytes
 * @param highWater the share of the limit from which caches shrink
 * @param critical the share of the limit from which new calls are refused
 * @param relief the share of the limit by which use has to fall below a mark until that
 * is over
 */
public record MemoryMarks(long limit, double highWater, double critical, double relief) {

	public MemoryMarks {
		if (limit <= 0) {
			throw new IllegalArgumentException("Without a byte nothing can be served");
		}
		if (!(relief >= 0 && relief < highWater && highWater < critical && critical <= 1)) {
			throw new IllegalArgumentException(
					"It has to be 0 <= relief < high water < critical <= 1, as shares of the limit");
		}
	}

	/** The first byte that is too many for caches. */
	public long highBytes() {
		return (long) (this.limit * this.highWater);
	}

	/** The first byte that is too many for new calls. */
	public long criticalBytes() {
		return (long) (this.limit * this.critical);
	}

	long reliefBytes() {
		return (long) (this.limit * this.relief);
	}

	/** The pressure that a share of something else makes, such as of the heap. */
	public Pressure of(double share) {
		if (share >= this.critical) {
			return Pressure.CRITICAL;
		}
		return (share >= this.highWater) ? Pressure.HIGH : Pressure.NONE;
	}

}
