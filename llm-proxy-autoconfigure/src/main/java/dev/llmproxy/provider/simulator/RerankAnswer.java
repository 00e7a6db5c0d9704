package dev.llmproxy.provider.simulator;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.ResponseBody;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ranks documents by the share of the query's words that they have. The answer has what
 * <a href="https://docs.cohere.com/reference/rerank">Cohere's</a> and vLLM's have in
 * common, and the usage of both.
 */
final class RerankAnswer {

	private static final int MOST_DOCUMENTS = 10_000;

	private final JsonRequest request;

	private final String model;

	RerankAnswer(LlmRequest request, String model) {
		this.request = JsonRequest.of(request);
		this.model = model;
	}

	ResponseBody body() {
		String query = this.request.text("query");
		List<String> documents = this.request.texts("documents", MOST_DOCUMENTS);
		int most = this.request.number("top_n", documents.size(), 1, Integer.MAX_VALUE);
		boolean whole = this.request.flag("return_documents");
		Set<String> wanted = words(query);
		ObjectNode answer = JsonRequest.JSON.createObjectNode()
			.put("id", "rerank-" + this.request.id())
			.put("model", this.model);
		ArrayNode results = answer.putArray("results");
		IntStream.range(0, documents.size())
			.mapToObj((index) -> new Ranked(index, score(wanted, documents.get(index))))
			.sorted(Comparator.comparingDouble(Ranked::score).reversed())
			.limit(most)
			.forEach((ranked) -> {
				ObjectNode result = results.addObject()
					.put("index", ranked.index())
					.put("relevance_score", ranked.score());
				if (whole) {
					result.putObject("document").put("text", documents.get(ranked.index()));
				}
			});
		long tokens = Tokens.count(query) + documents.stream().mapToLong(Tokens::count).sum();
		answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
		answer.putObject("meta").putObject("billed_units").put("search_units", 1);
		return JsonRequest.body(answer);
	}

	private static double score(Set<String> wanted, String document) {
		Set<String> present = words(document);
		present.retainAll(wanted);
		return wanted.isEmpty() ? 0 : Math.round(1000.0 * present.size() / wanted.size()) / 1000.0;
	}

	private static Set<String> words(String text) {
		Set<String> words = new HashSet<>(List.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")));
		words.remove("");
		return words;
	}

	/** A document and how well it fits. */
	private record Ranked(int index, double score) {
	}

}
