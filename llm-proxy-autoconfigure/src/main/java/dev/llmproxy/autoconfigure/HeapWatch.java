package dev.llmproxy.autoconfigure;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.gateway.CountedMemory;
import dev.llmproxy.gateway.MemoryBudget.Pressure;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

import org.springframework.context.SmartLifecycle;

/**
 * Tells of a heap that is nearly full after a collection, whatever was counted. Looks at
 * what the collectors noted anyway, twice a second. What they noted holds for a while
 * only: where new calls are refused nothing is allocated, so no collection would follow
 * that tells better.
 */
final class HeapWatch implements SmartLifecycle {

	private static final Duration TICK = Duration.ofMillis(500);

	private static final long BELIEVED_TICKS = 10;

	private final CountedMemory memory;

	private final Scheduler scheduler;

	/** Where objects end up that live long; {@code null} where nobody tells. */
	private final @Nullable MemoryPoolMXBean pool;

	/** What the last collection left there; no two leave the same. */
	private long left = -1;

	private long quietTicks;

	private volatile @Nullable Disposable ticking;

	HeapWatch(CountedMemory memory, Scheduler scheduler) {
		this.memory = memory;
		this.scheduler = scheduler;
		this.pool = longLived();
	}

	private static @Nullable MemoryPoolMXBean longLived() {
		return ManagementFactory.getMemoryPoolMXBeans()
			.stream()
			.filter((pool) -> pool.getType() == MemoryType.HEAP && pool.isCollectionUsageThresholdSupported()
					&& pool.getUsage().getMax() > 0)
			.max(Comparator.comparingLong((pool) -> pool.getUsage().getMax()))
			.orElse(null);
	}

	private void look() {
		MemoryUsage usage = (this.pool != null) ? this.pool.getCollectionUsage() : null;
		if (usage != null) {
			look(usage.getUsed(), usage.getMax());
		}
	}

	/**
	 * Draws the conclusion.
	 * @param left bytes in use after the last collection
	 * @param max bytes that there may be
	 */
	void look(long left, long max) {
		boolean news = left != this.left;
		this.left = left;
		this.quietTicks = news ? 0 : this.quietTicks + 1;
		if (news) {
			this.memory.feel(this.memory.marks().of((double) left / max));
		}
		else if (this.quietTicks >= BELIEVED_TICKS) {
			this.memory.feel(Pressure.NONE);
		}
	}

	@Override
	public void start() {
		this.ticking = this.scheduler.schedulePeriodically(this::look, TICK.toMillis(), TICK.toMillis(),
				TimeUnit.MILLISECONDS);
	}

	@Override
	public void stop() {
		Disposable ticking = this.ticking;
		this.ticking = null;
		if (ticking != null) {
			ticking.dispose();
		}
	}

	@Override
	public boolean isRunning() {
		return this.ticking != null;
	}

}
