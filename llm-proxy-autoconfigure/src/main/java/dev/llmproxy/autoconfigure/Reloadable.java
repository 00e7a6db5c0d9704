package dev.llmproxy.autoconfigure;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.Ordered;

/**
 * A part of the configuration that can change at run time. It adds its first value to the
 * {@link dev.llmproxy.gateway.LiveSnapshot} when the application starts, and is asked for
 * the next one by a {@link Reload}. Whoever uses the value reads it from the snapshot.
 */
interface Reloadable extends Ordered {

	/** For messages, such as {@code routes}. */
	String name();

	/** Whether it is this part that a property under {@code llm-proxy} is of. */
	boolean owns(ConfigurationPropertyName property);

	/**
	 * Makes what is to hold next and hands it over, if it is other than what holds. May
	 * not touch what holds: any part may still refuse.
	 * @throws RuntimeException if it can't be: then all stays as it is
	 */
	void prepare(Reload reload);

	/** After those whose next value it needs. */
	@Override
	default int getOrder() {
		return 0;
	}

}
