package dev.llmproxy.dialect.responses;

import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The members of one JSON object of a request, read with their types and named by their
 * path where they are wrong. A {@code null} is as good as absent, as it is to OpenAI.
 *
 * @param path of the object; empty at the top
 */
record Fields(JsonNode object, String path) {

	static Fields of(JsonNode node, String path) {
		if (!node.isObject()) {
			throw new InvalidRequestException("'" + path + "' must be an object.", path);
		}
		return new Fields(node, path);
	}

	String path(String name) {
		return this.path.isEmpty() ? name : this.path + "." + name;
	}

	/** The member's value; missing if it is {@code null}. */
	JsonNode get(String name) {
		JsonNode value = this.object.path(name);
		return value.isNull() ? MissingNode.getInstance() : value;
	}

	boolean has(String name) {
		return !get(name).isMissingNode();
	}

	@Nullable String string(String name) {
		JsonNode value = get(name);
		if (value.isMissingNode()) {
			return null;
		}
		if (!value.isString()) {
			throw mustBe(name, "a string");
		}
		return value.asString();
	}

	String requiredString(String name) {
		String value = string(name);
		if (value == null) {
			throw new InvalidRequestException("'" + path(name) + "' is required.", path(name));
		}
		return value;
	}

	@Nullable Boolean bool(String name) {
		JsonNode value = get(name);
		if (value.isMissingNode()) {
			return null;
		}
		if (!value.isBoolean()) {
			throw mustBe(name, "true or false");
		}
		return value.asBoolean();
	}

	@Nullable Integer positive(String name) {
		JsonNode value = get(name);
		if (value.isMissingNode()) {
			return null;
		}
		if (!value.isInt() || value.asInt() < 1) {
			throw mustBe(name, "a positive integer");
		}
		return value.asInt();
	}

	@Nullable Double number(String name) {
		JsonNode value = get(name);
		if (value.isMissingNode()) {
			return null;
		}
		if (!value.isNumber()) {
			throw mustBe(name, "a number");
		}
		return value.asDouble();
	}

	/** The array; missing if absent. */
	JsonNode array(String name) {
		JsonNode value = get(name);
		if (!value.isMissingNode() && !value.isArray()) {
			throw mustBe(name, "an array");
		}
		return value;
	}

	/** The object; {@code null} if absent. */
	@Nullable Fields object(String name) {
		JsonNode value = get(name);
		return value.isMissingNode() ? null : of(value, path(name));
	}

	/**
	 * Keeps the members that have no place in the canonical request under their paths.
	 */
	void keepRest(Set<String> known, ChatRequest.Builder builder) {
		this.object.properties().forEach((member) -> {
			if (!known.contains(member.getKey()) && !member.getValue().isNull()) {
				builder.rest(path(member.getKey()), ResponsesJson.plain(member.getValue()));
			}
		});
	}

	InvalidRequestException mustBe(String name, String what) {
		return new InvalidRequestException("'" + path(name) + "' must be " + what + ".", path(name));
	}

}
