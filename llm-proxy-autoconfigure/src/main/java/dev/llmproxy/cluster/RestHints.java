package dev.llmproxy.cluster;

import java.time.Duration;

import dev.llmproxy.provider.Target;
import dev.llmproxy.resilience.CooldownGate;
import dev.llmproxy.resilience.RestListener;

/**
 * Tells other nodes which targets have to rest, and lets targets rest as others say: the
 * provider told one of us, and meant the account of all. What was heard is not told
 * again. Thread-safe.
 */
public final class RestHints implements RestListener, NodeListener {

	private final CooldownGate cooldowns;

	private final TargetIdentities identities;

	private final Cluster cluster;

	public RestHints(CooldownGate cooldowns, TargetIdentities identities, Cluster cluster) {
		this.cooldowns = cooldowns;
		this.identities = identities;
		this.cluster = cluster;
	}

	/** Begins. */
	public void start() {
		this.cooldowns.listen(this);
		this.cluster.listen(this);
	}

	@Override
	public void rests(Target target, Duration length, boolean known) {
		this.cluster.hint(() -> {
			String identity = this.identities.of(target.id());
			return (identity != null) ? new NodeMessage.Rest(target.id(), identity, length, known) : null;
		});
	}

	@Override
	public boolean heard(String node, NodeMessage message) {
		if (!(message instanceof NodeMessage.Rest rest) || !this.identities.match(rest)) {
			return false;
		}
		this.cooldowns.heard(rest.target(), rest.length(), rest.known());
		return true;
	}

}
