package dev.llmproxy.dialect.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A value in a caller's request that knows where it stands, so that a complaint about it
 * can name the place. What is absent and what is {@code null} is the same here.
 *
 * @param node the value
 * @param path such as {@code messages[2].content}; empty for the whole request
 */
record Place(JsonNode node, String path) {

	Place at(String name) {
		return new Place(this.node.path(name), this.path.isEmpty() ? name : this.path + "." + name);
	}

	boolean absent() {
		return this.node.isMissingNode() || this.node.isNull();
	}

	/** The elements of an array that must be one; none if it is absent. */
	List<Place> elements() {
		if (absent()) {
			return List.of();
		}
		if (!this.node.isArray()) {
			throw wrong("must be an array");
		}
		List<Place> elements = new ArrayList<>(this.node.size());
		for (JsonNode element : this.node) {
			elements.add(new Place(element, this.path + "[" + elements.size() + "]"));
		}
		return elements;
	}

	/** This place, which must hold an object. */
	Place object() {
		if (!this.node.isObject()) {
			throw wrong("must be an object");
		}
		return this;
	}

	String string() {
		if (!this.node.isString()) {
			throw wrong("must be a string");
		}
		return this.node.asString();
	}

	String nonEmptyString() {
		String text = string();
		if (text.isEmpty()) {
			throw wrong("must not be empty");
		}
		return text;
	}

	@Nullable String stringOrNull() {
		return absent() ? null : string();
	}

	@Nullable Boolean booleanOrNull() {
		if (absent()) {
			return null;
		}
		if (!this.node.isBoolean()) {
			throw wrong("must be true or false");
		}
		return this.node.booleanValue();
	}

	@Nullable Double numberOrNull() {
		if (absent()) {
			return null;
		}
		if (!this.node.isNumber()) {
			throw wrong("must be a number");
		}
		return this.node.doubleValue();
	}

	@Nullable Integer integerOrNull() {
		Long value = longOrNull();
		if (value == null) {
			return null;
		}
		if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
			throw wrong("is out of range");
		}
		return value.intValue();
	}

	@Nullable Long longOrNull() {
		if (absent()) {
			return null;
		}
		if (!this.node.isIntegralNumber()) {
			throw wrong("must be an integer");
		}
		if (!this.node.canConvertToLong()) {
			throw wrong("is out of range");
		}
		return this.node.longValue();
	}

	/** The object as a map; {@code null} if it is absent. */
	@Nullable Map<String, @Nullable Object> mapOrNull() {
		return absent() ? null : OpenAiJson.map(object().node());
	}

	InvalidRequestException wrong(String rule) {
		return new InvalidRequestException("'" + this.path + "' " + rule + ".", this.path);
	}

}
