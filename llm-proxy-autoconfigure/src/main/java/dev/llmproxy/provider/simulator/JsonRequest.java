package dev.llmproxy.provider.simulator;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.ResponseBody;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a request that has no canonical form.
 *
 * @param id the request's
 */
record JsonRequest(String id, JsonNode fields) {

	static final JsonMapper JSON = ReadyMapper.shared();

	static JsonRequest of(LlmRequest request) {
		try {
			return new JsonRequest(request.id(), JSON.readTree(request.body()));
		}
		catch (JacksonException ex) {
			throw new InvalidRequestException("The body is no JSON.", null);
		}
	}

	static ResponseBody body(ObjectNode answer) {
		return new ResponseBody.Json(Dialect.OPENAI, JSON.writeValueAsBytes(answer));
	}

	/** A text that must be there. */
	String text(String field) {
		JsonNode value = this.fields.path(field);
		if (!value.isString()) {
			throw new InvalidRequestException("'" + field + "' must be a string.", field);
		}
		return value.asString();
	}

	String text(String field, String absent) {
		JsonNode value = this.fields.path(field);
		return value.isString() ? value.asString() : absent;
	}

	/** A whole number, within bounds. */
	int number(String field, int absent, int least, int most) {
		JsonNode value = this.fields.path(field);
		if (value.isMissingNode() || value.isNull()) {
			return absent;
		}
		if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < least || value.asInt() > most) {
			throw new InvalidRequestException("'" + field + "' must be between " + least + " and " + most + ".", field);
		}
		return value.asInt();
	}

	boolean flag(String field) {
		return this.fields.path(field).isBoolean() && this.fields.path(field).asBoolean();
	}

	/** The texts of an array of strings, or of objects with a {@code text}. */
	List<String> texts(String field, int most) {
		JsonNode array = this.fields.path(field);
		if (!array.isArray() || array.isEmpty() || array.size() > most) {
			throw new InvalidRequestException("'" + field + "' must be an array of 1 to " + most + " elements.", field);
		}
		List<String> texts = new ArrayList<>();
		for (JsonNode element : array) {
			JsonNode text = element.isObject() ? element.path("text") : element;
			texts.add(text.isString() ? text.asString() : "");
		}
		return texts;
	}

}
