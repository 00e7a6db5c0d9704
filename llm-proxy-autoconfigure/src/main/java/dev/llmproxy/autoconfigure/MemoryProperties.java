package dev.llmproxy.autoconfigure;

import java.time.Duration;

import dev.llmproxy.gateway.MemoryMarks;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much memory calls, recordings and caches may take together, and what happens as it
 * becomes scarce.
 *
 * @param limit all that may be held at once; by default a share of the heap
 * @param heapShare the share of the largest heap that is the limit where none is given
 * @param highWater the share of the limit from which caches shrink, nothing is recorded
 * and connections end with the answer that they carry
 * @param critical the share of the limit from which new calls are refused with 503
 * @param relief the share of the limit by which use has to fall below a mark until that
 * is over
 * @param retryAfter when callers who are refused shall come again
 * @param watchHeap whether a heap of which little is left after a garbage collection
 * counts, too, by the same marks
 * @param unready whether an instance that refuses calls is not ready, so that a balancer
 * sends none; not advisable where all instances would be unready at once
 */
@ConfigurationProperties("llm-proxy.memory")
record MemoryProperties(@Nullable DataSize limit, @DefaultValue("0.5") double heapShare,
		@DefaultValue("0.75") double highWater, @DefaultValue("0.9") double critical,
		@DefaultValue("0.05") double relief, @DefaultValue("2s") Duration retryAfter,
		@DefaultValue("true") boolean watchHeap, @DefaultValue("false") boolean unready) {

	/**
	 * The same for the library.
	 * @throws InvalidPropertyException if a value is out of its bounds
	 */
	MemoryMarks marks() {
		if (this.limit == null && !(this.heapShare > 0 && this.heapShare <= 1)) {
			throw new InvalidPropertyException("llm-proxy.memory.heap-share", "it must be above 0 and at most 1",
					"Use 0.5 for half of the heap.");
		}
		if (this.retryAfter.isNegative() || this.retryAfter.isZero()) {
			throw new InvalidPropertyException("llm-proxy.memory.retry-after", "it must be longer than nothing",
					"Use a time such as 2s.");
		}
		try {
			return new MemoryMarks(
					(this.limit != null) ? this.limit.toBytes()
							: (long) (Runtime.getRuntime().maxMemory() * this.heapShare),
					this.highWater, this.critical, this.relief);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPropertyException("llm-proxy.memory", String.valueOf(ex.getMessage()),
					"Correct the value, or leave it out.");
		}
	}

}
