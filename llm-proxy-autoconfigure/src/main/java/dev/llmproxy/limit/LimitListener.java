package dev.llmproxy.limit;

/** Hears what limits do, to measure it. Thread-safe; quick. */
public interface LimitListener {

	/** Nobody listens. */
	LimitListener NONE = new LimitListener() {

		@Override
		public void admitted(String quota) {
			// Nobody listens.
		}

		@Override
		public void refused(String quota, Limited limited) {
			// Nobody listens.
		}

		@Override
		public void uncounted(FailureMode mode) {
			// Nobody listens.
		}

	};

	void admitted(String quota);

	void refused(String quota, Limited limited);

	/** A decision was made without the shared counts. */
	void uncounted(FailureMode mode);

}
