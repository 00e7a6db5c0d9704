package dev.llmproxy.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.provider.catalog.ListedModel;
import dev.llmproxy.provider.catalog.ModelListing;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/**
 * Lists the models a caller may use: {@code GET /v1/models} in OpenAI's shape (in
 * Anthropic's for callers that send {@code anthropic-version}),
 * {@code GET /v1beta/models} in Gemini's. What is known of a model comes in fields of our
 * own.
 */
public final class ModelsHandler {

	private static final JsonMapper JSON = ReadyMapper.shared();

	private static final String OPENAI = "/v1/models";

	private static final String GEMINI = "/v1beta/models";

	private final ModelListing listing;

	public ModelsHandler(ModelListing listing) {
		this.listing = listing;
	}

	boolean handles(String path) {
		return path.equals(OPENAI) || path.startsWith(OPENAI + "/") || path.equals(GEMINI)
				|| path.startsWith(GEMINI + "/");
	}

	Mono<Void> handle(ServerWebExchange exchange, String path) {
		Caller caller = Exchanges.caller(exchange);
		Exchanges.requestId(exchange);
		Shape shape = path.startsWith(GEMINI) ? Shape.GEMINI
				: (exchange.getRequest().getHeaders().getFirst("anthropic-version") != null) ? Shape.ANTHROPIC
						: Shape.OPENAI;
		String base = (shape == Shape.GEMINI) ? GEMINI : OPENAI;
		if (path.length() == base.length()) {
			return Mono.fromSupplier(() -> new ModelQuery(exchange.getRequest().getQueryParams()))
				.flatMap((query) -> this.listing.models()
					.map((models) -> models.stream().filter((model) -> caller.mayUse(model.id())).toList())
					.flatMap((models) -> write(exchange, list(query.page(models), shape))));
		}
		String id = URLDecoder.decode(path.substring(base.length() + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
		return this.listing.find(id)
			.filter((model) -> caller.mayUse(model.id()))
			.switchIfEmpty(Mono.error(() -> unknown(id)))
			.flatMap((model) -> write(exchange, one(model, shape)));
	}

	private static LlmException unknown(String id) {
		String shown = id.chars().allMatch((c) -> c >= 0x20 && c != 0x7f) ? "'" + id + "'" : "of this name";
		return new LlmException(new LlmError(ErrorKind.NOT_FOUND,
				"There is no model " + shown + " that this key may use.", "model_not_found", "model"));
	}

	private static ObjectNode list(ModelQuery.Page page, Shape shape) {
		List<ListedModel> models = page.models();
		ObjectNode root = JSON.createObjectNode();
		if (shape == Shape.OPENAI) {
			root.put("object", "list");
		}
		ArrayNode data = root.putArray((shape == Shape.GEMINI) ? "models" : "data");
		models.forEach((model) -> data.add(one(model, shape)));
		if (shape == Shape.GEMINI) {
			if (page.more()) {
				root.put("nextPageToken", models.get(models.size() - 1).id());
			}
			return root;
		}
		root.put("has_more", page.more());
		root.put("first_id", models.isEmpty() ? null : models.get(0).id());
		root.put("last_id", models.isEmpty() ? null : models.get(models.size() - 1).id());
		return root;
	}

	private static ObjectNode one(ListedModel model, Shape shape) {
		ObjectNode node = JSON.createObjectNode();
		switch (shape) {
			case OPENAI -> node.put("id", model.id())
				.put("object", "model")
				.put("created", model.created())
				.put("owned_by", model.owner());
			case ANTHROPIC -> node.put("type", "model")
				.put("id", model.id())
				.put("display_name", model.id())
				.put("created_at", Instant.ofEpochSecond(model.created()).toString());
			case GEMINI -> {
				node.put("name", "models/" + model.id()).put("displayName", model.id());
				node.putArray("supportedGenerationMethods").add("generateContent").add("streamGenerateContent");
			}
		}
		ModelFields.add(node, model, shape == Shape.GEMINI);
		return node;
	}

	private static Mono<Void> write(ServerWebExchange exchange, ObjectNode body) {
		ServerHttpResponse response = exchange.getResponse();
		byte[] bytes = JSON.writeValueAsBytes(body);
		response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
		response.getHeaders().setContentLength(bytes.length);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
	}

	private enum Shape {

		OPENAI, ANTHROPIC, GEMINI

	}

}
