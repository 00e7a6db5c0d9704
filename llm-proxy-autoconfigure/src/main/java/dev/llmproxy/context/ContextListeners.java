package dev.llmproxy.context;

import java.util.List;

/** Several listeners, told one after the other. */
record ContextListeners(List<ContextListener> all) implements ContextListener {

	@Override
	public void done(ContextAction action, long before, long after) {
		for (ContextListener listener : this.all) {
			listener.done(action, before, after);
		}
	}

	@Override
	public void summary(SummaryEvent event) {
		for (ContextListener listener : this.all) {
			listener.summary(event);
		}
	}

}
