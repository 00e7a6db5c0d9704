package dev.llmproxy.dialect.gemini;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class GeminiErrorsTests {

	@ParameterizedTest
	@CsvSource({ "400, INVALID_ARGUMENT, Bad., INVALID_REQUEST",
			"400, INVALID_ARGUMENT, The input token count (1200000) exceeds the maximum number of tokens allowed (1048575)., CONTEXT_LENGTH",
			"400, INVALID_ARGUMENT, API key not valid. Please pass a valid API key., UPSTREAM_AUTHENTICATION",
			"400, FAILED_PRECONDITION, User location is not supported for the API use., UPSTREAM",
			"401, UNAUTHENTICATED, No., UPSTREAM_AUTHENTICATION",
			"403, PERMISSION_DENIED, No., UPSTREAM_AUTHENTICATION", "404, NOT_FOUND, No., NOT_FOUND",
			"429, RESOURCE_EXHAUSTED, Slow., RATE_LIMIT", "500, INTERNAL, Oops., UPSTREAM",
			"503, UNAVAILABLE, Busy., OVERLOADED", "504, DEADLINE_EXCEEDED, Late., TIMEOUT",
			"501, UNIMPLEMENTED, No., NOT_IMPLEMENTED", "409, ABORTED, No., CONFLICT",
			"413, '', Large., PAYLOAD_TOO_LARGE", "400, '', The input token count exceeds the limit., CONTEXT_LENGTH" })
	void readsKinds(int status, String word, String message, ErrorKind kind) {
		LlmError error = decode(status,
				"{'error': {'code': " + status + ", 'message': '" + message + "', 'status': '" + word + "'}}");
		assertThat(error.kind()).isEqualTo(kind);
		assertThat(error.message()).isEqualTo(message);
	}

	@Test
	void readsDetails() {
		LlmError error = decode(400,
				"""
						[{'error': {'code': 400, 'message': 'Bad.', 'status': 'INVALID_ARGUMENT', 'details': [
						  {'@type': 'type.googleapis.com/google.rpc.ErrorInfo', 'reason': 'API_KEY_INVALID', 'domain': 'googleapis.com'},
						  {'@type': 'type.googleapis.com/google.rpc.BadRequest', 'fieldViolations': [{'field': 'contents[0]', 'description': 'd'}]}]}}]""");
		assertThat(error)
			.isEqualTo(new LlmError(ErrorKind.UPSTREAM_AUTHENTICATION, "Bad.", "API_KEY_INVALID", "contents[0]"));
	}

	@Test
	void believesTheCodeInAFrameRatherThanTheStatus() {
		assertThat(GeminiErrors.decode(502, Json.tree("{'code': 429, 'message': 'Slow.'}")).kind())
			.isEqualTo(ErrorKind.RATE_LIMIT);
	}

	@Test
	void writesGooglesShape() {
		LlmError error = new LlmError(ErrorKind.NOT_FOUND, "No such model.", "model_not_found", "model");
		assertThat(Json.tree(GeminiCodecTests.CODEC.encodeError(error, "req-1"))).isEqualTo(Json
			.tree("""
					{'error': {'code': 404, 'message': 'No such model.', 'status': 'NOT_FOUND', 'details': [
					  {'@type': 'type.googleapis.com/google.rpc.ErrorInfo', 'reason': 'MODEL_NOT_FOUND', 'domain': 'llm-proxy'},
					  {'@type': 'type.googleapis.com/google.rpc.BadRequest', 'fieldViolations': [
					    {'field': 'model', 'description': 'No such model.'}]},
					  {'@type': 'type.googleapis.com/google.rpc.RequestInfo', 'requestId': 'req-1'}]}}"""));
		assertThat(Json.tree(GeminiCodecTests.CODEC.encodeError(new LlmError(ErrorKind.OVERLOADED, "Busy."), null)))
			.isEqualTo(Json.tree("{'error': {'code': 503, 'message': 'Busy.', 'status': 'UNAVAILABLE'}}"));
	}

	@Test
	void boundsTheMessageOutsideOfCharacters() {
		String message = "x".repeat(1999) + "\uD83D\uDE00";
		assertThat(decode(500, "{'error': {'message': '" + message + "'}}").message()).isEqualTo("x".repeat(1999));
	}

	private static LlmError decode(int status, String body) {
		return GeminiCodecTests.CODEC.decodeError(status, Json.bytes(body));
	}

}
