package dev.llmproxy.gateway;

import java.util.List;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Those who hear of something. What one of them throws is logged, and kept from the
 * others and from whoever tells them. Thread-safe.
 *
 * @param <L> how they listen
 */
public final class Listeners<L> {

	private static final Log logger = LogFactory.getLog(Listeners.class);

	private final List<L> all;

	public Listeners(List<? extends L> all) {
		this.all = List.copyOf(all);
	}

	/** Whether nobody listens. */
	public boolean isEmpty() {
		return this.all.isEmpty();
	}

	/** Tells them, one after the other. */
	public void tell(Consumer<? super L> what) {
		for (L listener : this.all) {
			try {
				what.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("A listener failed: " + listener.getClass().getName(), ex);
			}
		}
	}

}
