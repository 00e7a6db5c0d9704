package dev.llmproxy.dialect.responses;

import dev.llmproxy.dialect.InvalidRequestException;

/**
 * What refers to something that one provider has stored. It passes untouched to a
 * provider of Responses; anywhere else, and wherever the gateway has to read the
 * conversation itself, it would silently be a different conversation.
 */
final class Statefulness {

	private Statefulness() {
	}

	static void refuse(Fields request) {
		for (String field : new String[] { "previous_response_id", "conversation", "prompt" }) {
			if (request.has(field)) {
				throw refused(field, "'" + field + "'");
			}
		}
		if (Boolean.TRUE.equals(request.bool("background"))) {
			throw refused("background", "'background'");
		}
	}

	static InvalidRequestException refused(String path, String what) {
		return new InvalidRequestException("The gateway can't serve " + what
				+ " here, because only the provider that stored it knows what it refers to. Send the whole"
				+ " conversation in 'input', or use a model that is routed to one Responses provider untouched.", path);
	}

}
