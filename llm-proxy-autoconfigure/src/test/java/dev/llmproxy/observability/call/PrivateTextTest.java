package dev.llmproxy.observability.call;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PrivateTextTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			my key is sk-proj-AbCdEf0123456789xyz!          | my key is [secret]!
			ghp_0123456789abcdefABCDEF0123456789abcd        | [secret]
			AKIAIOSFODNN7EXAMPLE and more                   | [secret] and more
			Authorization: Bearer abc.def-123456            | Authorization: [secret]
			password: hunter2, please                       | [secret], please
			{"api_key":"k-1"}                               | {"[secret]"}
			the password is hunter2                         | the [secret]
			eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln       | [secret]
			9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822 | [secret]
			write to jane.doe+x@mail.example.co.uk.         | write to [email].
			card 4111 1111 1111 1111 ok                     | card [number] ok
			call +49 (30) 1234-5678                         | call [number]
			DE89 3704 0044 0532 0130 00                     | [number]
			id 1234567                                      | id [number]
			""")
	void masks(String text, String masked) {
		assertThat(PrivateText.masked(text)).isEqualTo(masked);
	}

	@Test
	void masksKeysOverSeveralLines() {
		assertThat(PrivateText.masked("a\n-----BEGIN PRIVATE KEY-----\nMIIB\nVwIB\n-----END PRIVATE KEY-----\nb"))
			.isEqualTo("a\n[secret]\nb");
	}

	@ParameterizedTest
	@ValueSource(strings = { "In 2026 there were 365 days.", "The token count matters.", "from 10:30 to 12.45",
			"risk-averse people ask for help@home", "" })
	void leavesTheRest(String text) {
		assertThat(PrivateText.masked(text)).isEqualTo(text);
	}

}
