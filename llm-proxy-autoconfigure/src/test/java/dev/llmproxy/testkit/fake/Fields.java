package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object of a request, read strictly: every getter checks what it returns and throws
 * a {@link RejectedRequest} in the provider's words. JSON {@code null} is the same as an
 * absent field.
 */
final class Fields {

	private final ObjectNode node;

	private final Path path;

	private final Wording wording;

	private Fields(ObjectNode node, Path path, Wording wording) {
		this.node = node;
		this.path = path;
		this.wording = wording;
	}

	static Fields of(JsonNode node, Path path, Wording wording) {
		if (node instanceof ObjectNode object) {
			return new Fields(object, path, wording);
		}
		throw wording.type(path, Wording.Kind.OBJECT, node);
	}

	ObjectNode node() {
		return this.node;
	}

	Path path() {
		return this.path;
	}

	Path at(String name) {
		return this.path.field(name);
	}

	/** Rejects fields other than these. */
	Fields allow(String... names) {
		Set<String> known = Set.copyOf(Arrays.asList(names));
		for (String name : this.node.propertyNames()) {
			if (!known.contains(name)) {
				throw this.wording.unknown(at(name));
			}
		}
		return this;
	}

	boolean has(String name) {
		return get(name) != null;
	}

	@Nullable JsonNode get(String name) {
		JsonNode value = this.node.get(name);
		return (value == null || value.isNull()) ? null : value;
	}

	JsonNode require(String name) {
		JsonNode value = get(name);
		if (value == null) {
			throw this.wording.missing(at(name));
		}
		return value;
	}

	RejectedRequest invalid(String name, String message) {
		return this.wording.invalid(at(name), message);
	}

	RejectedRequest wrongType(String name, Wording.Kind expected) {
		return this.wording.type(at(name), expected, this.node.path(name));
	}

	String text(String name) {
		return asText(name, require(name));
	}

	@Nullable String optText(String name) {
		JsonNode value = get(name);
		return (value == null) ? null : asText(name, value);
	}

	private String asText(String name, JsonNode value) {
		if (!value.isString()) {
			throw this.wording.type(at(name), Wording.Kind.STRING, value);
		}
		return value.asString();
	}

	String oneOf(String name, String... allowed) {
		return checked(name, text(name), allowed);
	}

	@Nullable String optOneOf(String name, String... allowed) {
		String value = optText(name);
		return (value == null) ? null : checked(name, value, allowed);
	}

	private String checked(String name, String value, String... allowed) {
		List<String> values = Arrays.asList(allowed);
		if (!values.contains(value)) {
			throw this.wording.value(at(name), value, values);
		}
		return value;
	}

	boolean flag(String name) {
		return flag(name, false);
	}

	boolean flag(String name, boolean otherwise) {
		JsonNode value = get(name);
		if (value == null) {
			return otherwise;
		}
		if (!value.isBoolean()) {
			throw this.wording.type(at(name), Wording.Kind.BOOLEAN, value);
		}
		return value.asBoolean();
	}

	@Nullable Integer optInteger(String name, long minimum, long maximum) {
		JsonNode value = get(name);
		if (value == null) {
			return null;
		}
		if (!value.isIntegralNumber()) {
			throw this.wording.type(at(name), Wording.Kind.INTEGER, value);
		}
		checkRange(name, value.asLong(), minimum, maximum);
		return value.asInt();
	}

	@Nullable Double optNumber(String name, double minimum, double maximum) {
		JsonNode value = get(name);
		if (value == null) {
			return null;
		}
		if (!value.isNumber()) {
			throw this.wording.type(at(name), Wording.Kind.NUMBER, value);
		}
		checkRange(name, value.numberValue(), minimum, maximum);
		return value.asDouble();
	}

	private void checkRange(String name, Number value, Number minimum, Number maximum) {
		if (value.doubleValue() < minimum.doubleValue()) {
			throw this.wording.tooSmall(at(name), minimum, value);
		}
		if (value.doubleValue() > maximum.doubleValue()) {
			throw this.wording.tooLarge(at(name), maximum, value);
		}
	}

	Fields object(String name) {
		return of(require(name), at(name), this.wording);
	}

	@Nullable Fields optObject(String name) {
		JsonNode value = get(name);
		return (value == null) ? null : of(value, at(name), this.wording);
	}

	/** The objects of a required array. */
	List<Fields> objects(String name, int minimum) {
		require(name);
		List<Fields> objects = optObjects(name);
		if (objects.size() < minimum) {
			throw this.wording.tooFew(at(name), minimum, objects.size());
		}
		return objects;
	}

	/** The objects of an array, none if it is absent. */
	List<Fields> optObjects(String name) {
		List<Fields> objects = new ArrayList<>();
		for (JsonNode item : optArray(name)) {
			objects.add(of(item, at(name).index(objects.size()), this.wording));
		}
		return objects;
	}

	/** The strings of an array, none if it is absent. */
	List<String> optTexts(String name, int maximum) {
		List<String> texts = new ArrayList<>();
		for (JsonNode item : optArray(name)) {
			if (!item.isString()) {
				throw this.wording.type(at(name).index(texts.size()), Wording.Kind.STRING, item);
			}
			texts.add(item.asString());
		}
		if (texts.size() > maximum) {
			throw this.wording.tooMany(at(name), maximum, texts.size());
		}
		return texts;
	}

	private List<JsonNode> optArray(String name) {
		JsonNode value = get(name);
		if (value == null) {
			return List.of();
		}
		if (!value.isArray()) {
			throw this.wording.type(at(name), Wording.Kind.ARRAY, value);
		}
		return value.values().stream().toList();
	}

	@Override
	public String toString() {
		return this.path + " " + this.node;
	}

}
