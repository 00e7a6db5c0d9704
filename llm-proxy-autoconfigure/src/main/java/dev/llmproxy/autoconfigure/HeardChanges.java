package dev.llmproxy.autoconfigure;

import java.time.Duration;

import dev.llmproxy.cluster.NodeListener;
import dev.llmproxy.cluster.NodeMessage;
import dev.llmproxy.cluster.NodeMessage.Change;
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
		if (!(message instanceof Change change)) {
			return false;
		}
		switch (change.action()) {
			case DISABLE -> this.providers.disable(change.subject());
			case ENABLE -> this.providers.enable(change.subject());
			case FORCE -> this.providers.force(change.subject());
			case UNFORCE -> this.providers.force(null);
			case RELOAD -> this.reloads.offer(change.actor() + " on node " + node);
			case FORCE_OPEN, CLOSE, RESET -> {
				return false;
			}
		}
		this.desk.heard(node, change);
		return true;
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
