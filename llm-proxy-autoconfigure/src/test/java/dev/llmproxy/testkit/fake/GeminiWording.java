package dev.llmproxy.testkit.fake;

import java.util.List;
import java.util.Locale;

import tools.jackson.databind.JsonNode;

/**
 * Google's error messages. Places are written with the names of the protocol buffers,
 * that is in snake case.
 */
final class GeminiWording implements Wording {

	private static final String TYPE = "type.googleapis.com/google.ai.generativelanguage.v1beta.";

	static final String INVALID = "INVALID_ARGUMENT";

	@Override
	public RejectedRequest unknown(Path at) {
		return violation(at.parent(), "Invalid JSON payload received. Unknown name \"" + at.name() + "\""
				+ (at.parent().isRoot() ? "" : " at '" + proto(at.parent()) + "'") + ": Cannot find field.");
	}

	@Override
	public RejectedRequest missing(Path at) {
		return request(at, at.name() + " is not specified");
	}

	@Override
	public RejectedRequest type(Path at, Kind expected, JsonNode actual) {
		if (actual.isArray()) {
			return violation(at, "Invalid JSON payload received. Unknown name \"" + snake(at.name()) + "\" at '"
					+ proto(at.parent()) + "': Proto field is not repeating, cannot start list.");
		}
		String name = switch (expected) {
			case STRING -> "TYPE_STRING";
			case INTEGER -> "TYPE_INT32";
			case NUMBER -> "TYPE_FLOAT";
			case BOOLEAN -> "TYPE_BOOL";
			default -> TYPE + "Message";
		};
		return invalidValue(at, name, actual.toString());
	}

	@Override
	public RejectedRequest value(Path at, String actual, List<String> allowed) {
		String name = at.name().substring(0, 1).toUpperCase(Locale.ROOT) + at.name().substring(1);
		return invalidValue(at, TYPE + name, "\"" + actual + "\"");
	}

	static RejectedRequest invalidValue(Path at, String type, String actual) {
		return violation(at, "Invalid value at '" + proto(at) + "' (" + type + "), " + actual);
	}

	@Override
	public RejectedRequest tooSmall(Path at, Number minimum, Number actual) {
		return request(at, snake(at.name()) + " must be at least " + minimum + ", but is " + actual + ".");
	}

	@Override
	public RejectedRequest tooLarge(Path at, Number maximum, Number actual) {
		return request(at, snake(at.name()) + " must be at most " + maximum + ", but is " + actual + ".");
	}

	@Override
	public RejectedRequest tooFew(Path at, int minimum, int actual) {
		return request(at, at.name().equals("contents") ? "contents is not specified"
				: proto(at).replaceAll("\\[\\d+]", "") + " must not be empty.");
	}

	@Override
	public RejectedRequest tooMany(Path at, int maximum, int actual) {
		return request(at, "at most " + maximum + " values are allowed, but there are " + actual + ".");
	}

	@Override
	public RejectedRequest invalid(Path at, String message) {
		return request(at, message);
	}

	/** A rule of the request that no type expresses. */
	private static RejectedRequest request(Path at, String message) {
		return violation(at, "* GenerateContentRequest." + proto(at) + ": " + message + "\n");
	}

	private static RejectedRequest violation(Path at, String message) {
		return new RejectedRequest(400, INVALID, null, proto(at), message);
	}

	static RejectedRequest error(String message) {
		return new RejectedRequest(400, INVALID, null, null, message);
	}

	private static String proto(Path at) {
		return snake(at.brackets());
	}

	private static String snake(String camel) {
		return camel.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
	}

}
