package dev.llmproxy.gateway;

import java.util.function.Consumer;

/**
 * The bytes that this process may hold for calls and for answers it keeps, whoever holds
 * them. Each holder takes what it is about to hold and gives back exactly that.
 * Thread-safe; nothing here waits.
 */
public interface MemoryBudget {

	/** Grants everything and counts nothing. */
	MemoryBudget UNLIMITED = new MemoryBudget() {

		@Override
		public boolean reserve(Use use, long bytes) {
			return true;
		}

		@Override
		public void release(Use use, long bytes) {
			// Nothing was counted.
		}

		@Override
		public Pressure pressure() {
			return Pressure.NONE;
		}

		@Override
		public void onPressure(Consumer<Pressure> listener) {
			// There never is any.
		}

	};

	/**
	 * Takes bytes, if there is room for this use of them. Those of {@link Use#STREAM} are
	 * always granted: they are there already, and a live stream is not cut off.
	 * @param bytes not negative
	 * @return whether they are granted; if not, nothing was taken
	 */
	boolean reserve(Use use, long bytes);

	/** Gives back bytes that were granted. */
	void release(Use use, long bytes);

	Pressure pressure();

	/**
	 * Tells of each change, on the thread that brought it about; a listener returns at
	 * once.
	 */
	void onPressure(Consumer<Pressure> listener);

	/** What bytes are held for; the later ones have to give way first. */
	enum Use {

		/** Of answers on their way, whose callers have begun to read. */
		STREAM,

		/** Requests that are being read or answered. */
		REQUEST,

		/** Answers that are on their way to a cache; only while there is no pressure. */
		RECORDING,

		/** Answers that are kept; only while there is no pressure. */
		CACHE

	}

	/** How little room is left. */
	enum Pressure {

		NONE,

		/** Caches shrink, and nothing is recorded any more. */
		HIGH,

		/** New calls are refused. */
		CRITICAL

	}

}
