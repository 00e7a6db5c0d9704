package dev.llmproxy.gateway;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/** What may hold a credential is nothing to decide by. */
class CredentialHeadersTest {

	@ParameterizedTest
	@ValueSource(strings = { "authorization", "Authorization", "proxy-authorization", "x-api-key", "api-key",
			"X-Goog-Api-Key", "cookie", "set-cookie", "x-amz-security-token", "x-auth-token", "x-access-token",
			"x-client-secret", "x-forwarded-access-token", "x-user-jwt" })
	void areNotTold(String name) {
		assertThat(request(name).hint(name)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "x-team", "llm-proxy-region", "llm-proxy-metadata", "user-agent", "x-max-tokens" })
	void othersAre(String name) {
		assertThat(request(name).hint(name)).isEqualTo("value");
		assertThat(request(name).hint("x-none")).isNull();
		assertThat(request(name).headers().isEmpty()).isTrue();
	}

	private static LlmRequest request(String name) {
		HttpHeaders headers = new HttpHeaders();
		headers.add(name, "value");
		headers.add(name, "another");
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.hints(headers)
			.body(new byte[0], Envelope.none())
			.build();
	}

}
