package dev.llmproxy.limit;

/** What was set aside for a call; one of its methods is called once, when it is over. */
public interface Lease {

	/** For calls that nothing is set aside for. */
	Lease NONE = new Lease() {

		@Override
		public void settle(long tokens) {
			// Nothing to give back.
		}

		@Override
		public void cancel() {
			// Nothing to give back.
		}

	};

	/**
	 * The call was made: the tokens it was charged take the place of those set aside.
	 */
	void settle(long tokens);

	/** The call was not made after all, and counts as nothing. */
	void cancel();

}
