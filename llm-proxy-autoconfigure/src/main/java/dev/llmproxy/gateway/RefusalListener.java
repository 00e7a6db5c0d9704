package dev.llmproxy.gateway;

/**
 * Hears of requests that were answered with an error before a call was made of them: no
 * key, a body that can't be read, a path that there is not. It is called on the threads
 * that serve the request, so it is quick and never blocks. What it throws is logged and
 * goes no further. Thread-safe.
 */
@FunctionalInterface
public interface RefusalListener {

	/** A request was refused; called once for each. */
	void refused(RefusalRecord refusal);

}
