package dev.llmproxy.limit;

import java.util.List;

/** Several listeners, told one after the other. */
record LimitListeners(List<LimitListener> all) implements LimitListener {

	@Override
	public void admitted(String quota) {
		for (LimitListener listener : this.all) {
			listener.admitted(quota);
		}
	}

	@Override
	public void refused(String quota, Limited limited) {
		for (LimitListener listener : this.all) {
			listener.refused(quota, limited);
		}
	}

	@Override
	public void uncounted(FailureMode mode) {
		for (LimitListener listener : this.all) {
			listener.uncounted(mode);
		}
	}

}
