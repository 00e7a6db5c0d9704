package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.List;

/**
 * Where in a request a value is.
 *
 * @param steps field names and array indexes from the root
 */
record Path(List<Object> steps) {

	static final Path ROOT = new Path(List.of());

	Path {
		steps = List.copyOf(steps);
	}

	Path field(String name) {
		return with(name);
	}

	Path index(int index) {
		return with(index);
	}

	private Path with(Object step) {
		List<Object> longer = new ArrayList<>(this.steps);
		longer.add(step);
		return new Path(longer);
	}

	/** Without its last step. */
	Path parent() {
		return new Path(this.steps.subList(0, this.steps.size() - 1));
	}

	String name() {
		return String.valueOf(this.steps.get(this.steps.size() - 1));
	}

	boolean isRoot() {
		return this.steps.isEmpty();
	}

	/** As in {@code messages[0].content}. */
	String brackets() {
		StringBuilder text = new StringBuilder();
		for (Object step : this.steps) {
			if (step instanceof Integer) {
				text.append('[').append(step).append(']');
			}
			else {
				text.append(text.isEmpty() ? "" : ".").append(step);
			}
		}
		return text.toString();
	}

	/** As in {@code messages.0.content}. */
	String dots() {
		return String.join(".", this.steps.stream().map(String::valueOf).toList());
	}

	@Override
	public String toString() {
		return brackets();
	}

}
