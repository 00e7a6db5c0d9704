package dev.llmproxy.dialect.anthropic;

import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class AnthropicErrorsTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			400 | invalid_request_error | max_tokens: Field required | INVALID_REQUEST
			400 | invalid_request_error | prompt is too long: 210000 tokens > 200000 maximum | CONTEXT_LENGTH
			400 | invalid_request_error | input length and `max_tokens` exceed context limit: 1 + 2 > 3 | CONTEXT_LENGTH
			400 | invalid_request_error | Output blocked by content filtering policy | CONTENT_POLICY
			400 | invalid_request_error | Your credit balance is too low to access the API. | UPSTREAM_AUTHENTICATION
			400 | invalid_request_error | You have reached your specified API usage limits. | UPSTREAM_AUTHENTICATION
			415 | invalid_request_error | Unsupported | UNSUPPORTED_MEDIA_TYPE
			401 | authentication_error | invalid x-api-key | UPSTREAM_AUTHENTICATION
			402 | billing_error | Pay | UPSTREAM_AUTHENTICATION
			403 | permission_error | No | UPSTREAM_AUTHENTICATION
			404 | not_found_error | model: claude-9 | NOT_FOUND
			409 | conflict_error | Changed | CONFLICT
			413 | request_too_large | Too large | PAYLOAD_TOO_LARGE
			429 | rate_limit_error | Slow down | RATE_LIMIT
			500 | api_error | Internal server error | UPSTREAM
			504 | timeout_error | Too slow | TIMEOUT
			529 | overloaded_error | Overloaded | OVERLOADED
			529 | api_error | Overloaded | OVERLOADED
			503 | novel_error | New | OVERLOADED
			200 | rate_limit_error | In a stream | RATE_LIMIT
			""")
	void tellsKindsApart(int status, String type, String message, ErrorKind kind) {
		LlmError error = Bodies.CODEC.decodeError(status,
				Bodies.json("{'type':'error','error':{'type':'" + type + "','message':'" + message + "'}}"));

		assertThat(error).isEqualTo(new LlmError(kind, message, type, null));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			INVALID_REQUEST | invalid_request_error
			CONTENT_POLICY | invalid_request_error
			AUTHENTICATION | authentication_error
			PERMISSION | permission_error
			NOT_FOUND | not_found_error
			REQUEST_TIMEOUT | timeout_error
			CONFLICT | conflict_error
			PAYLOAD_TOO_LARGE | request_too_large
			RATE_LIMIT | rate_limit_error
			INTERNAL | api_error
			UPSTREAM | api_error
			UPSTREAM_AUTHENTICATION | api_error
			OVERLOADED | overloaded_error
			TIMEOUT | timeout_error
			""")
	void rendersKindsInTheDialectsWords(ErrorKind kind, String type) {
		byte[] body = Bodies.CODEC.encodeError(new LlmError(kind, "It's so.", "code", "param"), "req-1");

		assertThat(Bodies.text(body)).isEqualTo("{\"type\":\"error\",\"error\":{\"type\":\"" + type
				+ "\",\"message\":\"It's so.\"},\"request_id\":\"req-1\"}");
	}

	@Test
	void saysThatAPromptIsTooLongInTheWordsThatCallersLookFor() {
		byte[] body = Bodies.CODEC
			.encodeError(new LlmError(ErrorKind.CONTEXT_LENGTH, "Maximum context length is 8192 tokens."), null);

		assertThat(Bodies.tree(body).path("error").path("message").stringValue())
			.isEqualTo("prompt is too long: Maximum context length is 8192 tokens.");
		assertThat(Bodies.CODEC.decodeError(400, body).message()).isEqualTo("Maximum context length is 8192 tokens.");
	}

	@Test
	void rendersAnErrorInAStreamAsItsEvent() {
		byte[] frame = Bodies.CODEC.encodeStreamError(new LlmError(ErrorKind.OVERLOADED, "Busy"), null);

		assertThat(new String(frame, StandardCharsets.UTF_8)).isEqualTo(
				"event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Busy\"}}\n\n");
	}

	@Test
	void boundsAMessage() {
		LlmError error = Bodies.CODEC.decodeError(400,
				Bodies.json("{'error':{'type':'invalid_request_error','message':'" + "x".repeat(3000) + "'}}"));

		assertThat(error.message()).hasSize(2000).endsWith("…");
	}

	@Test
	void fallsBackToTheStatus() {
		assertThat(Bodies.CODEC.decodeError(503, Bodies.json("<html>")))
			.isEqualTo(new LlmError(ErrorKind.OVERLOADED, "The provider answered with status 503."));
		assertThat(Bodies.CODEC.decodeError(400, Bodies.json("{'message':'Bad.'}")))
			.isEqualTo(new LlmError(ErrorKind.INVALID_REQUEST, "Bad."));
	}

}
