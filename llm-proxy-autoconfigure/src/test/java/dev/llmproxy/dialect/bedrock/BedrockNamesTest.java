package dev.llmproxy.dialect.bedrock;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Names and identifiers that the API restricts. */
class BedrockNamesTest {

	@ParameterizedTest
	@ValueSource(strings = { "call_1", "tooluse_kZJMlvQmRJ6eAyJE5GIl7Q", "toolu-01", "a" })
	void keepsLegalIdentifiers(String id) {
		assertThat(BedrockToolIds.encode(id)).isEqualTo(id);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "call.1", "get weather:0", "função", "\uD83D\uDE00" })
	void makesForeignIdentifiersLegal(String id) {
		assertThat(BedrockToolIds.encode(id)).matches("[a-zA-Z0-9_-]{1,64}").isEqualTo(BedrockToolIds.encode(id));
	}

	@Test
	void keepsForeignIdentifiersApart() {
		String prefix = "x".repeat(100);
		assertThat(IntStream.range(0, 1000).mapToObj((i) -> BedrockToolIds.encode(prefix + i)))
			.allMatch(BedrockToolIds::isLegal)
			.doesNotHaveDuplicates();
		assertThat(BedrockToolIds.encode("call.1")).isNotEqualTo(BedrockToolIds.encode("call:1"))
			.isNotEqualTo(BedrockToolIds.encode("call_1"));
	}

	@Test
	void namesDocumentsAsTheApiAllows() {
		BedrockDocumentNames names = new BedrockDocumentNames();
		assertThat(names.next("Q3 report.pdf", "pdf")).isEqualTo("Q3 report");
		assertThat(names.next("Q3  report.pdf", "pdf")).isEqualTo("Q3 report (2)");
		assertThat(names.next("Q3 report.PDF", "pdf")).isEqualTo("Q3 report (3)");
		assertThat(names.next("../../etc/pass_wd", "txt")).isEqualTo("-etc-pass-wd");
		assertThat(names.next("über\tmich [1] (neu).docx", "docx")).isEqualTo("-ber mich [1] (neu)");
		assertThat(names.next(null, "pdf")).isEqualTo("document");
		assertThat(names.next("  ", "pdf")).isEqualTo("document (2)");
		assertThat(names.next(".pdf", "pdf")).isEqualTo("document (3)");
		assertThat(names.next("n".repeat(300), "pdf")).hasSizeLessThanOrEqualTo(64);
		assertThat(names.next("n".repeat(300), "pdf")).hasSizeLessThanOrEqualTo(64).endsWith(" (2)");
	}

}
