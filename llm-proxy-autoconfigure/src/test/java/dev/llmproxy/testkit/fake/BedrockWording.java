package dev.llmproxy.testkit.fake;

import java.util.List;

import tools.jackson.databind.JsonNode;

/** Bedrock's error messages. Constraints of its model count list members from one. */
final class BedrockWording implements Wording {

	static final String TYPE = "ValidationException";

	@Override
	public RejectedRequest unknown(Path at) {
		return error("Malformed input request: #"
				+ (at.parent().isRoot() ? "" : "/" + at.parent().dots().replace('.', '/')) + ": extraneous key ["
				+ at.name() + "] is not permitted, please reformat your input and try again.");
	}

	@Override
	public RejectedRequest missing(Path at) {
		return constraint("Value at '" + member(at) + "'", "Member must not be null");
	}

	@Override
	public RejectedRequest type(Path at, Kind expected, JsonNode actual) {
		String found = switch (Kind.of(actual)) {
			case STRING -> "STRING_VALUE";
			case INTEGER, NUMBER -> "NUMBER_VALUE";
			case BOOLEAN -> actual.asBoolean() ? "TRUE_VALUE" : "FALSE_VALUE";
			case OBJECT -> "Start of structure or map";
			case ARRAY -> "Start of list";
			case NULL -> "NULL_VALUE";
		};
		return new RejectedRequest(400, "SerializationException", null, null,
				found + " can not be converted to " + switch (expected) {
					case OBJECT -> "a structure or map";
					case ARRAY -> "a list";
					default -> "a " + expected.word();
				} + " at " + at.dots());
	}

	@Override
	public RejectedRequest value(Path at, String actual, List<String> allowed) {
		return constraint("Value '" + actual + "' at '" + member(at) + "'",
				"Member must satisfy enum value set: " + allowed);
	}

	@Override
	public RejectedRequest tooSmall(Path at, Number minimum, Number actual) {
		return constraint("Value '" + actual + "' at '" + member(at) + "'",
				"Member must have value greater than or equal to " + minimum);
	}

	@Override
	public RejectedRequest tooLarge(Path at, Number maximum, Number actual) {
		return constraint("Value '" + actual + "' at '" + member(at) + "'",
				"Member must have value less than or equal to " + maximum);
	}

	@Override
	public RejectedRequest tooFew(Path at, int minimum, int actual) {
		return constraint("Value '[]' at '" + member(at) + "'",
				"Member must have length greater than or equal to " + minimum);
	}

	@Override
	public RejectedRequest tooMany(Path at, int maximum, int actual) {
		return constraint("Value at '" + member(at) + "'", "Member must have length less than or equal to " + maximum);
	}

	@Override
	public RejectedRequest invalid(Path at, String message) {
		return error(message);
	}

	/** A text that does not match the pattern of its member. */
	static RejectedRequest pattern(Path at, String actual, String pattern) {
		return constraint("Value '" + actual + "' at '" + member(at) + "'",
				"Member must satisfy regular expression pattern: " + pattern);
	}

	private static RejectedRequest constraint(String what, String constraint) {
		return error("1 validation error detected: " + what + " failed to satisfy constraint: " + constraint);
	}

	private static String member(Path at) {
		StringBuilder text = new StringBuilder();
		for (Object step : at.steps()) {
			text.append(text.isEmpty() ? "" : ".").append((step instanceof Integer i) ? (i + 1) + ".member" : step);
		}
		return text.toString();
	}

	static RejectedRequest error(String message) {
		return new RejectedRequest(400, TYPE, null, null, message);
	}

	/** What the model itself complained about, passed on by Bedrock. */
	static RejectedRequest model(String message) {
		return error("The model returned the following errors: " + message);
	}

}
