package dev.llmproxy.context;

import java.util.List;

/** Hears what is done to conversations, to measure it. Thread-safe; quick. */
public interface ContextListener {

	/** Nobody listens. */
	ContextListener NONE = new ContextListener() {

		@Override
		public void done(ContextAction action, long before, long after) {
			// Nobody listens.
		}

		@Override
		public void summary(SummaryEvent event) {
			// Nobody listens.
		}

	};

	/** One that tells all of these. */
	static ContextListener all(List<ContextListener> listeners) {
		return switch (listeners.size()) {
			case 0 -> NONE;
			case 1 -> listeners.get(0);
			default -> new ContextListeners(List.copyOf(listeners));
		};
	}

	/**
	 * Something was done to a conversation that is too long.
	 * @param before tokens of the prompt as it came
	 * @param after tokens of the prompt that is sent; 0 if none is
	 */
	void done(ContextAction action, long before, long after);

	void summary(SummaryEvent event);

	/** What may become of a summary. */
	enum SummaryEvent {

		/** A model wrote one, from the beginning. */
		MADE,

		/** A model continued one that was there. */
		GROWN,

		/** One was there. */
		REUSED,

		/** None could be had. */
		FAILED

	}

}
