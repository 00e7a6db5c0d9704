package dev.llmproxy.observability.log;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RedactionTest {

	@ParameterizedTest
	@ValueSource(strings = { "sk-proj-abcdef0123456789", "sk-ant-api03-abcdef_0123-456789", "gsk_0123456789abcdef",
			"xai-0123456789abcdef", "hf_ABCdefGHIjkl0123", "AIzaSyA0123456789abcdefghijklmnopqrstuv",
			"AKIAIOSFODNN7EXAMPLE", "ya29.a0AfH6SMBx0123456789", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
			"Bearer abcdef0123456789", "bearer abcdef0123456789", "whsec_0123456789abcdef", "pk-0123456789abcdef",
			"rk_0123456789abcdef", "r8_0123456789abcdef", "csk-0123456789abcdef", "pplx-0123456789abcdef",
			"nvapi-0123456789abcdef", "fw_0123456789abcdef", "ghp_0123456789abcdef", "ASIAIOSFODNN7EXAMPLE" })
	void credentialsAreMasked(String secret) {
		assertThat(SecretMask.mask("before " + secret + ", after")).isEqualTo("before [secret], after");
		assertThat(SecretMask.mask("key=" + secret)).isEqualTo("key=[secret]");
		assertThat(SecretMask.mask(secret)).isEqualTo("[secret]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "openai/gpt-5-mini", "task-0123456789", "risk-adjusted-return", "a bearer of news",
			"req_0123456789abcdef", "4bf92f3577b34da6a3ce929d0e0e4736", "claude-sonnet-4-20250514",
			"up/gpt-4o-mini, by bench", "3f2504e8-4f8c-41df-9a0f-0305e82c3301", "a mask_of_many_letters" })
	void otherWordsStay(String word) {
		assertThat(SecretMask.mask(word)).isSameAs(word);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "write to ada.lovelace+x@mail.example.co.uk now|write to [email] now",
					"card 4111 1111 1111 1111.|card [number].", "card 4111-1111-1111-1111|card [number]",
					"IBAN DE89 3704 0044 0532 0130 00|IBAN [number]", "in 2026, 123456 people|in 2026, 123456 people",
					"key sk-abcdef0123456789|key [secret]" })
	void personalDataIsTakenOut(String text, String expected) {
		assertThat(Redaction.of(List.of()).apply(text)).isEqualTo(expected);
	}

	@Test
	void anOperatorSaysWhatElse() {
		assertThat(Redaction.of(List.of("Project [A-Z]\\w+")).apply("about Project Xanadu"))
			.isEqualTo("about [redacted]");
		assertThat(Redaction.NONE.apply("ada@example.com")).isEqualTo("ada@example.com");
		assertThatIllegalArgumentException().isThrownBy(() -> Redaction.of(List.of("("))).withMessageContaining("'('");
	}

}
