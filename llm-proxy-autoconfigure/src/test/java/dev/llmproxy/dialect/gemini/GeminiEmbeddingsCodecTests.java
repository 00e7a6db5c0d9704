package dev.llmproxy.dialect.gemini;

import java.util.List;

import dev.llmproxy.chat.EmbeddingsRequest;
import dev.llmproxy.chat.EmbeddingsResponse;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GeminiEmbeddingsCodecTests {

	private static final EmbeddingsRequest TWO = new EmbeddingsRequest("gemini-embedding-001", List.of("a", "b"), 256,
			null, "RETRIEVAL_QUERY", false);

	private final GeminiEmbeddingsCodec codec = new GeminiEmbeddingsCodec();

	@Test
	void isOfGemini() {
		assertThat(this.codec.dialect()).isEqualTo(Dialect.GEMINI);
	}

	@Test
	void alwaysAsksForABatch() {
		assertThat(Json.tree(this.codec.encodeRequest(TWO))).isEqualTo(Json.tree("""
				{'requests': [
				 {'model': 'models/gemini-embedding-001', 'content': {'parts': [{'text': 'a'}]},
				  'taskType': 'RETRIEVAL_QUERY', 'outputDimensionality': 256},
				 {'model': 'models/gemini-embedding-001', 'content': {'parts': [{'text': 'b'}]},
				  'taskType': 'RETRIEVAL_QUERY', 'outputDimensionality': 256}]}"""));
		EmbeddingsRequest foreign = new EmbeddingsRequest("m", List.of("a"), null, "u", "search_query", true);
		assertThat(Json.tree(this.codec.encodeRequest(foreign)))
			.isEqualTo(Json.tree("{'requests': [{'model': 'models/m', 'content': {'parts': [{'text': 'a'}]}}]}"));
	}

	@Test
	void readsItsOwnBatches() {
		assertThat(decode(new String(this.codec.encodeRequest(TWO)))).isEqualTo(TWO);
	}

	@Test
	void readsASingleRequestInAnySpelling() {
		EmbeddingsRequest expected = new EmbeddingsRequest("gemini-embedding-001", List.of("a\nb"), 8, null,
				"CLUSTERING", false);
		assertThat(decode("""
				{'model': 'models/x', 'content': {'parts': [{'text': 'a'}, {'text': 'b'}]}, 'task_type': 'CLUSTERING',
				 'output_dimensionality': 8, 'title': 't'}""")).isEqualTo(expected);
		assertThat(decode("""
				{'content': {'parts': [{'text': 'a'}, {'text': 'b'}]},
				 'embedContentConfig': {'taskType': 'CLUSTERING', 'outputDimensionality': 8}}""")).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "{} | content", "{'requests': []} | requests",
			"{'requests': 7} | requests", "{'content': {}} | content.parts",
			"{'content': {'parts': [{'inlineData': {}}]}} | content.parts[0]",
			"{'content': {'parts': [{'text': 'a'}]}, 'outputDimensionality': 0} | outputDimensionality",
			"{'requests': [{'content': {'parts': {'text': 'a'}}}, {'content': {'parts': {'text': 'a'}}, 'taskType': 'X'}]} | requests[1].taskType",
			"{'requests': [{'content': {'parts': {'text': 'a'}}}, {'content': {'parts': {'text': 'a'}}, 'outputDimensionality': 2}]} | requests[1].outputDimensionality" })
	void namesTheOffendingField(String body, String param) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> decode(body))
			.satisfies((ex) -> assertThat(ex.error().param()).isEqualTo(param));
	}

	@Test
	void readsAnswersOfBothCalls() {
		EmbeddingsResponse batch = this.codec.decodeResponse(Json.bytes(
				"{'embeddings': [{'values': [0.5, -1]}, {'values': [2]}], 'usageMetadata': {'promptTokenCount': 7}}"));
		assertThat(batch.embeddings()).containsExactly(new float[] { 0.5f, -1 }, new float[] { 2 });
		assertThat(batch.usage()).isEqualTo(Usage.of(7, 0));
		EmbeddingsResponse single = this.codec.decodeResponse(Json.bytes("{'embedding': {'values': [0.25]}}"));
		assertThat(single.embeddings()).containsExactly(new float[] { 0.25f });
		assertThat(single.usage()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "[]", "{'embedding': {}}", "{'embeddings': [{'values': ['a']}]}", "{" })
	void refusesWhatIsNoAnswer(String body) {
		assertThatExceptionOfType(DecodingException.class)
			.isThrownBy(() -> this.codec.decodeResponse(Json.bytes(body)));
	}

	@Test
	void writesAnswersForBothCalls() {
		assertThat(Json.tree(this.codec.encodeResponse(
				new EmbeddingsResponse("m", List.of(new float[] { 0.5f }, new float[] { -2 }), Usage.of(3, 0)), TWO)))
			.isEqualTo(Json.tree(
					"{'embeddings': [{'values': [0.5]}, {'values': [-2.0]}], 'usageMetadata': {'promptTokenCount': 3}}"));
		assertThat(Json
			.tree(this.codec.encodeResponse(new EmbeddingsResponse("m", List.of(new float[] { 0.5f }), null), TWO)))
			.isEqualTo(Json.tree("{'embedding': {'values': [0.5]}, 'embeddings': [{'values': [0.5]}]}"));
	}

	private EmbeddingsRequest decode(String body) {
		return this.codec.decodeRequest(Json.bytes(body), Envelope.none().withModel("gemini-embedding-001"));
	}

}
