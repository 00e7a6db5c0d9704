package dev.llmproxy.cluster;

import java.util.List;
import java.util.function.Function;

import dev.llmproxy.provider.Digest;
import dev.llmproxy.provider.Target;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a target is the same on two nodes: the same model of the same account at
 * the same place. Thread-safe.
 */
public final class TargetIdentities {

	private final Function<String, @Nullable Target> targets;

	/**
	 * Creates one.
	 * @param targets finds a target by its id
	 */
	public TargetIdentities(Function<String, @Nullable Target> targets) {
		this.targets = targets;
	}

	/** The digest of a target; {@code null} if it has none, or is not there. */
	@Nullable String of(String id) {
		Target target = this.targets.apply(id);
		String account = (target != null) ? target.provider().identity() : null;
		return (target != null && account != null) ? Digest.of(List.of(account, target.model())) : null;
	}

	/** Whether a hint is about what is known here by that name. */
	boolean match(NodeMessage.Hint hint) {
		return hint.identity().equals(of(hint.target()));
	}

}
