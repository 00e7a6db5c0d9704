package dev.llmproxy.cluster;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The other nodes. Nothing here waits for them but who asks whether they were told.
 * Thread-safe.
 */
public interface Cluster {

	/**
	 * Tells the others of a hint, soon, or never if that can't be.
	 * @param hint made on another thread; {@code null} for nothing after all
	 */
	void hint(Supplier<? extends NodeMessage.@Nullable Hint> hint);

	/**
	 * Tells the others what an operator has said here. Where that can't be done now it is
	 * done as soon as it can.
	 * @return emits once what became of it is known, within about a second; never fails
	 */
	Mono<Told> tell(NodeMessage.Change change);

	/** Has somebody hear from now on what the others tell. */
	void listen(NodeListener listener);

}
