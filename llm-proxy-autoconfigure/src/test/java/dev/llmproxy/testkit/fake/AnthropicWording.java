package dev.llmproxy.testkit.fake;

import java.util.List;

import tools.jackson.databind.JsonNode;

/** Anthropic's error messages: the place with dots, then what is wrong with it. */
final class AnthropicWording implements Wording {

	static final String TYPE = "invalid_request_error";

	@Override
	public RejectedRequest unknown(Path at) {
		return invalid(at, "Extra inputs are not permitted");
	}

	@Override
	public RejectedRequest missing(Path at) {
		return invalid(at, "Field required");
	}

	@Override
	public RejectedRequest type(Path at, Kind expected, JsonNode actual) {
		return invalid(at, "Input should be " + switch (expected) {
			case OBJECT -> "an object";
			case ARRAY -> "a valid list";
			default -> "a valid " + expected.word();
		});
	}

	@Override
	public RejectedRequest value(Path at, String actual, List<String> allowed) {
		List<String> quoted = allowed.stream().map((value) -> "'" + value + "'").toList();
		String last = quoted.get(quoted.size() - 1);
		return invalid(at, "Input should be " + ((quoted.size() == 1) ? last
				: String.join(", ", quoted.subList(0, quoted.size() - 1)) + " or " + last));
	}

	@Override
	public RejectedRequest tooSmall(Path at, Number minimum, Number actual) {
		return invalid(at, "Input should be greater than or equal to " + minimum.longValue());
	}

	@Override
	public RejectedRequest tooLarge(Path at, Number maximum, Number actual) {
		return invalid(at, "Input should be less than or equal to " + maximum.longValue());
	}

	@Override
	public RejectedRequest tooFew(Path at, int minimum, int actual) {
		return at.dots().equals("messages") ? invalid(at, "at least one message is required")
				: invalid(at, "List should have at least " + minimum + " item after validation, not " + actual);
	}

	@Override
	public RejectedRequest tooMany(Path at, int maximum, int actual) {
		return invalid(at, "List should have at most " + maximum + " items after validation, not " + actual);
	}

	@Override
	public RejectedRequest invalid(Path at, String message) {
		return error(at.dots() + ": " + message);
	}

	static RejectedRequest error(String message) {
		return new RejectedRequest(400, TYPE, null, null, message);
	}

}
