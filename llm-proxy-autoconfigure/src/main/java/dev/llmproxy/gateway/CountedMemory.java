package dev.llmproxy.gateway;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Counts what is held, exactly: one number for all uses, because a limit that is summed
 * up from several can be gone beyond by two who look at once. A reservation is two atomic
 * additions.
 */
public final class CountedMemory implements MemoryBudget {

	private static final Log logger = LogFactory.getLog(CountedMemory.class);

	private final MemoryMarks marks;

	private final long high;

	private final long critical;

	private final long relief;

	private final AtomicLong total = new AtomicLong();

	/** To be shown; nothing is decided by them. */
	private final LongAdder[] uses = new LongAdder[Use.values().length];

	private final List<Consumer<Pressure>> listeners = new CopyOnWriteArrayList<>();

	private final AtomicInteger unsettled = new AtomicInteger();

	/** By what is counted here. */
	private volatile Pressure counted = Pressure.NONE;

	/** By what somebody else says of the process. */
	private volatile Pressure felt = Pressure.NONE;

	private volatile Pressure pressure = Pressure.NONE;

	public CountedMemory(MemoryMarks marks) {
		this.marks = marks;
		this.high = marks.highBytes();
		this.critical = marks.criticalBytes();
		this.relief = marks.reliefBytes();
		for (int i = 0; i < this.uses.length; i++) {
			this.uses[i] = new LongAdder();
		}
	}

	@Override
	public boolean reserve(Use use, long bytes) {
		if (use.ordinal() >= Use.RECORDING.ordinal() && this.pressure != Pressure.NONE) {
			return false;
		}
		long ceiling = ceiling(use);
		long before;
		do {
			before = this.total.get();
			if (bytes > ceiling - before) {
				return false;
			}
		}
		while (!this.total.compareAndSet(before, before + bytes));
		this.uses[use.ordinal()].add(bytes);
		changed(before + bytes);
		return true;
	}

	/** What is kept beyond calls never brings pressure about by itself. */
	private long ceiling(Use use) {
		return switch (use) {
			case STREAM -> Long.MAX_VALUE;
			case REQUEST -> this.marks.limit();
			case RECORDING, CACHE -> this.high - 1;
		};
	}

	@Override
	public void release(Use use, long bytes) {
		this.uses[use.ordinal()].add(-bytes);
		changed(this.total.addAndGet(-bytes));
	}

	@Override
	public Pressure pressure() {
		return this.pressure;
	}

	@Override
	public void onPressure(Consumer<Pressure> listener) {
		this.listeners.add(listener);
	}

	/**
	 * The process is short of memory, whatever was counted here, or is so no more. The
	 * higher of both pressures holds.
	 */
	public void feel(Pressure felt) {
		if (this.felt != felt) {
			this.felt = felt;
			settle();
		}
	}

	/** What {@link #feel} was told last. */
	public Pressure felt() {
		return this.felt;
	}

	/** Bytes held for all uses. */
	public long used() {
		return this.total.get();
	}

	/** Bytes held for one of them. */
	public long used(Use use) {
		return this.uses[use.ordinal()].sum();
	}

	public MemoryMarks marks() {
		return this.marks;
	}

	private void changed(long total) {
		Pressure counted = this.counted;
		if (level(counted, total) != counted) {
			settle();
		}
	}

	/** Falls only some way below the mark that it rose at. */
	private Pressure level(Pressure before, long total) {
		if (total >= this.critical || (before == Pressure.CRITICAL && total >= this.critical - this.relief)) {
			return Pressure.CRITICAL;
		}
		return (total >= this.high || (before != Pressure.NONE && total >= this.high - this.relief)) ? Pressure.HIGH
				: Pressure.NONE;
	}

	/**
	 * One thread at a time, so that listeners hear of changes one after the other, even
	 * of those that they bring about themselves.
	 */
	private void settle() {
		if (this.unsettled.getAndIncrement() != 0) {
			return;
		}
		int seen = 1;
		do {
			Pressure level = level(this.counted, this.total.get());
			while (level != this.counted) {
				// What is released from here on is compared with the new level.
				this.counted = level;
				level = level(level, this.total.get());
			}
			Pressure felt = this.felt;
			Pressure now = (felt.compareTo(level) > 0) ? felt : level;
			if (now != this.pressure) {
				this.pressure = now;
				tell(now);
			}
			seen = this.unsettled.addAndGet(-seen);
		}
		while (seen != 0);
	}

	private void tell(Pressure now) {
		for (Consumer<Pressure> listener : this.listeners) {
			try {
				listener.accept(now);
			}
			catch (RuntimeException ex) {
				logger.error("A listener failed when memory pressure became " + now, ex);
			}
		}
	}

}
