package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.testkit.fake.Conversation.Role;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's smaller endpoints about text: completions, embeddings, moderations, models.
 */
final class OpenAiTexts {

	private static final List<String> CATEGORIES = List.of("harassment", "harassment/threatening", "hate",
			"hate/threatening", "illicit", "illicit/violent", "self-harm", "self-harm/instructions", "self-harm/intent",
			"sexual", "sexual/minors", "violence", "violence/graphic");

	private static final List<String> MODELS = List.of("gpt-4o", "gpt-4o-mini", "gpt-5", "o4-mini",
			"text-embedding-3-small");

	private final FakeState state;

	OpenAiTexts(FakeState state) {
		this.state = state;
	}

	Reply models(String path) {
		if (!path.equals("/v1/models")) {
			return Reply.json(200, model(FakeOpenAi.checked(path.substring("/v1/models/".length()))));
		}
		return Reply.json(200,
				Json.object("object", "list", "data", Json.array(MODELS.stream().map(OpenAiTexts::model).toList())));
	}

	private static ObjectNode model(String id) {
		return Json.object("id", id, "object", "model", "created", FakeState.CREATED, "owned_by", "openai");
	}

	Reply completion(JsonNode body, @Nullable String deployment) {
		Fields request = Fields.of(body, Path.ROOT, new OpenAiWording())
			.allow("model", "prompt", "best_of", "echo", "frequency_penalty", "logit_bias", "logprobs", "max_tokens",
					"n", "presence_penalty", "seed", "stop", "stream", "stream_options", "suffix", "temperature",
					"top_p", "user");
		String model = FakeOpenAi.model(request, deployment);
		ConversationDraft draft = new ConversationDraft(model);
		JsonNode prompt = request.require("prompt");
		draft.turn(Role.USER).texts
			.add(prompt.isString() ? prompt.asString() : String.join("\n", request.optTexts("prompt", 2048)));
		draft.maxTokens = request.optInteger("max_tokens", 1, Integer.MAX_VALUE);
		JsonNode stop = request.get("stop");
		draft.stopSequences = (stop != null && stop.isString()) ? List.of(stop.asString())
				: request.optTexts("stop", 4);
		Conversation conversation = draft.build(this.state);
		Answer answer = this.state.behaviour().answer(conversation);
		String id = this.state.id("cmpl-");
		String finish = (answer.finish() == Answer.Finish.LENGTH) ? "length" : "stop";
		ObjectNode usage = Json.object("prompt_tokens", conversation.inputTokens(), "completion_tokens",
				answer.outputTokens(), "total_tokens", conversation.inputTokens() + answer.outputTokens());
		if (!request.flag("stream")) {
			ObjectNode whole = completion(id, model, answer.text(), finish);
			whole.set("usage", usage);
			return Reply.json(200, whole);
		}
		List<String> frames = new ArrayList<>();
		for (String word : Pieces.words(answer.text())) {
			frames.add("data: " + Json.write(completion(id, model, word, null)) + "\n\n");
		}
		frames.add("data: " + Json.write(completion(id, model, "", finish)) + "\n\n");
		Fields options = request.optObject("stream_options");
		if (options != null && options.flag("include_usage")) {
			ObjectNode last = completion(id, model, "", null);
			last.set("choices", Json.array());
			last.set("usage", usage);
			frames.add("data: " + Json.write(last) + "\n\n");
		}
		frames.add("data: [DONE]\n\n");
		return Reply.events(frames);
	}

	private static ObjectNode completion(String id, String model, String text, @Nullable String finish) {
		return Json.object("id", id, "object", "text_completion", "created", FakeState.CREATED, "model", model,
				"choices",
				Json.array(Json.object("text", text, "index", 0, "logprobs", null, "finish_reason", finish)));
	}

	Reply embeddings(JsonNode body, @Nullable String deployment) {
		Fields request = Fields.of(body, Path.ROOT, new OpenAiWording())
			.allow("input", "model", "dimensions", "encoding_format", "user");
		String model = FakeOpenAi.model(request, deployment);
		boolean base64 = "base64".equals(request.optOneOf("encoding_format", "float", "base64"));
		Integer dimensions = request.optInteger("dimensions", 1, 4096);
		ArrayNode data = Json.array();
		int tokens = 0;
		for (String text : embeddingInputs(request)) {
			float[] vector = Embeddings.of(text, (dimensions == null) ? Embeddings.DIMENSIONS : dimensions);
			data.add(Json.object("object", "embedding", "index", data.size(), "embedding",
					base64 ? Embeddings.base64(vector) : vector));
			tokens += FakeState.tokens(text);
		}
		return Reply.json(200, Json.object("object", "list", "data", data, "model", model, "usage",
				Json.object("prompt_tokens", tokens, "total_tokens", tokens)));
	}

	/** A text, several, or the same as token numbers. */
	private static List<String> embeddingInputs(Fields request) {
		JsonNode input = request.require("input");
		if (input.isString()) {
			return List.of(checkedInput(request, input.asString()));
		}
		if (!input.isArray()) {
			throw request.wrongType("input", Wording.Kind.STRING);
		}
		if (input.isEmpty()) {
			throw new OpenAiWording().tooFew(request.at("input"), 1, 0);
		}
		if (input.get(0).isIntegralNumber()) {
			return List.of(input.toString());
		}
		List<String> texts = new ArrayList<>();
		for (JsonNode item : input) {
			texts.add(item.isString() ? checkedInput(request, item.asString()) : item.toString());
		}
		if (texts.size() > 2048) {
			throw new OpenAiWording().tooMany(request.at("input"), 2048, texts.size());
		}
		return texts;
	}

	private static String checkedInput(Fields request, String text) {
		if (text.isEmpty()) {
			throw OpenAiWording.error(null, request.at("input"), "Invalid 'input': input cannot be an empty string.");
		}
		return text;
	}

	/** Flags violence, and nothing else, in texts that speak of it. */
	Reply moderations(JsonNode body) {
		Fields request = Fields.of(body, Path.ROOT, new OpenAiWording()).allow("input", "model");
		String model = request.has("model") ? FakeOpenAi.model(request, null) : "omni-moderation-latest";
		JsonNode input = request.require("input");
		ArrayNode results = Json.array();
		if (input.isString()) {
			results.add(moderation(input.asString()));
		}
		else if (input.isArray() && !input.isEmpty() && input.get(0).isObject()) {
			StringBuilder text = new StringBuilder();
			for (Fields part : request.objects("input", 1)) {
				if (part.oneOf("type", "text", "image_url").equals("text")) {
					text.append(part.text("text"));
				}
				else {
					OpenAiTools.image(part, "image_url", part.object("image_url").text("url"));
				}
			}
			results.add(moderation(text.toString()));
		}
		else {
			request.optTexts("input", 1024).forEach((text) -> results.add(moderation(text)));
		}
		return Reply.json(200, Json.object("id", this.state.id("modr-"), "model", model, "results", results));
	}

	private static ObjectNode moderation(String text) {
		boolean violent = text.contains("violence");
		ObjectNode categories = Json.object();
		ObjectNode scores = Json.object();
		ObjectNode types = Json.object();
		for (String category : CATEGORIES) {
			boolean flagged = violent && category.equals("violence");
			categories.put(category, flagged);
			scores.put(category, flagged ? 0.97 : 0.0001);
			types.set(category, Json.array("text"));
		}
		return Json.object("flagged", violent, "categories", categories, "category_scores", scores,
				"category_applied_input_types", types);
	}

}
