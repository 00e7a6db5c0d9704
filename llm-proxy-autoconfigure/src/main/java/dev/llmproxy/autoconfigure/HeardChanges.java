package dev.llmproxy.autoconfigure;

import java.time.Duration;

import dev.llmproxy.cluster.NodeListener;
import dev.llmproxy.cluster.NodeMessage;
import dev.llmproxy.cluster.NodeMessage.Change;
import dev.llmproxy.cluster.OperatorAction;
import dev.llmproxy.event.EventQueue;
import dev.llmproxy.provider.ProviderSwitch;
import org.jspecify.annotations.Nullable;

/**
 * Does here what operators said on other nodes of providers and of the configuration.
 * Files are read on a thread of their own, and once for all who ask while that goes on.
 */
final class HeardChanges implements NodeListener, AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final ProviderSwitch providers;

	private final @Nullable ConfigurationReloader reloader;

	private final OperatorDesk desk;

	private final EventQueue<String> reloads = new EventQueue<>("llm-cluster-reload", 1, this::reload);

	HeardChanges(ProviderSwitch providers, @Nullable ConfigurationReloader reloader, OperatorDesk desk) {
		this.providers = providers;
		this.reloader = reloader;
		this.desk = desk;
		this.reloads.start();
	}

	@Override
	public boolean heard(String node, NodeMessage message) {
		if (!(message instanceof Change change) || change.action().ofBreakers()) {
			return false;
		}
		if (change.action() == OperatorAction.RELOAD) {
			this.reloads.offer(change.actor() + " on node " + node);
		}
		else {
			act(this.providers, change.action(), change.subject());
		}
		this.desk.heard(node, change);
		return true;
	}

	/** Does it, whoever said so. */
	static void act(ProviderSwitch providers, OperatorAction action, String name) {
		switch (action) {
			case DISABLE -> providers.disable(name);
			case ENABLE -> providers.enable(name);
			case FORCE -> providers.force(name);
			case UNFORCE -> providers.force(null);
			default -> throw new IllegalArgumentException(action + " is about no provider");
		}
	}

	private void reload(String trigger) {
		if (this.reloader != null) {
			this.reloader.reload(trigger);
		}
	}

	@Override
	public void close() {
		this.reloads.close(PATIENCE);
	}

}
