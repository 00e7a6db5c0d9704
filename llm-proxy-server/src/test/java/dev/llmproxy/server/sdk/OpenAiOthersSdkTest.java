package dev.llmproxy.server.sdk;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

import com.openai.client.OpenAIClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.audio.AudioResponseFormat;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionStreamEvent;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.ImageGenStreamEvent;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import com.openai.models.models.Model;
import com.openai.models.moderations.Moderation;
import com.openai.models.moderations.ModerationCreateParams;
import dev.llmproxy.server.TestServer;
import dev.llmproxy.testkit.fake.Fakes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** OpenAI's SDK for Java: what is not chat. */
@ExtendWith(SharedSdkGateway.class)
class OpenAiOthersSdkTest {

	private static SdkGateway gateway;

	private static OpenAIClient client;

	@BeforeAll
	static void start(SdkGateway started) {
		gateway = started;
		client = gateway.openAiClient(TestServer.KEY);
	}

	@AfterEach
	void nothingWasRejected() {
		assertThat(gateway.newRejections()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "openai/text-embedding-3-small,float", "openai/text-embedding-3-small,base64",
			"openai/text-embedding-3-small,", "gemini/gemini-embedding-001,float", "gemini/gemini-embedding-001,base64",
			"gemini/gemini-embedding-001," })
	void embeddingsComeInTheFormatAskedFor(String model, String format) {
		EmbeddingCreateParams.Builder params = EmbeddingCreateParams.builder()
			.model(model)
			.inputOfArrayOfStrings(List.of("one", "two"))
			.dimensions(6);
		if (format != null) {
			params.encodingFormat(EmbeddingCreateParams.EncodingFormat.of(format));
		}
		CreateEmbeddingResponse response = client.embeddings().create(params.build()).validate();
		assertThat(response.model()).endsWith(model.substring(model.indexOf('/') + 1));
		assertThat(response.data()).hasSize(2);
		assertThat(response.data().get(1).index()).isEqualTo(1);
		assertThat(response.data()).allSatisfy((embedding) -> assertThat(embedding.embedding()).hasSize(6));
		assertThat(response.data().get(0).embedding()).isNotEqualTo(response.data().get(1).embedding());
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.ANTHROPIC, SdkGateway.BEDROCK })
	void embeddingsOfProvidersWithoutAreRefusedAsAnError(String model) {
		EmbeddingCreateParams params = EmbeddingCreateParams.builder().model(model).input("one").build();
		assertThatExceptionOfType(BadRequestException.class).isThrownBy(() -> client.embeddings().create(params))
			.satisfies((ex) -> assertThat(ex.code()).contains("unsupported_operation"))
			.withMessageContaining("embeddings");
	}

	@Test
	void modelsAreListedAndEachIsRetrieved() {
		List<Model> models = client.models().list().autoPager().stream().toList();
		assertThat(models).extracting(Model::id)
			.contains("openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5", "gemini/gemini-2.5-flash");
		assertThat(models).allSatisfy(Model::validate);
		for (String id : List.of("openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5", "gemini/gemini-2.5-flash")) {
			assertThat(client.models().retrieve(id).validate().id()).isEqualTo(id);
		}
	}

	@Test
	void moderationsFlag() {
		List<Moderation> results = client.moderations()
			.create(ModerationCreateParams.builder()
				.model("openai/omni-moderation-latest")
				.inputOfStrings(List.of("violence", "flowers"))
				.build())
			.validate()
			.results();
		assertThat(results).extracting(Moderation::flagged).containsExactly(true, false);
	}

	@Test
	void imagesAreGenerated() {
		ImagesResponse response = client.images()
			.generate(ImageGenerateParams.builder().model("openai/gpt-image-1").prompt("a dot").n(2).build())
			.validate();
		assertThat(response.data().orElseThrow()).hasSize(2)
			.allSatisfy((image) -> assertThat(image.b64Json()).contains(Fakes.PIXEL_BASE64));
	}

	@Test
	void imagesAreStreamed() {
		ImageGenerateParams params = ImageGenerateParams.builder()
			.model("openai/gpt-image-1")
			.prompt("a dot")
			.partialImages(2)
			.build();
		try (StreamResponse<ImageGenStreamEvent> stream = client.images().generateStreaming(params)) {
			assertThat(stream.stream().map(ImageGenStreamEvent::validate)).hasSize(3)
				.last()
				.satisfies((event) -> assertThat(event.isGenerationCompleted()).isTrue());
		}
	}

	@Test
	void speechIsAudioToTheLastByte() throws IOException {
		SpeechCreateParams params = SpeechCreateParams.builder()
			.model("openai/gpt-4o-mini-tts")
			.input("a sentence of some length")
			.voice("alloy")
			.build();
		try (HttpResponse response = client.audio().speech().create(params); InputStream body = response.body()) {
			assertThat(response.headers().values("content-type")).containsExactly("audio/mpeg");
			assertThat(body.readAllBytes())
				.isEqualTo("ID3\u0000a sentence of some length\u0000end".getBytes(StandardCharsets.UTF_8));
		}
	}

	@Test
	void transcriptionsHearTheFile() {
		TranscriptionCreateParams params = transcription("openai/whisper-1").build();
		assertThat(client.audio().transcriptions().create(params).validate().asTranscription().text())
			.isEqualTo("Heard talk.wav of 3000 bytes.");
	}

	@Test
	void transcriptionsKeepTheirOtherFields() {
		TranscriptionCreateParams params = transcription("openai/whisper-1")
			.responseFormat(AudioResponseFormat.VERBOSE_JSON)
			.addTimestampGranularity(TranscriptionCreateParams.TimestampGranularity.SEGMENT)
			.language("en")
			.build();
		assertThat(client.audio().transcriptions().create(params).validate().asVerbose().segments().orElseThrow())
			.hasSize(1);
	}

	@Test
	void transcriptionsAreStreamed() {
		TranscriptionCreateParams params = transcription("openai/gpt-4o-transcribe").build();
		try (StreamResponse<TranscriptionStreamEvent> stream = client.audio()
			.transcriptions()
			.createStreaming(params)) {
			assertThat(stream.stream()
				.map(TranscriptionStreamEvent::validate)
				.filter(TranscriptionStreamEvent::isTranscriptTextDelta)
				.map((event) -> event.asTranscriptTextDelta().delta())
				.collect(Collectors.joining())).isEqualTo("Heard talk.wav of 3000 bytes.");
		}
	}

	private static TranscriptionCreateParams.Builder transcription(String model) {
		return TranscriptionCreateParams.builder()
			.model(model)
			.file(MultipartField.<InputStream>builder()
				.value(new ByteArrayInputStream(new byte[3000]))
				.filename("talk.wav")
				.contentType("audio/wav")
				.build());
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void completionsOfOldAreAnsweredWholeAndStreamed(String model) {
		CompletionCreateParams params = CompletionCreateParams.builder()
			.model(model)
			.prompt("20 words, please")
			.maxTokens(100)
			.build();
		Completion whole = client.completions().create(params).validate();
		assertThat(whole.choices()).hasSize(1);
		assertThat(whole.choices().get(0).text()).startsWith("word and ").endsWith(" end");
		assertThat(whole.usage().orElseThrow().completionTokens()).isPositive();
		try (StreamResponse<Completion> stream = client.completions().createStreaming(params)) {
			assertThat(stream.stream()
				.flatMap((chunk) -> chunk.choices().stream())
				.map((choice) -> choice.text())
				.collect(Collectors.joining())).isEqualTo(whole.choices().get(0).text());
		}
	}

}
