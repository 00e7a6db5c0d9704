package dev.llmproxy.limit;

import java.util.List;

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

	/** One that tells all of these. */
	static LimitListener all(List<LimitListener> listeners) {
		return switch (listeners.size()) {
			case 0 -> NONE;
			case 1 -> listeners.get(0);
			default -> new LimitListeners(List.copyOf(listeners));
		};
	}

	void admitted(String quota);

	void refused(String quota, Limited limited);

	/** A decision was made without the shared counts. */
	void uncounted(FailureMode mode);

}
