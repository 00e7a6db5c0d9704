package dev.llmproxy.dialect.anthropic;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A place in a caller's request. What is not as it should be is an
 * {@link InvalidRequestException} that names the place.
 *
 * @param json the value; missing where the caller gave none
 * @param path such as {@code messages[2].content[0].source}
 */
record RequestNode(JsonNode json, String path) {

	RequestNode get(String name) {
		return new RequestNode(this.json.path(name), this.path.isEmpty() ? name : this.path + "." + name);
	}

	/** Whether there is a value other than {@code null}. */
	boolean present() {
		return !this.json.isMissingNode() && !this.json.isNull();
	}

	boolean isString() {
		return this.json.isString();
	}

	String string() {
		require(this.json.isString(), "must be a string");
		return this.json.stringValue();
	}

	@Nullable String stringOrNull() {
		return present() ? string() : null;
	}

	@Nullable Boolean booleanOrNull() {
		if (!present()) {
			return null;
		}
		require(this.json.isBoolean(), "must be true or false");
		return this.json.booleanValue();
	}

	/** A whole number from {@code least} on that fits an {@code int}. */
	@Nullable Integer integerOrNull(int least) {
		if (!present()) {
			return null;
		}
		require(this.json.isIntegralNumber() && this.json.canConvertToInt() && this.json.intValue() >= least,
				"must be a whole number of at least " + least);
		return this.json.intValue();
	}

	/** A number between the bounds, which belong to the range. */
	@Nullable Double numberOrNull(int least, int most) {
		if (!present()) {
			return null;
		}
		String rule = "must be a number between " + least + " and " + most;
		require(this.json.isNumber(), rule);
		BigDecimal value = this.json.decimalValue();
		require(value.compareTo(BigDecimal.valueOf(least)) >= 0 && value.compareTo(BigDecimal.valueOf(most)) <= 0,
				rule);
		return value.doubleValue();
	}

	RequestNode object() {
		require(this.json.isObject(), "must be an object");
		return this;
	}

	List<RequestNode> elements() {
		require(this.json.isArray(), "must be an array");
		List<RequestNode> elements = new ArrayList<>(this.json.size());
		for (Iterator<JsonNode> each = this.json.iterator(); each.hasNext();) {
			elements.add(new RequestNode(each.next(), this.path + "[" + elements.size() + "]"));
		}
		return elements;
	}

	/** Keeps the members that have no canonical place, by their paths. */
	void keepOthers(Set<String> known, Map<String, @Nullable Object> rest) {
		this.json.properties().forEach((member) -> {
			RequestNode other = get(member.getKey());
			if (!known.contains(member.getKey()) && other.present()) {
				other.keep(rest);
			}
		});
	}

	/** Keeps this value, by its path. */
	void keep(Map<String, @Nullable Object> rest) {
		rest.put(this.path, AnthropicJson.plain(this.json));
	}

	private void require(boolean holds, String rule) {
		if (!holds) {
			throw invalid(rule);
		}
	}

	/**
	 * An error about this place.
	 * @param rule what it breaks, such as {@code must be a string}
	 */
	InvalidRequestException invalid(String rule) {
		return new InvalidRequestException("'" + this.path + "' " + (present() ? rule : "is required: it " + rule),
				this.path);
	}

}
