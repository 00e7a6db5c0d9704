package dev.llmproxy.autoconfigure;

import dev.llmproxy.cluster.NodeListener;
import dev.llmproxy.cluster.NodeMessage;
import dev.llmproxy.cluster.NodeMessage.Change;
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
		switch (change.action()) {
			case FORCE_OPEN -> this.breakers.forceOpen(change.subject());
			case CLOSE -> this.breakers.close(change.subject());
			default -> this.breakers.reset(change.subject());
		}
		this.desk.heard(node, change);
		return true;
	}

}
