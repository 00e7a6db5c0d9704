package dev.llmproxy.dialect.bedrock;

import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Transcripts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class BedrockErrorsTest {

	private static LlmError decode(int status, String body) {
		return new BedrockCodec().decodeError(status, body.getBytes(StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "400 | Input is too long for requested model. | CONTEXT_LENGTH",
					"400 | The model returned the following errors: prompt is too long: 208310 tokens > 200000 maximum"
							+ " | CONTEXT_LENGTH",
					"400 | The model returned the following errors: input length and `max_tokens` exceed context limit:"
							+ " 199999 + 4096 > 200000 | CONTEXT_LENGTH",
					"400 | The maximum tokens you requested exceeds the model limit of 8192. | INVALID_REQUEST",
					"400 | A conversation must start with a user message. | INVALID_REQUEST",
					"400 | The provided model identifier is invalid. | NOT_FOUND",
					"400 | Invocation of model ID m with on-demand throughput isn’t supported. | NOT_FOUND",
					"400 | The generated text has been blocked by our content filters. | CONTENT_POLICY",
					"400 | Your request exceeds the service quota for your account. | RATE_LIMIT",
					"403 | You don't have access to the model. | UPSTREAM_AUTHENTICATION",
					"404 | This model version has reached the end of its life. | NOT_FOUND",
					"408 | The request took too long to process. | TIMEOUT",
					"424 | The request failed due to an error while processing the model. | UPSTREAM",
					"429 | Too many tokens, please wait before trying again. | RATE_LIMIT",
					"429 | The model specified in the request is not ready to serve inference requests. | OVERLOADED",
					"500 | An internal server error occurred. | UPSTREAM",
					"503 | Bedrock is unable to process your request. | OVERLOADED" })
	void tellsErrorsByStatusAndWords(int status, String message, ErrorKind expected) {
		LlmError error = decode(status, "{\"message\":\"" + message + "\"}");
		assertThat(error.kind()).isEqualTo(expected);
		assertThat(error.message()).isEqualTo(message);
	}

	@Test
	void readsWhatTheModelAnsweredToBedrock() {
		String body = "{\"message\":\"m\",\"originalStatusCode\":%s,\"resourceName\":\"r\"}";
		assertThat(decode(424, body.formatted(429)).kind()).isEqualTo(ErrorKind.RATE_LIMIT);
		assertThat(decode(424, body.formatted(401)).kind()).isEqualTo(ErrorKind.UPSTREAM);
	}

	@Test
	void readsTheTypeOfUnmodelledExceptions() {
		LlmError error = decode(400, "{\"__type\":\"com.amazon.coral#ThrottlingException:http://internal/\"}");
		assertThat(error.code()).isEqualTo("ThrottlingException");
		assertThat(error.message()).isEqualTo("The provider answered with status 400.");
		assertThat(decode(403, "{\"Message\":\"The security token is expired.\"}").message())
			.isEqualTo("The security token is expired.");
	}

	@Test
	void boundsMessages() {
		assertThat(decode(400, "{\"message\":\"" + "x".repeat(5000) + "\"}").message()).hasSize(2000).endsWith("…");
	}

	@ParameterizedTest
	@CsvSource({ "throttlingException,RATE_LIMIT", "modelStreamErrorException,UPSTREAM",
			"internalServerException,UPSTREAM", "validationException,INVALID_REQUEST",
			"serviceUnavailableException,OVERLOADED", "modelTimeoutException,TIMEOUT", "somethingNewer,UPSTREAM" })
	void tellsExceptionsOfStreamsByTheirType(String type, ErrorKind expected) {
		LlmError error = failure("{\"exception\":\"" + type + "\",\"payload\":{\"message\":\"No.\"}}");
		assertThat(error).isEqualTo(new LlmError(expected, "No.", type, null));
	}

	@Test
	void readsWhatTheModelToldInAStream() {
		assertThat(failure("{\"exception\":\"validationException\",\"payload\":"
				+ "{\"message\":\"Input is too long for requested model.\"}}")
			.kind()).isEqualTo(ErrorKind.CONTEXT_LENGTH);
		assertThat(failure("{\"exception\":\"modelStreamErrorException\",\"payload\":"
				+ "{\"message\":\"m\",\"originalMessage\":\"o\",\"originalStatusCode\":503}}")
			.kind()).isEqualTo(ErrorKind.OVERLOADED);
	}

	@Test
	void saysNothingOfTheGatewaysAccountInAStream() {
		assertThat(failure("{\"exception\":\"accessDeniedException\",\"payload\":"
				+ "{\"message\":\"User: arn:aws:iam::123456789012:user/x is not authorized\"}}"))
			.satisfies((error) -> {
				assertThat(error.kind()).isEqualTo(ErrorKind.UPSTREAM_AUTHENTICATION);
				assertThat(error.message()).doesNotContain("arn:");
			});
	}

	private static LlmError failure(String line) {
		ChatEvent event = Transcripts.decode(new BedrockCodec().streamDecoder(), BedrockStreams.of(line)).get(0);
		return ((ChatEvent.Failed) event).error();
	}

}
