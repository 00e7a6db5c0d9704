package dev.llmproxy.autoconfigure;

import dev.llmproxy.cluster.NodeListener;
import dev.llmproxy.cluster.NodeMessage;
import dev.llmproxy.cluster.NodeMessage.Change;
import dev.llmproxy.cluster.OperatorAction;
import dev.llmproxy.resilience.BreakerSwitch;

/**
 * Does here what operators said on other nodes of breakers.
 *
 * @param breakers what can be done to them
 */
record HeardBreakerChanges(BreakerSwitch breakers, OperatorDesk desk) implements NodeListener {

	@Override
	public boolean heard(String node, NodeMessage message) {
		if (!(message instanceof Change change) || !change.action().ofBreakers()) {
			return false;
		}
		act(this.breakers, change.action(), change.subject());
		this.desk.heard(node, change);
		return true;
	}

	/** Does it, whoever said so. */
	static void act(BreakerSwitch breakers, OperatorAction action, String target) {
		switch (action) {
			case FORCE_OPEN -> breakers.forceOpen(target);
			case CLOSE -> breakers.close(target);
			case RESET -> breakers.reset(target);
			default -> throw new IllegalArgumentException(action + " is about no breaker");
		}
	}

}
