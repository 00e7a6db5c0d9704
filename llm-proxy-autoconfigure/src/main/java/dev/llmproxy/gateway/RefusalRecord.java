package dev.llmproxy.gateway;

import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * A request of which no call was made. Holds nothing of the request but its id.
 *
 * @param id the request id
 * @param caller {@code null} if it is not known who calls
 * @param place what was asked for
 * @param dialect in which the caller was told
 * @param status the HTTP status
 * @param error what went wrong
 */
public record RefusalRecord(String id, @Nullable Caller caller, Place place, Dialect dialect, int status,
		LlmError error) {

	/** The kinds of paths. */
	public enum Place {

		/** An endpoint of models. */
		INFERENCE("inference"),

		/** The list of models. */
		MODELS("models"),

		/** A provider's own path. */
		PASS_THROUGH("pass_through"),

		/** Nothing that there is. */
		OTHER("other"),

		/** The path could not be read. */
		UNREADABLE("unreadable");

		private final String label;

		Place(String label) {
			this.label = label;
		}

		/** As logs and meters tell it. */
		public String label() {
			return this.label;
		}

	}

}
