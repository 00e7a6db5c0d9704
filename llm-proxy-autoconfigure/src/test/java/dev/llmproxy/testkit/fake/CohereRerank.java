package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Cohere's {@code /v1/rerank} and {@code /v2/rerank}. The score is the share of common
 * words.
 */
final class CohereRerank {

	/** Marks rejections that are written the way Cohere does. */
	static final String TYPE = "cohere";

	private final FakeState state;

	CohereRerank(FakeState state) {
		this.state = state;
	}

	Reply answer(JsonNode body, String path) {
		boolean second = path.startsWith("/v2");
		Fields request = Fields.of(body, Path.ROOT, new CohereWording());
		if (second) {
			request.allow("model", "query", "documents", "top_n", "max_tokens_per_doc", "priority");
		}
		else {
			request.allow("model", "query", "documents", "top_n", "return_documents", "max_chunks_per_doc",
					"rank_fields");
		}
		request.text("model");
		String query = request.text("query");
		List<String> documents = documents(request, second);
		Integer top = request.optInteger("top_n", 1, Integer.MAX_VALUE);
		boolean echo = request.flag("return_documents");
		List<Integer> order = new ArrayList<>();
		for (int i = 0; i < documents.size(); i++) {
			order.add(i);
		}
		order.sort(Comparator.comparingDouble((Integer i) -> -score(query, documents.get(i))));
		ArrayNode results = Json.array();
		for (int index : order.subList(0, Math.min(order.size(), (top == null) ? order.size() : top))) {
			ObjectNode result = Json.object("index", index, "relevance_score", score(query, documents.get(index)));
			if (echo) {
				result.set("document", Json.object("text", documents.get(index)));
			}
			results.add(result);
		}
		return Reply.json(200,
				Json.object("id", this.state.id("rerank-"), "results", results, "meta", Json.object("api_version",
						Json.object("version", second ? "2" : "1"), "billed_units", Json.object("search_units", 1))));
	}

	private static List<String> documents(Fields request, boolean second) {
		JsonNode documents = request.require("documents");
		List<String> texts = new ArrayList<>();
		for (JsonNode document : documents.isArray() ? documents : Json.array()) {
			boolean object = document.isObject() && !second;
			JsonNode text = object ? document.path("text") : document;
			if (!text.isString()) {
				throw request.invalid("documents", "invalid request: documents must be "
						+ (second ? "strings" : "strings or objects with a text"));
			}
			texts.add(text.asString());
		}
		if (texts.isEmpty()) {
			throw request.invalid("documents", "invalid request: at least one document is required");
		}
		return texts;
	}

	private static double score(String query, String document) {
		Set<String> wanted = words(query);
		Set<String> common = words(document);
		common.retainAll(wanted);
		return common.size() / (double) Math.max(1, wanted.size());
	}

	private static Set<String> words(String text) {
		return new TreeSet<>(Arrays.asList(text.toLowerCase(Locale.ROOT).split("\\W+")));
	}

	/** Cohere's error messages. */
	private static final class CohereWording implements Wording {

		@Override
		public RejectedRequest unknown(Path at) {
			return invalid(at, "invalid request: unknown field: parameter '" + at + "' is not a valid field");
		}

		@Override
		public RejectedRequest missing(Path at) {
			return invalid(at, "invalid request: " + at + " is required");
		}

		@Override
		public RejectedRequest type(Path at, Kind expected, JsonNode actual) {
			return invalid(at, "invalid type: parameter " + at + " is of type " + Kind.of(actual).word()
					+ " but should be of type " + expected.word());
		}

		@Override
		public RejectedRequest value(Path at, String actual, List<String> allowed) {
			return invalid(at, "invalid request: " + at + " must be one of " + allowed);
		}

		@Override
		public RejectedRequest tooSmall(Path at, Number minimum, Number actual) {
			return invalid(at, "invalid request: " + at + " must be at least " + minimum);
		}

		@Override
		public RejectedRequest tooLarge(Path at, Number maximum, Number actual) {
			return invalid(at, "invalid request: " + at + " must be at most " + maximum);
		}

		@Override
		public RejectedRequest tooFew(Path at, int minimum, int actual) {
			return invalid(at, "invalid request: " + at + " must have at least " + minimum + " items");
		}

		@Override
		public RejectedRequest tooMany(Path at, int maximum, int actual) {
			return invalid(at, "invalid request: " + at + " must have at most " + maximum + " items");
		}

		@Override
		public RejectedRequest invalid(Path at, String message) {
			return new RejectedRequest(400, TYPE, null, null, message);
		}

	}

}
