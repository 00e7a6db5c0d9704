package dev.llmproxy.testkit.fake;

import java.util.List;

import tools.jackson.databind.JsonNode;

/** How a provider complains about one value of a request. */
interface Wording {

	/** The field is not one the provider knows. */
	RejectedRequest unknown(Path at);

	/** The field is required. */
	RejectedRequest missing(Path at);

	/** The value has the wrong JSON type. */
	RejectedRequest type(Path at, Kind expected, JsonNode actual);

	/** The value is none of those allowed. */
	RejectedRequest value(Path at, String actual, List<String> allowed);

	/** The number is below its minimum. */
	RejectedRequest tooSmall(Path at, Number minimum, Number actual);

	/** The number is above its maximum. */
	RejectedRequest tooLarge(Path at, Number maximum, Number actual);

	/** The array has fewer items than it needs. */
	RejectedRequest tooFew(Path at, int minimum, int actual);

	/** The array has more items than it may. */
	RejectedRequest tooMany(Path at, int maximum, int actual);

	/** Anything else. */
	RejectedRequest invalid(Path at, String message);

	/** The kinds of JSON values that requests are made of. */
	enum Kind {

		STRING("string"), INTEGER("integer"), NUMBER("number"), BOOLEAN("boolean"), OBJECT("object"), ARRAY("array"),
		NULL("null");

		private final String word;

		Kind(String word) {
			this.word = word;
		}

		String word() {
			return this.word;
		}

		/** With its article, as in "an object". */
		String aWord() {
			return ("aeiou".indexOf(this.word.charAt(0)) >= 0 ? "an " : "a ") + this.word;
		}

		static Kind of(JsonNode node) {
			if (node.isString()) {
				return STRING;
			}
			if (node.isIntegralNumber()) {
				return INTEGER;
			}
			if (node.isNumber()) {
				return NUMBER;
			}
			if (node.isBoolean()) {
				return BOOLEAN;
			}
			if (node.isArray()) {
				return ARRAY;
			}
			return node.isObject() ? OBJECT : NULL;
		}

	}

}
