package dev.llmproxy.dialect.responses;

import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ResponsesErrorsTests {

	@ParameterizedTest
	@CsvSource({ "400, context_length_exceeded, invalid_request_error, CONTEXT_LENGTH",
			"400, invalid_prompt, invalid_request_error, CONTENT_POLICY", "400, content_filter, , CONTENT_POLICY",
			"400, , invalid_request_error, INVALID_REQUEST", "429, rate_limit_exceeded, tokens, RATE_LIMIT",
			"429, insufficient_quota, insufficient_quota, RATE_LIMIT",
			"404, model_not_found, invalid_request_error, NOT_FOUND", "401, invalid_api_key, , UPSTREAM_AUTHENTICATION",
			"500, server_error, server_error, UPSTREAM", "503, server_is_overloaded, , OVERLOADED",
			"503, slow_down, , OVERLOADED", "502, server_error, , UPSTREAM",
			"502, image_content_policy_violation, , CONTENT_POLICY", "502, bio_policy, , CONTENT_POLICY",
			"502, invalid_image_url, , INVALID_REQUEST", "502, image_too_large, , INVALID_REQUEST",
			"502, vector_store_timeout, , TIMEOUT", "502, too_many_requests, too_many_requests, RATE_LIMIT",
			"502, 429, , RATE_LIMIT", "502, 400, , INVALID_REQUEST", "502, model_not_found, , NOT_FOUND",
			"502, invalid_api_key, , UPSTREAM_AUTHENTICATION", "502, , invalid_request_error, INVALID_REQUEST" })
	void wordsTellTheKind(int status, String code, String type, ErrorKind expected) {
		String body = "{\"error\":{\"message\":\"m\",\"type\":" + quoted(type) + ",\"param\":\"input[2]\",\"code\":"
				+ quoted(code) + "}}";
		assertThat(Samples.CODEC.decodeError(status, body.getBytes(StandardCharsets.UTF_8)))
			.isEqualTo(new LlmError(expected, "m", (code != null) ? code : type, "input[2]"));
	}

	private static String quoted(String word) {
		return (word != null) ? "\"" + word + "\"" : "null";
	}

	@Test
	void theWindowIsRecognisedByTheMessageToo() {
		assertThat(
				Samples.CODEC
					.decodeError(400,
							Samples
								.json("{'error':{'message':'Your input exceeds the context window of this model.'}}"))
					.kind())
			.isEqualTo(ErrorKind.CONTEXT_LENGTH);
	}

	@Test
	void errorsAreWrittenAsOpenAiDoes() {
		LlmError error = LlmError.invalid("No.", "input[0]");
		assertThat(Samples.text(Samples.CODEC.encodeError(error, null))).isEqualTo(
				"{\"error\":{\"message\":\"No.\",\"type\":\"invalid_request_error\",\"param\":\"input[0]\",\"code\":\"invalid_value\"}}");
		assertThat(Samples.text(Samples.CODEC.encodeError(error, "req-1"))).endsWith(",\"request_id\":\"req-1\"}");
		assertThat(Samples.text(Samples.CODEC.encodeStreamError(error, "req-1")))
			.isEqualTo("event: error\ndata: {\"type\":\"error\",\"sequence_number\":0,\"code\":\"invalid_value\","
					+ "\"message\":\"No.\",\"param\":\"input[0]\",\"error\":{\"message\":\"No.\","
					+ "\"type\":\"invalid_request_error\",\"param\":\"input[0]\",\"code\":\"invalid_value\"},"
					+ "\"request_id\":\"req-1\"}\n\n");
	}

}
