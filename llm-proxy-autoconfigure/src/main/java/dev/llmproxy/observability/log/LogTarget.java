package dev.llmproxy.observability.log;

/**
 * What is known of where the log goes to. Asked by the thread of the log only.
 */
public interface LogTarget {

	/** Somewhere that keeps to itself how it does, and may want everything. */
	LogTarget UNKNOWN = new LogTarget() {

		@Override
		public boolean lost() {
			return false;
		}

		@Override
		public boolean showsFields() {
			return true;
		}

	};

	/**
	 * Writes several events, which may reach the log together at the end.
	 * @param writes writes them
	 */
	default void together(Runnable writes) {
		writes.run();
	}

	/** Whether what was logged last went nowhere. */
	boolean lost();

	/**
	 * Whether anything there shows the fields of an event, beside its message; where
	 * nothing does they need not be made.
	 */
	boolean showsFields();

}
