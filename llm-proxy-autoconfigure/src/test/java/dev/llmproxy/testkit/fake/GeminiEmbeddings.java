package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gemini's {@code embedContent} and {@code batchEmbedContents}, Vertex AI's
 * {@code predict}.
 */
final class GeminiEmbeddings {

	private static final String[] TASKS = { "TASK_TYPE_UNSPECIFIED", "RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT",
			"SEMANTIC_SIMILARITY", "CLASSIFICATION", "CLUSTERING", "QUESTION_ANSWERING", "FACT_VERIFICATION",
			"CODE_RETRIEVAL_QUERY" };

	private GeminiEmbeddings() {
	}

	static Reply one(Fields body) {
		return Reply.json(200, Json.object("embedding", embed(Proto.message(body), null)));
	}

	static Reply batch(Fields body, String model) {
		ArrayNode embeddings = Json.array();
		for (Fields request : Proto.message(body).allow("requests").objects("requests", 1)) {
			embeddings.add(embed(Proto.message(request), "models/" + model));
		}
		return Reply.json(200, Json.object("embeddings", embeddings));
	}

	private static ObjectNode embed(Fields request, @Nullable String model) {
		request.allow("model", "content", "taskType", "title", "outputDimensionality", "autoTruncate");
		if (model != null && !request.text("model").equals(model)) {
			throw request.invalid("model", "must be " + model + " as in the path.");
		}
		Proto.optEnum(request, "taskType", TASKS);
		List<String> texts = new ArrayList<>();
		for (Fields raw : Proto.message(request.object("content")).allow("role", "parts").objects("parts", 1)) {
			texts.add(raw.allow("text").text("text"));
		}
		String text = String.join("\n", texts);
		if (text.isEmpty()) {
			throw request.invalid("content", "empty text content is not supported.");
		}
		return Json.object("values", Embeddings.of(text, dimensions(request)));
	}

	private static int dimensions(Fields holder) {
		Integer wanted = holder.optInteger("outputDimensionality", 1, 3072);
		return (wanted == null) ? Embeddings.DIMENSIONS : wanted;
	}

	static Reply predict(Fields raw) {
		Fields body = raw.allow("instances", "parameters");
		Fields parameters = body.optObject("parameters");
		int dimensions = Embeddings.DIMENSIONS;
		if (parameters != null) {
			dimensions = dimensions(parameters.allow("outputDimensionality", "autoTruncate"));
		}
		ArrayNode predictions = Json.array();
		for (Fields instance : body.objects("instances", 1)) {
			String text = instance.allow("content", "task_type", "title").text("content");
			JsonNode statistics = Json.object("token_count", FakeState.tokens(text), "truncated", false);
			predictions.add(Json.object("embeddings",
					Json.object("values", Embeddings.of(text, dimensions), "statistics", statistics)));
		}
		return Reply.json(200, Json.object("predictions", predictions));
	}

}
