package dev.llmproxy.dialect.openai;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class OpenAiErrorsTest {

	@Test
	void keepsWhatTheProviderSaid() {
		assertThat(decode(400, """
				{"error":{"message":"Unsupported value.","type":"invalid_request_error","param":"messages[0].role",
				"code":"unsupported_value"}}""")).isEqualTo(
				new LlmError(ErrorKind.INVALID_REQUEST, "Unsupported value.", "unsupported_value", "messages[0].role"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"400|{\"error\":{\"message\":\"m\",\"code\":\"context_length_exceeded\"}}|CONTEXT_LENGTH",
			"400|{\"object\":\"error\",\"message\":\"This model's maximum context length is 8192 tokens.\",\"code\":400}|CONTEXT_LENGTH",
			"413|{\"error\":{\"message\":\"Please reduce the length of the messages or completion.\"}}|CONTEXT_LENGTH",
			"429|{\"error\":{\"message\":\"m\",\"code\":\"rate_limit_exceeded\"}}|RATE_LIMIT",
			"429|{\"error\":{\"message\":\"m\",\"type\":\"insufficient_quota\"}}|RATE_LIMIT",
			"400|{\"error\":{\"message\":\"m\",\"code\":\"content_filter\"}}|CONTENT_POLICY",
			"403|{\"error\":{\"message\":\"m\",\"code\":403,\"metadata\":{\"flagged_input\":\"x\"}}}|CONTENT_POLICY",
			"503|{\"error\":{\"message\":\"m\",\"type\":\"overloaded\"}}|OVERLOADED", "529|{}|OVERLOADED",
			"401|{\"error\":{\"message\":\"m\",\"code\":\"invalid_api_key\"}}|UPSTREAM_AUTHENTICATION",
			"404|{\"error\":{\"message\":\"m\",\"code\":\"model_not_found\"}}|NOT_FOUND",
			"422|{\"detail\":[{\"msg\":\"field required\"}]}|UNPROCESSABLE", "500|oops|UPSTREAM",
			"502|{\"error\":{\"message\":\"m\",\"code\":429}}|RATE_LIMIT",
			"502|{\"error\":{\"message\":\"m\",\"code\":\"400\"}}|INVALID_REQUEST",
			"502|{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\"}}|INVALID_REQUEST",
			"502|{\"error\":{\"message\":\"m\",\"type\":\"server_error\"}}|UPSTREAM" })
	void tellsKindsApart(int status, String body, ErrorKind kind) {
		assertThat(decode(status, body).kind()).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = {
					"[{\"error\":{\"code\":400,\"message\":\"m\",\"status\":\"INVALID_ARGUMENT\"}}]|m|INVALID_ARGUMENT",
					"{\"error\":\"m\"}|m|", "{\"message\":\"m\",\"type\":\"t\",\"code\":\"c\"}|m|c",
					"{\"message\":\"m\",\"type\":\"t\",\"code\":1500}|m|1500", "{\"detail\":\"m\"}|m|",
					"{\"detail\":[{\"msg\":\"m\"}]}|m|", "{\"message\":{\"detail\":[{\"msg\":\"m\"}]}}|m|",
					"{\"error\":{\"code\":400,\"type\":\"t\",\"message\":\"m\"}}|m|t",
					"<html>|The provider answered with status 400.|", "{}|The provider answered with status 400.|",
					"{\"error\":{\"message\":\" \"}}|The provider answered with status 400.|" })
	void readsEveryShapeThatVendorsUse(String body, String message, String code) {
		LlmError error = decode(400, body);
		assertThat(error.message()).isEqualTo(message);
		assertThat(error.code()).isEqualTo(code);
	}

	@Test
	void boundsTheMessageBetweenCharacters() {
		LlmError error = decode(400, "{\"error\":{\"message\":\"" + "x".repeat(1999) + "\uD83D\uDE00\"}}");
		assertThat(error.message()).isEqualTo("x".repeat(1999));
	}

	@Test
	void writesTheErrorObject() {
		OpenAiCodec codec = new OpenAiCodec();
		LlmError error = new LlmError(ErrorKind.NOT_FOUND, "No \"model\".", "model_not_found", "model");
		assertThat(Json.text(codec.encodeError(error, "r1"))).isEqualTo(
				"{\"error\":{\"message\":\"No \\\"model\\\".\",\"type\":\"not_found_error\",\"param\":\"model\",\"code\":\"model_not_found\"},\"request_id\":\"r1\"}");
		assertThat(Json.text(codec.encodeStreamError(error, null))).startsWith("data: {\"error\":{").endsWith("}}\n\n");
	}

	private static LlmError decode(int status, String body) {
		return new OpenAiCodec().decodeError(status, Json.bytes(body));
	}

}
