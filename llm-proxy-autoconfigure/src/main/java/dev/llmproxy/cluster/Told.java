package dev.llmproxy.cluster;

/**
 * Whether other nodes were told of a change.
 *
 * @param told whether it was; otherwise they will be as soon as they can
 * @param nodes how many others heard it, as far as that is known
 */
public record Told(boolean told, long nodes) {

	/** Not yet. */
	public static final Told LATER = new Told(false, 0);

}
