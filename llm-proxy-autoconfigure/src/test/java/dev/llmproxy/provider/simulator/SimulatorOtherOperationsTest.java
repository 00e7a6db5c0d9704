package dev.llmproxy.provider.simulator;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;

import javax.imageio.ImageIO;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.ResponseBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.buffer.DataBufferUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** What is no chat. */
class SimulatorOtherOperationsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Simulation simulation = new Simulation();

	@Test
	void embedsTextsInTheCallersDialect() {
		JsonNode answer = json(Operation.EMBEDDINGS, "{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"dimensions\":8}");
		assertThat(answer.path("data").size()).isEqualTo(2);
		assertThat(answer.at("/data/1/embedding").size()).isEqualTo(8);
		assertThat(answer.at("/data/1/index").asInt()).isEqualTo(1);
		assertThat(answer.path("model").asString()).isEqualTo("any");
		assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(2);
		ResponseBody gemini = this.simulation
			.ask(Operation.EMBEDDINGS, Dialect.GEMINI, "m", "{\"content\":{\"parts\":[{\"text\":\"a\"}]}}")
			.blockOptional(PATIENCE)
			.orElseThrow()
			.body();
		assertThat(json(gemini).at("/embedding/values").size()).isEqualTo(1536);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			EMBEDDINGS       | {"model":"m","input":"a","dimensions":100000} | dimensions
			MODERATION       | {"input":[]}                                  | input
			IMAGE_GENERATION | {"n":1}                                       | prompt
			IMAGE_GENERATION | {"prompt":"a","n":11}                         | n
			SPEECH           | {}                                            | input
			RERANK           | {"documents":["a"]}                           | query
			RERANK           | {"query":"a"}                                 | documents
			RERANK           | {"query":"a","documents":["a"],"top_n":"x"}   | top_n
			""")
	void namesTheFieldThatIsWrong(Operation operation, String json, String field) {
		StepVerifier.create(this.simulation.ask(operation, Dialect.OPENAI, "m", json))
			.verifyErrorSatisfies(
					(failure) -> assertThat(failure).isInstanceOfSatisfying(LlmException.class, (known) -> {
						assertThat(known.status()).isEqualTo(400);
						assertThat(known.error().param()).isEqualTo(field);
					}));
	}

	@Test
	void takesNoMoreInputsThanTheirAnswersAreWorth() {
		String inputs = "\"a\",".repeat(2048) + "\"a\"";
		StepVerifier
			.create(this.simulation.ask(Operation.EMBEDDINGS, Dialect.OPENAI, "m",
					"{\"model\":\"m\",\"input\":[" + inputs + "],\"dimensions\":1}"))
			.verifyErrorMatches((failure) -> ((LlmException) failure).status() == 400);
	}

	@Test
	void countsTheTokensOfAPrompt() {
		ResponseBody body = this.simulation
			.ask(Operation.COUNT_TOKENS, Dialect.ANTHROPIC, "m",
					"{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}")
			.blockOptional(PATIENCE)
			.orElseThrow()
			.body();
		assertThat(json(body).path("input_tokens").asInt()).isEqualTo(9);
	}

	@Test
	void flagsTextsThatNameACategory() {
		JsonNode answer = json(Operation.MODERATION, "{\"input\":[\"flowers\",\"some violence\"]}");
		assertThat(answer.at("/results/0/flagged").asBoolean()).isFalse();
		assertThat(answer.at("/results/1/flagged").asBoolean()).isTrue();
		assertThat(answer.at("/results/1/categories/violence").asBoolean()).isTrue();
		assertThat(answer.at("/results/1/categories/hate").asBoolean(true)).isFalse();
		assertThat(answer.at("/results/1/category_scores/violence").asDouble()).isGreaterThan(0.9);
		assertThat(json(Operation.MODERATION, "{\"input\":\"hate\"}").at("/results/0/flagged").asBoolean()).isTrue();
		assertThat(json(Operation.MODERATION, """
				{"input":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"https://e.com"}}]}""")
			.path("results")
			.size()).isEqualTo(1);
	}

	@Test
	void paintsOnePixel() throws IOException {
		JsonNode answer = json(Operation.IMAGE_GENERATION, "{\"prompt\":\"a cat\",\"n\":2}");
		assertThat(answer.path("data").size()).isEqualTo(2);
		byte[] png = Base64.getDecoder().decode(answer.at("/data/0/b64_json").asString());
		assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(1);
		assertThat(answer.path("created").asLong()).isEqualTo(1736942400);
		assertThat(
				json(Operation.IMAGE_GENERATION, "{\"prompt\":\"a cat\",\"response_format\":\"url\"}").at("/data/0/url")
					.asString())
			.startsWith("data:image/png;base64,");
	}

	@Test
	void speaksAWavFile() throws Exception {
		ResponseBody.Wire wire = (ResponseBody.Wire) this.simulation.body(Operation.SPEECH, "{\"input\":\"Hi\"}");
		assertThat(wire.mediaType()).hasToString("audio/wav");
		try (AudioInputStream audio = AudioSystem.getAudioInputStream(new ByteArrayInputStream(bytes(wire)))) {
			assertThat(audio.getFormat().getSampleRate()).isEqualTo(24_000);
			assertThat(audio.getFrameLength()).isEqualTo(6000);
		}
		assertThat(bytes(wire)).as("can be read again").isNotEmpty();
	}

	@Test
	void speaksBareSamplesWhereThatIsAskedFor() {
		ResponseBody.Wire wire = (ResponseBody.Wire) this.simulation.body(Operation.SPEECH,
				"{\"input\":\"Hi\",\"response_format\":\"pcm\"}");
		assertThat(wire.mediaType()).hasToString("audio/pcm");
		assertThat(bytes(wire)).hasSize(12_000);
	}

	@Test
	void ranksDocumentsByTheWordsTheyShareWithTheQuery() {
		JsonNode answer = json(Operation.RERANK, """
				{"query":"red apple","documents":["green pear",{"text":"a red apple"},"Apple pie"],"top_n":2,
				"return_documents":true}""");
		assertThat(answer.path("results").size()).isEqualTo(2);
		assertThat(answer.at("/results/0/index").asInt()).isEqualTo(1);
		assertThat(answer.at("/results/0/relevance_score").asDouble()).isEqualTo(1);
		assertThat(answer.at("/results/0/document/text").asString()).isEqualTo("a red apple");
		assertThat(answer.at("/results/1/index").asInt()).isEqualTo(2);
		assertThat(answer.at("/results/1/relevance_score").asDouble()).isEqualTo(0.5);
	}

	@Test
	void transcribesInEveryForm() {
		assertThat(transcript("json", false)).startsWith("{\"text\":\"This is a simulated transcript");
		assertThat(transcript("text", false)).startsWith("This is a simulated transcript");
		assertThat(transcript("srt", false)).startsWith("1\n00:00:00,000 --> ");
		assertThat(transcript("vtt", false)).startsWith("WEBVTT\n\n");
		assertThat(JsonMapper.shared().readTree(transcript("verbose_json", false)).at("/segments/0/text").asString())
			.startsWith("This is");
		assertThat(transcript("json", true)).startsWith("event: transcript.text.delta\ndata: {")
			.contains("event: transcript.text.done\n")
			.endsWith("}\n\n");
	}

	@Test
	void offersNoPathsOfItsOwn() {
		assertThat(this.simulation.provider().supports(Operation.PASS_THROUGH, Dialect.OPENAI)).isFalse();
		assertThat(this.simulation.provider().supports(Operation.RERANK, Dialect.GEMINI)).isFalse();
		assertThat(this.simulation.provider().supports(Operation.CHAT, Dialect.GEMINI)).isTrue();
		StepVerifier.create(this.simulation.ask(Operation.PASS_THROUGH, Dialect.OPENAI, "m", "{}"))
			.verifyErrorMatches((failure) -> "unsupported_operation".equals(((LlmException) failure).error().code()));
	}

	private String transcript(String format, boolean stream) {
		byte[] form = ("--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nany\r\n"
				+ "--x\r\nContent-Disposition: form-data; name=\"response_format\"\r\n\r\n" + format + "\r\n--x--\r\n")
			.getBytes(StandardCharsets.UTF_8);
		ResponseBody body = this.simulation.provider()
			.execute(this.simulation.attempt(LlmRequest.builder(Operation.TRANSCRIPTION, Dialect.OPENAI)
				.body(form, Envelope.none().withModel("any").withStream(stream))
				.build(), "any"))
			.blockOptional(PATIENCE)
			.orElseThrow()
			.body();
		if (body instanceof ResponseBody.Json json) {
			return new String(json.bytes(), StandardCharsets.UTF_8);
		}
		ResponseBody.Wire wire = (ResponseBody.Wire) body;
		assertThat(wire.framing()).isEqualTo(stream ? Framing.SSE : Framing.BINARY);
		return new String(bytes(wire), StandardCharsets.UTF_8);
	}

	private JsonNode json(Operation operation, String json) {
		return json(this.simulation.body(operation, json));
	}

	private static JsonNode json(ResponseBody body) {
		return JsonMapper.shared().readTree(((ResponseBody.Json) body).bytes());
	}

	private static byte[] bytes(ResponseBody.Wire wire) {
		return Objects.requireNonNull(DataBufferUtils.join(wire.content()).map((buffer) -> {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			return bytes;
		}).block(PATIENCE));
	}

}
