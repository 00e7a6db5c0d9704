package dev.llmproxy.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The header fields of one message, in the order and the case they had on the wire.
 * Look-ups ignore the case of names, as RFC 9110 section 5.1 says. Immutable.
 */
public final class Headers {

	/** No header fields at all. */
	public static final Headers NONE = new Headers(List.of());

	private final List<Map.Entry<String, String>> fields;

	Headers(List<Map.Entry<String, String>> fields) {
		this.fields = List.copyOf(fields);
	}

	/**
	 * The first value of a field.
	 * @param name the field's name, in any case
	 * @return its value, or {@code null} if there is no such field
	 */
	public @Nullable String first(String name) {
		List<String> values = all(name);
		return values.isEmpty() ? null : values.get(0);
	}

	/**
	 * Every value of a field, one per field line.
	 * @param name the field's name, in any case
	 * @return the values in wire order, empty if there is no such field
	 */
	public List<String> all(String name) {
		List<String> values = new ArrayList<>();
		for (Map.Entry<String, String> field : this.fields) {
			if (field.getKey().equalsIgnoreCase(name)) {
				values.add(field.getValue());
			}
		}
		return values;
	}

	/**
	 * Whether there is at least one field of this name.
	 * @param name the field's name, in any case
	 * @return {@code true} if there is
	 */
	public boolean contains(String name) {
		return first(name) != null;
	}

	/**
	 * Every field line as it was on the wire.
	 * @return name and value pairs in wire order
	 */
	public List<Map.Entry<String, String>> entries() {
		return this.fields;
	}

	/** Whether a comma-separated field such as {@code Connection} lists a token. */
	boolean lists(String name, String token) {
		for (String value : all(name)) {
			for (String item : value.split(",")) {
				if (item.strip().equalsIgnoreCase(token)) {
					return true;
				}
			}
		}
		return false;
	}

	@Override
	public String toString() {
		return this.fields.toString();
	}

}
