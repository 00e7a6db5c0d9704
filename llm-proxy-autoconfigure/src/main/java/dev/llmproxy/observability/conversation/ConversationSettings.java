package dev.llmproxy.observability.conversation;

import java.nio.file.Path;
import java.util.List;

import dev.llmproxy.gateway.NamePattern;
import org.jspecify.annotations.Nullable;

/**
 * Which conversations are written down, and where.
 *
 * @param directory of one process alone
 * @param routes patterns of routes
 * @param callers patterns of callers' ids
 * @param maxSize bytes of a file, after which the next one begins
 * @param maxFiles after which the oldest is deleted
 * @param longest bytes of a request and its answer together; longer ones are left out
 * @param queue conversations that may wait to be written; beyond that they are left out
 */
public record ConversationSettings(Path directory, List<String> routes, List<String> callers, long maxSize,
		int maxFiles, int longest, int queue) {

	public ConversationSettings {
		routes = List.copyOf(routes);
		callers = List.copyOf(callers);
		if (maxSize < 1 || maxFiles < 1 || longest < 1 || queue < 1) {
			throw new IllegalArgumentException("sizes and numbers have to be positive");
		}
		if (routes.isEmpty() || callers.isEmpty()) {
			throw new IllegalArgumentException("say whose conversations are kept, and of which routes; '*' is all");
		}
	}

	boolean wantsCaller(String id) {
		return matches(this.callers, id);
	}

	boolean wantsRoute(@Nullable String name) {
		return name != null && matches(this.routes, name);
	}

	private static boolean matches(List<String> patterns, String name) {
		for (String pattern : patterns) {
			if (NamePattern.matches(pattern, name)) {
				return true;
			}
		}
		return false;
	}

}
