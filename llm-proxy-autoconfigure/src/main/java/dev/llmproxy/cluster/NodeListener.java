package dev.llmproxy.cluster;

/**
 * Hears what other nodes tell, one message after the other, on a thread that no call is
 * served by. It tells nobody of what it has heard.
 */
@FunctionalInterface
public interface NodeListener {

	/**
	 * Another node told something.
	 * @param node its name
	 * @return whether it was of any use here
	 */
	boolean heard(String node, NodeMessage message);

}
