package dev.llmproxy.dialect.gemini;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.llmproxy.chat.EmbeddingsRequest;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Requests for embeddings: one with a {@code content}, or a batch of {@code requests},
 * which must agree in everything but their text. A title is left out, like whatever else
 * has no canonical place.
 */
final class GeminiEmbeddingsDecoder {

	private final List<String> inputs = new ArrayList<>();

	private @Nullable String taskType;

	private @Nullable Integer dimensions;

	private GeminiEmbeddingsDecoder() {
	}

	static EmbeddingsRequest decode(byte[] body, Envelope envelope) {
		String model = envelope.model();
		if (model == null) {
			throw new InvalidRequestException("The path names no model.", "model");
		}
		GeminiEmbeddingsDecoder decoder = new GeminiEmbeddingsDecoder();
		JsonNode root = GeminiJson.parseRequest(body);
		JsonNode requests = root.path("requests");
		if (requests.isMissingNode() || requests.isNull()) {
			decoder.request(root, "");
		}
		else {
			int index = 0;
			for (JsonNode request : GeminiJson.items(requests, "requests")) {
				decoder.request(request, "requests[" + index++ + "]");
			}
		}
		if (decoder.inputs.isEmpty()) {
			throw new InvalidRequestException("The request has nothing to embed.", "requests");
		}
		return new EmbeddingsRequest(model, decoder.inputs, decoder.dimensions, null, decoder.taskType, false);
	}

	private void request(JsonNode request, String path) {
		Fields fields = new Fields();
		fields.read(request, path);
		if (fields.text == null) {
			throw new InvalidRequestException("There is no content to embed.", GeminiJson.join(path, "content"));
		}
		boolean first = this.inputs.isEmpty();
		this.inputs.add(fields.text);
		if (first) {
			this.taskType = fields.taskType;
			this.dimensions = fields.dimensions;
		}
		else if (!Objects.equals(this.taskType, fields.taskType)) {
			throw new InvalidRequestException("All requests of a batch need the same task type.", path + ".taskType");
		}
		else if (!Objects.equals(this.dimensions, fields.dimensions)) {
			throw new InvalidRequestException("All requests of a batch need the same length.",
					path + ".outputDimensionality");
		}
	}

	/** The members of one request, while they are read. */
	private static final class Fields {

		private @Nullable String text;

		private @Nullable String taskType;

		private @Nullable Integer dimensions;

		private void read(JsonNode request, String path) {
			GeminiJson.members(request, path, (name, value) -> {
				String at = GeminiJson.join(path, name);
				switch (name) {
					case "content" -> this.text = text(value, at);
					case "taskType" -> this.taskType = GeminiJson.text(value, at);
					case "outputDimensionality" -> this.dimensions = length(value, at);
					// Newer, and of Vertex AI: the same once more.
					case "embedContentConfig" -> read(value, at);
					default -> {
						// Has no canonical place.
					}
				}
			});
		}

		private static int length(JsonNode value, String path) {
			int length = GeminiJson.integer(value, path);
			if (length < 1) {
				throw new InvalidRequestException("At least 1 is expected here.", path);
			}
			return length;
		}

		private static String text(JsonNode content, String path) {
			List<String> texts = new ArrayList<>();
			GeminiJson.members(content, path, (name, parts) -> {
				if (name.equals("parts")) {
					for (JsonNode part : GeminiJson.items(parts, path + ".parts")) {
						String at = path + ".parts[" + texts.size() + "]";
						JsonNode text = part.path("text");
						if (!text.isString()) {
							throw new InvalidRequestException("Only text can be embedded.", at);
						}
						texts.add(text.stringValue());
					}
				}
			});
			if (texts.isEmpty()) {
				throw new InvalidRequestException("The content has no parts.", path + ".parts");
			}
			return String.join("\n", texts);
		}

	}

}
