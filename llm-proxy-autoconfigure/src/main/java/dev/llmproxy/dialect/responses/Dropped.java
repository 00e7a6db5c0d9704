package dev.llmproxy.dialect.responses;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.Part;

/** Notes what a request loses. Not thread-safe. */
final class Dropped {

	private final List<String> paths = new ArrayList<>();

	void path(String path) {
		this.paths.add(path);
	}

	void pathIf(boolean lost, String path) {
		if (lost) {
			path(path);
		}
	}

	/** A part of a message, with its kind. */
	void part(Part part, String path) {
		path(path + " (" + part.kind() + ")");
	}

	List<String> paths() {
		return this.paths;
	}

}
