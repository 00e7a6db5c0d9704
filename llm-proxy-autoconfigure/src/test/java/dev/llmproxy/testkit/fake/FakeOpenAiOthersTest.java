package dev.llmproxy.testkit.fake;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.SseEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class FakeOpenAiOthersTest {

	private final FakeProvider provider = Fakes.openAi();

	private final Map<String, String> headers = Map.of("Authorization", "Bearer " + this.provider.apiKey());

	private final FakeCaller caller = new FakeCaller(this.provider, this.headers);

	@AfterEach
	void close() {
		this.provider.close();
	}

	@Test
	void embedsLikeTextsNearEachOther() {
		JsonNode answer = this.caller.ok("/v1/embeddings",
				"{'model':'e','input':['the cat sat','a cat sat down','stock prices fell']}");
		float[] cat = floats(answer.at("/data/0/embedding"));
		assertThat(cosine(cat, floats(answer.at("/data/1/embedding"))))
			.isGreaterThan(cosine(cat, floats(answer.at("/data/2/embedding"))) + 0.3);
		assertThat(answer.at("/usage/prompt_tokens").asInt()).isPositive();
	}

	@Test
	void embedsAsBase64AndInFewerDimensions() {
		String text = "{'model':'e','input':'x y','dimensions':4";
		float[] plain = floats(this.caller.ok("/v1/embeddings", text + "}").at("/data/0/embedding"));
		assertThat(plain).hasSize(4);
		byte[] bytes = Base64.getDecoder()
			.decode(this.caller.ok("/v1/embeddings", text + ",'encoding_format':'base64'}")
				.at("/data/0/embedding")
				.asString());
		ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		assertThat(new float[] { buffer.getFloat(), buffer.getFloat(), buffer.getFloat(), buffer.getFloat() })
			.containsExactly(plain);
	}

	@Test
	void rejectsBadEmbeddingInputs() {
		for (String input : List.of("''", "[]", "{}", "7")) {
			this.caller.rejected("/v1/embeddings", "{'model':'e','input':" + input + "}");
		}
		assertThat(this.caller.ok("/v1/embeddings", "{'model':'e','input':[1,2,3]}").get("data")).hasSize(1);
	}

	private static float[] floats(JsonNode array) {
		float[] floats = new float[array.size()];
		for (int i = 0; i < floats.length; i++) {
			floats[i] = array.get(i).floatValue();
		}
		return floats;
	}

	private static double cosine(float[] a, float[] b) {
		double sum = 0;
		for (int i = 0; i < a.length; i++) {
			sum += a[i] * b[i];
		}
		return sum;
	}

	@Test
	void moderates() {
		JsonNode answer = this.caller.ok("/v1/moderations", "{'input':['kind words','violence!']}");
		assertThat(answer.at("/results/0/flagged").asBoolean()).isFalse();
		assertThat(answer.at("/results/1/categories/violence").asBoolean()).isTrue();
		assertThat(answer.at("/results/1/category_scores/violence").asDouble()).isGreaterThan(0.5);
		assertThat(this.caller.ok("/v1/moderations", "{'input':[{'type':'text','text':'violence'}]}")
			.at("/results/0/flagged")
			.asBoolean()).isTrue();
	}

	@Test
	void completesPrompts() {
		JsonNode answer = this.caller.ok("/v1/completions", "{'model':'m','prompt':'Hi','max_tokens':2}");
		assertThat(answer.at("/choices/0/text").asString()).isEqualTo("You said:");
		assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("length");
		List<SseEvent> events = this.caller.stream("/v1/completions", "{'model':'m','prompt':'Hi','stream':true}");
		assertThat(events).last().extracting(SseEvent::data).isEqualTo("[DONE]");
		this.caller.rejected("/v1/completions", "{'model':'m','prompt':'Hi','messages':[]}");
	}

	@Test
	void listsModels() {
		assertThat(this.caller.get("/v1/models").json().get("data").size()).isPositive();
		assertThat(this.caller.get("/v1/models/gpt-4o").json().get("object").asString()).isEqualTo("model");
		assertThat(this.caller.get("/v1/models/no-such-model").status()).isEqualTo(404);
	}

	@Test
	void reranksInBothVersions() {
		String body = "{'model':'r','query':'red apple','documents':['blue sky','a red apple','apple pie'],'top_n':2";
		JsonNode second = this.caller.ok("/v2/rerank", body + "}");
		assertThat(second.get("results")).hasSize(2);
		assertThat(second.at("/results/0/index").asInt()).isEqualTo(1);
		assertThat(second.at("/meta/billed_units/search_units").asInt()).isEqualTo(1);
		JsonNode first = this.caller.ok("/v1/rerank", body + ",'return_documents':true}");
		assertThat(first.at("/results/0/document/text").asString()).isEqualTo("a red apple");
		JsonNode error = this.caller.rejected("/v2/rerank", body + ",'return_documents':true}");
		assertThat(error.get("message").asString()).contains("unknown field");
		assertThat(error.has("error")).isFalse();
	}

	@Test
	void generatesImages() {
		JsonNode answer = this.caller.ok("/v1/images/generations", "{'model':'gpt-image-1','prompt':'a pixel','n':2}");
		assertThat(answer.get("data")).hasSize(2);
		assertThat(Base64.getDecoder().decode(answer.at("/data/0/b64_json").asString())).hasSize(68);
		assertThat(answer.at("/usage/total_tokens").asInt()).isPositive();
		this.caller.rejected("/v1/images/generations",
				"{'model':'gpt-image-1','prompt':'a','response_format':'b64_json'}");
		assertThat(this.caller.ok("/v1/images/generations", "{'model':'dall-e-3','prompt':'a'}")
			.at("/data/0/url")
			.asString()).startsWith("https://");
		assertThat(this.caller.stream("/v1/images/generations",
				"{'model':'gpt-image-1','prompt':'a','stream':true,'partial_images':1}"))
			.extracting(SseEvent::event)
			.containsExactly("image_generation.partial_image", "image_generation.completed");
	}

	@Test
	void speaks() {
		RawResponse speech = this.caller.post("/v1/audio/speech", "{'model':'tts-1','voice':'alloy','input':'Hello'}");
		assertThat(speech.header("content-type")).isEqualTo("audio/mpeg");
		assertThat(speech.header("transfer-encoding")).isEqualTo("chunked");
		assertThat(speech.text()).contains("Hello");
		assertThat(this.caller.stream("/v1/audio/speech",
				"{'model':'tts-1','voice':'alloy','input':'Hello','stream_format':'sse'}"))
			.last()
			.satisfies((event) -> assertThat(event.json().get("type").asString()).isEqualTo("speech.audio.done"));
		this.caller.rejected("/v1/audio/speech", "{'model':'tts-1','input':'Hello'}");
	}

	@Test
	void transcribes() {
		assertThat(transcribe("a.mp3", "whisper-1", "json").json().get("text").asString())
			.isEqualTo("Heard a.mp3 of 4 bytes.");
		assertThat(transcribe("a.mp3", "whisper-1", "text").text()).isEqualTo("Heard a.mp3 of 4 bytes.\n");
		assertThat(transcribe("a.mp3", "whisper-1", "srt").text()).contains("00:00:01,000");
		assertThat(transcribe("a.mp3", "whisper-1", "verbose_json").json().get("segments")).hasSize(1);
		assertThat(transcribe("a.txt", "whisper-1", "json").status()).isEqualTo(400);
		assertThat(transcribe("a.mp3", "whisper-1", "mp3").status()).isEqualTo(400);
	}

	private RawResponse transcribe(String name, String model, String format) {
		String body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
				+ "\"\r\nContent-Type: audio/mpeg\r\n\r\n\r\n\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n"
				+ model + "\r\n--b\r\nContent-Disposition: form-data; name=\"response_format\"\r\n\r\n" + format
				+ "\r\n--b--\r\n";
		return form("/v1/audio/transcriptions", body);
	}

	private RawResponse form(String path, String body) {
		try (RawHttpClient client = RawHttpClient.connect(this.provider.url())) {
			return client
				.send("POST", path,
						Map.of("Authorization", "Bearer " + this.provider.apiKey(), "Content-Type",
								"multipart/form-data; boundary=b"),
						body.getBytes(StandardCharsets.ISO_8859_1))
				.readResponse();
		}
	}

	@Test
	void editsImages() {
		String pixel = new String(Base64.getDecoder().decode(Fakes.PIXEL_BASE64), StandardCharsets.ISO_8859_1);
		String prompt = "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nBlue\r\n";
		String image = "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n" + pixel
				+ "\r\n--b--";
		assertThat(form("/v1/images/edits", prompt + image).json().at("/data/0/b64_json").asString()).isNotEmpty();
		for (String bad : List.of(prompt + "--b--", prompt, "b", prompt + image.replace("PNG", "GNP"),
				prompt.replace("prompt", "promt") + image)) {
			assertThat(form("/v1/images/edits", bad).status()).as(bad).isEqualTo(400);
		}
	}

}
