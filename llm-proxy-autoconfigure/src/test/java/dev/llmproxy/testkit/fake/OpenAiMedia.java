package dev.llmproxy.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's endpoints for images and audio. */
final class OpenAiMedia {

	/** A transparent pixel as PNG. */
	static final String PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

	private static final Map<String, String> AUDIO_TYPES = Map.of("mp3", "audio/mpeg", "opus", "audio/ogg", "aac",
			"audio/aac", "flac", "audio/flac", "wav", "audio/wav", "pcm", "audio/pcm");

	private static final List<String> AUDIO_FILES = List.of("flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg",
			"wav", "webm");

	Reply generateImages(JsonNode body, @Nullable String deployment) {
		Fields request = Fields.of(body, Path.ROOT, new OpenAiWording())
			.allow("prompt", "model", "background", "moderation", "n", "output_compression", "output_format",
					"partial_images", "quality", "response_format", "size", "stream", "style", "user",
					"safety_identifier");
		String prompt = request.text("prompt");
		String model = (request.has("model") || deployment != null) ? FakeOpenAi.model(request, deployment)
				: "dall-e-2";
		Integer count = request.optInteger("n", 1, 10);
		String size = request.optOneOf("size", "auto", "1024x1024", "1536x1024", "1024x1536", "256x256", "512x512",
				"1792x1024", "1024x1792");
		boolean dallE = model.startsWith("dall-e");
		if (!dallE && request.has("response_format")) {
			throw new OpenAiWording().unknown(request.at("response_format"));
		}
		boolean url = dallE && !"b64_json".equals(request.optOneOf("response_format", "url", "b64_json"));
		if (request.flag("stream")) {
			Integer partials = request.optInteger("partial_images", 0, 3);
			return Reply.events(imageEvents(prompt, (partials == null) ? 0 : partials, size));
		}
		return Reply.json(200, images(prompt, (count == null) ? 1 : count, url, dallE, size));
	}

	Reply editImages(Multipart form, @Nullable String deployment) {
		form.allow("image", "image[]", "mask", "prompt", "model", "background", "n", "size", "quality",
				"response_format", "user", "output_format", "output_compression", "input_fidelity");
		Multipart.Part image = form.file("image", "image[]");
		String sniffed = Attachments.sniff(image.content());
		if (sniffed == null || !sniffed.startsWith("image/")) {
			throw OpenAiWording.error("invalid_image_file", Path.ROOT.field("image"),
					"Invalid image file or mode for image 1, please check your image file.");
		}
		String model = (deployment != null) ? deployment : String.valueOf(form.text("model"));
		FakeOpenAi.checked(model);
		String prompt = form.requiredText("prompt") + " on " + Attachments.describe("image", sniffed, image.content());
		return Reply.json(200, images(prompt, 1, false, model.startsWith("dall-e"), form.text("size")));
	}

	private static ObjectNode images(String prompt, int count, boolean url, boolean dallE, @Nullable String size) {
		ArrayNode data = Json.array();
		for (int i = 0; i < count; i++) {
			ObjectNode image = url ? Json.object("url", "https://images.example/" + i + ".png")
					: Json.object("b64_json", PIXEL);
			if (dallE) {
				image.put("revised_prompt", prompt);
			}
			data.add(image);
		}
		ObjectNode answer = Json.object("created", FakeState.CREATED, "data", data);
		if (!dallE) {
			int tokens = FakeState.tokens(prompt);
			answer.setAll(Json.object("background", "opaque", "output_format", "png", "quality", "high", "size",
					(size == null) ? "1024x1024" : size, "usage", imageUsage(tokens, count)));
		}
		return answer;
	}

	private static ObjectNode imageUsage(int tokens, int count) {
		return Json.object("input_tokens", tokens, "input_tokens_details",
				Json.object("text_tokens", tokens, "image_tokens", 0), "output_tokens", 272 * count, "total_tokens",
				tokens + 272 * count);
	}

	private static List<String> imageEvents(String prompt, int partials, @Nullable String size) {
		List<String> frames = new ArrayList<>();
		for (int i = 0; i <= partials; i++) {
			boolean last = i == partials;
			ObjectNode event = Json.object("type", "image_generation." + (last ? "completed" : "partial_image"),
					"b64_json", PIXEL, "created_at", FakeState.CREATED, "size", (size == null) ? "1024x1024" : size,
					"quality", "high", "background", "opaque", "output_format", "png");
			if (last) {
				event.set("usage", imageUsage(FakeState.tokens(prompt), 1));
			}
			else {
				event.put("partial_image_index", i);
			}
			frames.add("event: " + event.get("type").asString() + "\ndata: " + Json.write(event) + "\n\n");
		}
		return frames;
	}

	/** The "audio" is the text between two marks, so that a test can recognise it. */
	Reply speech(JsonNode body, @Nullable String deployment) {
		Fields request = Fields.of(body, Path.ROOT, new OpenAiWording())
			.allow("input", "model", "voice", "instructions", "response_format", "speed", "stream_format");
		FakeOpenAi.model(request, deployment);
		String input = request.text("input");
		if (input.length() > 4096) {
			throw OpenAiWording.error("string_above_max_length", request.at("input"),
					"Invalid 'input': string too "
							+ "long. Expected a string with maximum length 4096, but got a string with length "
							+ input.length() + " instead.");
		}
		request.text("voice");
		request.optNumber("speed", 0.25, 4);
		String format = request.optOneOf("response_format", "mp3", "opus", "aac", "flac", "wav", "pcm");
		byte[] audio = ("ID3\u0000" + input + "\u0000end").getBytes(StandardCharsets.UTF_8);
		if ("sse".equals(request.optOneOf("stream_format", "sse", "audio"))) {
			List<String> frames = new ArrayList<>();
			for (byte[] piece : pieces(audio)) {
				frames.add("data: " + Json.write(
						Json.object("type", "speech.audio.delta", "audio", Base64.getEncoder().encodeToString(piece)))
						+ "\n\n");
			}
			frames
				.add("data: "
						+ Json.write(
								Json.object("type", "speech.audio.done", "usage",
										Json.object("input_tokens", FakeState.tokens(input), "output_tokens",
												audio.length, "total_tokens", FakeState.tokens(input) + audio.length)))
						+ "\n\n");
			return Reply.events(frames);
		}
		String type = AUDIO_TYPES.get((format == null) ? "mp3" : format);
		return new Reply.Frames(Map.of("Content-Type", String.valueOf(type)), pieces(audio));
	}

	private static List<byte[]> pieces(byte[] bytes) {
		List<byte[]> pieces = new ArrayList<>();
		for (int i = 0; i < bytes.length; i += 16) {
			pieces.add(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + 16)));
		}
		return pieces;
	}

	/** "Hears" the name and the size of the file. */
	Reply transcription(Multipart form, boolean sameLanguage, @Nullable String deployment) {
		if (sameLanguage) {
			form.allow("file", "model", "language", "prompt", "response_format", "temperature", "include[]",
					"timestamp_granularities[]", "stream", "chunking_strategy");
		}
		else {
			form.allow("file", "model", "prompt", "response_format", "temperature");
		}
		Multipart.Part file = form.file("file");
		String model = (deployment != null) ? deployment : form.requiredText("model");
		FakeOpenAi.checked(model);
		String name = String.valueOf(file.fileName());
		if (!AUDIO_FILES.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))) {
			throw OpenAiWording.error(null, null, "Unrecognized file format. Supported formats: " + AUDIO_FILES);
		}
		String format = form.text("response_format");
		String text = "Heard " + name + " of " + file.content().length + " bytes.";
		if ("true".equals(form.text("stream")) && !model.startsWith("whisper")) {
			List<String> frames = new ArrayList<>();
			for (String word : Pieces.words(text)) {
				frames.add("data: " + Json.write(Json.object("type", "transcript.text.delta", "delta", word)) + "\n\n");
			}
			frames.add("data: " + Json.write(Json.object("type", "transcript.text.done", "text", text)) + "\n\n");
			return Reply.events(frames);
		}
		return switch ((format == null) ? "json" : format) {
			case "json" ->
				Reply.json(200, Json.object("text", text, "usage", Json.object("type", "duration", "seconds", 1)));
			case "verbose_json" -> Reply.json(200,
					Json.object("task", sameLanguage ? "transcribe" : "translate", "language", "english", "duration",
							1.0, "text", text, "segments",
							Json.array(Json.object("id", 0, "seek", 0, "start", 0.0, "end", 1.0, "text", text, "tokens",
									Json.array(1, 2), "temperature", 0.0, "avg_logprob", -0.1, "compression_ratio", 1.0,
									"no_speech_prob", 0.0))));
			case "text" -> Reply.content("text/plain; charset=utf-8", utf8(text + "\n"));
			case "srt" ->
				Reply.content("text/plain; charset=utf-8", utf8("1\n00:00:00,000 --> 00:00:01,000\n" + text + "\n\n"));
			case "vtt" -> Reply.content("text/vtt; charset=utf-8",
					utf8("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n" + text + "\n"));
			default -> throw new OpenAiWording().value(Path.ROOT.field("response_format"), format,
					List.of("json", "text", "srt", "verbose_json", "vtt"));
		};
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
