package dev.llmproxy.cluster;

import java.time.Duration;

import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.resilience.BreakerListener;

/**
 * Tells other nodes whose breaker opened, and is warned by what they tell. A breaker that
 * opened only because of a warning is not told of: nodes would warn each other for ever.
 * Thread-safe.
 */
public final class BreakerHints implements BreakerListener, NodeListener {

	private final BreakerGate breakers;

	private final TargetIdentities identities;

	private final Cluster cluster;

	public BreakerHints(BreakerGate breakers, TargetIdentities identities, Cluster cluster) {
		this.breakers = breakers;
		this.identities = identities;
		this.cluster = cluster;
	}

	/** Begins. */
	public void start() {
		this.breakers.listen(this);
		this.cluster.listen(this);
	}

	@Override
	public void turned(String target, String from, String to) {
		BreakerGate.TargetBreaker breaker = this.breakers.all().get(target);
		if (!to.equals("open") || breaker == null || breaker.openedAsWarned()) {
			return;
		}
		Duration remaining = breaker.remaining();
		this.cluster.hint(() -> {
			String identity = this.identities.of(target);
			return (identity != null) ? new NodeMessage.Opened(target, identity, remaining) : null;
		});
	}

	@Override
	public boolean heard(String node, NodeMessage message) {
		if (!(message instanceof NodeMessage.Opened opened) || !this.identities.match(opened)) {
			return false;
		}
		this.breakers.warn(opened.target(), opened.length());
		return true;
	}

}
