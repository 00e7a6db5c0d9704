package dev.llmproxy.dialect.gemini;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Dialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GeminiTokenCountCodecTests {

	private final GeminiTokenCountCodec codec = new GeminiTokenCountCodec();

	@Test
	void isOfGemini() {
		assertThat(this.codec.dialect()).isEqualTo(Dialect.GEMINI);
	}

	@Test
	void asksForContentsAlone() {
		ChatRequest request = ChatRequest.builder("gemini-2.5-flash")
			.message(Message.text(Role.USER, "Hi"))
			.maxTokens(5)
			.user("u")
			.build();
		assertThat(Json.tree(this.codec.encodeCountRequest(request)))
			.isEqualTo(Json.tree("{'contents': [{'role': 'user', 'parts': [{'text': 'Hi'}]}]}"));
	}

	@Test
	void asksForAWholeRequestWhereThereIsMore() {
		ChatRequest request = ChatRequest.builder("gemini-2.5-flash")
			.message(Message.text(Role.SYSTEM, "Be brief."))
			.message(Message.text(Role.USER, "Hi"))
			.tool(new Tool.Function("f", null, null, null, null))
			.temperature(0.5)
			.serviceTier("flex")
			.build();
		assertThat(Json.tree(this.codec.encodeCountRequest(request))).isEqualTo(Json.tree("""
				{'generateContentRequest': {'model': 'models/gemini-2.5-flash',
				  'systemInstruction': {'parts': [{'text': 'Be brief.'}]},
				  'contents': [{'role': 'user', 'parts': [{'text': 'Hi'}]}],
				  'tools': [{'functionDeclarations': [{'name': 'f'}]}]}}"""));
		byte[] body = this.codec.encodeCountRequest(request);
		assertThat(Json.request(body).messages()).isEqualTo(request.messages());
	}

	@Test
	void readsAndWritesTheCount() {
		assertThat(this.codec.decodeCountResponse(
				Json.bytes("{'totalTokens': 31, 'promptTokensDetails': [{'modality': 'TEXT', 'tokenCount': 31}]}")))
			.isEqualTo(31);
		assertThat(Json.tree(this.codec.encodeCountResponse(31))).isEqualTo(Json.tree("{'totalTokens': 31}"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "[]", "{'totalTokens': -1}", "{'totalTokens': 'many'}", "{" })
	void refusesWhatIsNoCount(String body) {
		assertThatExceptionOfType(DecodingException.class)
			.isThrownBy(() -> this.codec.decodeCountResponse(Json.bytes(body)));
	}

}
