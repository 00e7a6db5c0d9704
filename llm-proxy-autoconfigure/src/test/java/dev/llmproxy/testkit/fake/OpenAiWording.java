package dev.llmproxy.testkit.fake;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** OpenAI's error messages, with their {@code param} and {@code code}. */
final class OpenAiWording implements Wording {

	static final String TYPE = "invalid_request_error";

	@Override
	public RejectedRequest unknown(Path at) {
		return error("unknown_parameter", at, "Unknown parameter: '" + at + "'.");
	}

	@Override
	public RejectedRequest missing(Path at) {
		return error("missing_required_parameter", at, "Missing required parameter: '" + at + "'.");
	}

	@Override
	public RejectedRequest type(Path at, Kind expected, JsonNode actual) {
		return error("invalid_type", at, "Invalid type for '" + at + "': expected " + expected.aWord() + ", but got "
				+ Kind.of(actual).aWord() + " instead.");
	}

	@Override
	public RejectedRequest value(Path at, String actual, List<String> allowed) {
		List<String> quoted = allowed.stream().map((value) -> "'" + value + "'").toList();
		String list = switch (quoted.size()) {
			case 1 -> quoted.get(0);
			case 2 -> quoted.get(0) + " and " + quoted.get(1);
			default ->
				String.join(", ", quoted.subList(0, quoted.size() - 1)) + ", and " + quoted.get(quoted.size() - 1);
		};
		return error("invalid_value", at, "Invalid value: '" + actual + "'. Supported values are: " + list + ".");
	}

	@Override
	public RejectedRequest tooSmall(Path at, Number minimum, Number actual) {
		String kind = (minimum instanceof Double) ? "decimal" : "integer";
		return error(kind + "_below_min_value", at, "Invalid '" + at + "': " + kind
				+ " below minimum value. Expected a value >= " + plain(minimum) + ", but got " + actual + " instead.");
	}

	@Override
	public RejectedRequest tooLarge(Path at, Number maximum, Number actual) {
		String kind = (maximum instanceof Double) ? "decimal" : "integer";
		return error(kind + "_above_max_value", at, "Invalid '" + at + "': " + kind
				+ " above maximum value. Expected a value <= " + plain(maximum) + ", but got " + actual + " instead.");
	}

	private static String plain(Number number) {
		return (number.doubleValue() == number.longValue()) ? Long.toString(number.longValue()) : number.toString();
	}

	@Override
	public RejectedRequest tooFew(Path at, int minimum, int actual) {
		return error("empty_array", at, "Invalid '" + at + "': empty array. Expected an array with minimum length "
				+ minimum + ", but got an empty array instead.");
	}

	@Override
	public RejectedRequest tooMany(Path at, int maximum, int actual) {
		return error("array_above_max_length", at,
				"Invalid '" + at + "': array too long. Expected an array with maximum length " + maximum
						+ ", but got an array with length " + actual + " instead.");
	}

	@Override
	public RejectedRequest invalid(Path at, String message) {
		return error("invalid_value", at, message);
	}

	static RejectedRequest error(@Nullable String code, @Nullable Path at, String message) {
		return new RejectedRequest(400, TYPE, code, (at == null) ? null : at.brackets(), message);
	}

}
