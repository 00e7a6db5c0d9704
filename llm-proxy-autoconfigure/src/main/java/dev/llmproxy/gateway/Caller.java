package dev.llmproxy.gateway;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Who calls. Derived by the server from the presented key, never from the request's own
 * words.
 *
 * @param id a stable identifier that is safe to log
 * @param models patterns of the models this caller may use, with {@code *} for any run of
 * characters; empty for all
 * @param team whom it belongs to, for limits that several keys share; {@code null} where
 * nobody said
 */
public record Caller(String id, List<String> models, @Nullable String team) {

	/** Nobody in particular. */
	public static final Caller ANONYMOUS = new Caller("anonymous", List.of());

	/** The application itself, calling in-process. */
	public static final Caller APPLICATION = new Caller("application", List.of());

	public Caller {
		models = List.copyOf(models);
	}

	/** A caller that is in no team. */
	public Caller(String id, List<String> models) {
		this(id, models, null);
	}

	/** Whether this caller may use the model that goes by this public name. */
	public boolean mayUse(String model) {
		if (this.models.isEmpty()) {
			return true;
		}
		for (String pattern : this.models) {
			if (NamePattern.matches(pattern, model)) {
				return true;
			}
		}
		return false;
	}

}
