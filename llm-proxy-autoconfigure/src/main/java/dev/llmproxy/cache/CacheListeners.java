package dev.llmproxy.cache;

import java.util.List;

/** Several listeners, told one after the other. */
record CacheListeners(List<CacheListener> all) implements CacheListener {

	@Override
	public void answered(CacheOutcome outcome, boolean stale) {
		for (CacheListener listener : this.all) {
			listener.answered(outcome, stale);
		}
	}

	@Override
	public void kept() {
		this.all.forEach(CacheListener::kept);
	}

	@Override
	public void passedOver(String reason) {
		for (CacheListener listener : this.all) {
			listener.passedOver(reason);
		}
	}

	@Override
	public void evicted() {
		this.all.forEach(CacheListener::evicted);
	}

	@Override
	public void sharedFault(String reason) {
		for (CacheListener listener : this.all) {
			listener.sharedFault(reason);
		}
	}

}
