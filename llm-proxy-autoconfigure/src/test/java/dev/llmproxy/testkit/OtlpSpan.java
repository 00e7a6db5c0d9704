package dev.llmproxy.testkit;

import java.util.List;
import java.util.Map;

/**
 * A span as a collector gets it.
 *
 * @param traceId in hexadecimal digits
 * @param spanId in hexadecimal digits
 * @param parentId in hexadecimal digits; empty for a root
 * @param state the {@code tracestate}
 * @param kind in lower case, such as {@code server}
 * @param start nanoseconds since the epoch
 * @param end nanoseconds since the epoch
 * @param attributes texts, numbers ({@link Long}, {@link Double}), truths and lists
 * @param status {@code unset}, {@code ok} or {@code error}
 * @param message of the status
 * @param links how many there are
 * @param scope the name of the library that made it
 * @param resource the attributes of who sent it
 */
public record OtlpSpan(String traceId, String spanId, String parentId, String state, String name, String kind,
		long start, long end, Map<String, Object> attributes, List<Event> events, String status, String message,
		int links, String scope, Map<String, Object> resource) {

	/** Whether it is the beginning of its trace. */
	public boolean root() {
		return this.parentId.isEmpty();
	}

	/** The events of one name. */
	public List<Event> events(String name) {
		return this.events.stream().filter((event) -> event.name().equals(name)).toList();
	}

	/**
	 * Something that happened in a span.
	 *
	 * @param time nanoseconds since the epoch
	 */
	public record Event(String name, long time, Map<String, Object> attributes) {
	}

}
