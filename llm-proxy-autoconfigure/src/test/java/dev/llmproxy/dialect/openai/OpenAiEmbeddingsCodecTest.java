package dev.llmproxy.dialect.openai;

import java.util.List;

import dev.llmproxy.chat.EmbeddingsRequest;
import dev.llmproxy.chat.EmbeddingsResponse;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OpenAiEmbeddingsCodecTest {

	private final OpenAiEmbeddingsCodec codec = new OpenAiEmbeddingsCodec();

	@Test
	void readsRequests() {
		assertThat(decode("{\"model\":\"m\",\"input\":\"a\"}"))
			.isEqualTo(new EmbeddingsRequest("m", List.of("a"), null, null, null, false));
		assertThat(decode("""
				{"model":"m","input":["a","b"],"dimensions":256,"user":"u","task_type":"RETRIEVAL_QUERY",
				"encoding_format":"base64"}"""))
			.isEqualTo(new EmbeddingsRequest("m", List.of("a", "b"), 256, "u", "RETRIEVAL_QUERY", true));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "{\"input\":\"a\"}|model", "{\"model\":\"m\"}|input", "{\"model\":\"m\",\"input\":[]}|input",
					"{\"model\":\"m\",\"input\":[1,2]}|input", "{\"model\":\"m\",\"input\":[[1],[2]]}|input",
					"{\"model\":\"m\",\"input\":[\"a\",7]}|input[1]",
					"{\"model\":\"m\",\"input\":\"a\",\"dimensions\":0}|dimensions",
					"{\"model\":\"m\",\"input\":\"a\",\"encoding_format\":\"int8\"}|encoding_format" })
	void namesThePlaceOfAMistake(String body, String param) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> decode(body))
			.satisfies((ex) -> assertThat(ex.error().param()).isEqualTo(param));
	}

	@Test
	void writesRequests() {
		EmbeddingsRequest request = new EmbeddingsRequest("m", List.of("a", "b"), 256, "u", "CLUSTERING", true);
		assertThat(Json.text(this.codec.encodeRequest(request))).isEqualTo(
				"{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"dimensions\":256,\"encoding_format\":\"base64\",\"user\":\"u\"}");
		assertThat(
				Json.text(this.codec.encodeRequest(new EmbeddingsRequest("m", List.of("a"), null, null, null, false))))
			.isEqualTo("{\"model\":\"m\",\"input\":[\"a\"],\"encoding_format\":\"float\"}");
	}

	@Test
	void readsVectorsInTheOrderOfTheirIndexes() {
		EmbeddingsResponse response = this.codec.decodeResponse(Json.bytes("""
				{"object":"list","data":[{"object":"embedding","index":1,"embedding":[0.5,-1e-3]},
				{"object":"embedding","index":0,"embedding":"AACAPwAAAMA="}],
				"model":"text-embedding-3-small","usage":{"prompt_tokens":8,"total_tokens":8}}"""));
		assertThat(response.model()).isEqualTo("text-embedding-3-small");
		assertThat(response.embeddings()).containsExactly(new float[] { 1f, -2f }, new float[] { 0.5f, -0.001f });
		assertThat(response.usage()).isEqualTo(Usage.of(8, 0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "{\"data\":[]}", "{\"data\":[{\"embedding\":{}}]}",
			"{\"data\":[{\"embedding\":[\"x\"]}]}", "{\"data\":[{\"embedding\":\"*\"}]}",
			"{\"data\":[{\"embedding\":\"AACA\"}]}", "{\"data\":[{\"index\":5,\"embedding\":[1]}]}",
			"{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]}]}" })
	void refusesWhatIsNoAnswer(String body) {
		assertThatExceptionOfType(DecodingException.class)
			.isThrownBy(() -> this.codec.decodeResponse(Json.bytes(body)));
	}

	@Test
	void writesVectorsAsTheCallerWantsThem() {
		EmbeddingsResponse response = new EmbeddingsResponse("m",
				List.of(new float[] { 1f, -2f }, new float[] { 0.1f, 1e-7f }), Usage.of(8, 0));
		assertThat(Json.text(this.codec.encodeResponse(response, request(false)))).isEqualTo(
				"{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[1.0,-2.0]},{\"object\":\"embedding\",\"index\":1,\"embedding\":[0.1,1.0E-7]}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}");
		assertThat(Json.text(this.codec.encodeResponse(response, request(true))))
			.contains("\"index\":0,\"embedding\":\"AACAPwAAAMA=\"");
	}

	@Test
	void readsBackWhatItWrote() {
		float[] vector = new float[3072];
		for (int i = 0; i < vector.length; i++) {
			vector[i] = (float) Math.sin(i) / 50;
		}
		EmbeddingsResponse response = new EmbeddingsResponse("m", List.of(vector), null);
		for (boolean base64 : new boolean[] { false, true }) {
			byte[] body = this.codec.encodeResponse(response, request(base64));
			assertThat(this.codec.decodeResponse(body).embeddings().get(0)).containsExactly(vector);
		}
	}

	@Test
	void writesAModelAndUsageEvenWhereTheProviderSaidNeither() {
		EmbeddingsRequest request = new EmbeddingsRequest("gemini/g", List.of("a"), null, null, null, false);
		EmbeddingsResponse response = new EmbeddingsResponse("", List.of(new float[] { 1 }), null);
		assertThat(Json.text(this.codec.encodeResponse(response, request)))
			.endsWith("\"model\":\"gemini/g\",\"usage\":{\"prompt_tokens\":0,\"total_tokens\":0}}");
	}

	private static EmbeddingsRequest request(boolean base64) {
		return new EmbeddingsRequest("m", List.of("a", "b"), null, null, null, base64);
	}

	private EmbeddingsRequest decode(String json) {
		return this.codec.decodeRequest(Json.bytes(json), Json.envelope(json));
	}

}
