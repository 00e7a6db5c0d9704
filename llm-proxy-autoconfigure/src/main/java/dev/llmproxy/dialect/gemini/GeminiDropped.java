package dev.llmproxy.dialect.gemini;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a request says that can't be said to Gemini, by path and in order. */
final class GeminiDropped {

	private final Set<String> paths = new LinkedHashSet<>();

	void add(String path) {
		this.paths.add(path);
	}

	void addIf(boolean dropped, String path) {
		if (dropped) {
			this.paths.add(path);
		}
	}

	List<String> paths() {
		return List.copyOf(this.paths);
	}

}
