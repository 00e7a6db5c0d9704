package dev.llmproxy.autoconfigure;

import java.security.Principal;
import java.time.Duration;
import java.time.InstantSource;

import dev.llmproxy.cluster.Cluster;
import dev.llmproxy.cluster.NodeMessage.Change;
import dev.llmproxy.cluster.OperatorAction;
import dev.llmproxy.cluster.Told;
import dev.llmproxy.event.EventBus;
import dev.llmproxy.event.EventType;
import dev.llmproxy.event.GatewayEvent.OperatorActed;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where it is noted what operators did: in the log, as an event, and on the other nodes.
 */
final class OperatorDesk {

	private static final Log logger = LogFactory.getLog(OperatorDesk.class);

	private static final int LONGEST_NAME = 128;

	/** More than the cluster takes, so that it is never waited for in vain. */
	private static final Duration PATIENCE = Duration.ofSeconds(11);

	private final @Nullable Cluster cluster;

	private final @Nullable EventBus events;

	private final InstantSource clock;

	OperatorDesk(@Nullable Cluster cluster, @Nullable EventBus events, InstantSource clock) {
		this.cluster = cluster;
		this.events = events;
		this.clock = clock;
	}

	/**
	 * Notes what was done here. Not for event loops: an operator waits until the others
	 * were told.
	 * @param principal who did it, if that is known
	 * @param subject the provider or the target; empty where there is none
	 * @return whether other nodes were told; {@code null} if there are none to tell
	 */
	@Nullable Told done(@Nullable Principal principal, OperatorAction action, String subject) {
		Change change = new Change(action, subject,
				(principal != null) ? printable(principal.getName()) : "somebody without a name");
		note(change, null);
		return (this.cluster != null) ? this.cluster.tell(change).block(PATIENCE) : null;
	}

	/** Notes what was done on another node, and holds here too. */
	void heard(String node, Change change) {
		note(change, node);
	}

	private void note(Change change, @Nullable String node) {
		String subject = change.subject();
		String what = (change.action() == OperatorAction.RELOAD) ? "Configuration"
				: (change.action().ofBreakers() ? "Breaker of '" : "Provider '") + subject + "'";
		logger
			.warn(what + ": " + change.action() + " by " + change.actor() + ((node != null) ? " on node " + node : ""));
		if (this.events != null && this.events.wanted(EventType.OPERATOR_ACTED)) {
			this.events.publish(new OperatorActed(this.clock.instant(), change.action().label(),
					subject.isEmpty() ? null : subject, change.actor(), node));
		}
	}

	private static String printable(String name) {
		String cut = (name.length() <= LONGEST_NAME) ? name : name.substring(0, LONGEST_NAME);
		return cut.replaceAll("\\p{Cntrl}", "?");
	}

}
