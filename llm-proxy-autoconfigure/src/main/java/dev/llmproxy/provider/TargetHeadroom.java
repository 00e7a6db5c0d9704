package dev.llmproxy.provider;

/**
 * How much of what a target's provider grants it is left. Quick, thread-safe and without
 * side effects: it is asked for every candidate of a request.
 */
@FunctionalInterface
public interface TargetHeadroom {

	/** Where nobody counts: all of it is left. */
	TargetHeadroom FULL = (target) -> 1;

	/**
	 * The share that is left of the scarcest of its limits.
	 * @return 1 for all, or where there is no limit; 0 for nothing
	 */
	double of(Target target);

}
