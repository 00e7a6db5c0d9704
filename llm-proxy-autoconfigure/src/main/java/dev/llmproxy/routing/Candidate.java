package dev.llmproxy.routing;

import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.Unavailability;
import org.jspecify.annotations.Nullable;

/**
 * A target that might serve a request.
 *
 * @param unsuited why this request can't be served by it at all; {@code null} if it can
 * @param unavailable why it is not tried now; {@code null} if it is
 */
public record Candidate(Target target, @Nullable Unavailability unsuited, @Nullable Unavailability unavailable) {

	/** Whether it is tried. */
	public boolean eligible() {
		return this.unsuited == null && this.unavailable == null;
	}

}
