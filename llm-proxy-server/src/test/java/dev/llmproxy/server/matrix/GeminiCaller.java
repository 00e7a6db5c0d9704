package dev.llmproxy.server.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.types.Content;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import dev.llmproxy.testkit.fake.Fakes;

/** The Google GenAI SDK. */
final class GeminiCaller implements SdkCaller {

	private final Client client;

	GeminiCaller(Client client) {
		this.client = client;
	}

	@Override
	public Answer ask(String model, Ask ask, boolean stream) {
		return call(model, ask, List.of(), stream);
	}

	@Override
	public Answer goOn(String model, Ask ask, Answer answer, List<String> results, String prompt, boolean stream) {
		List<Object> parts = new ArrayList<>();
		for (int i = 0; i < results.size(); i++) {
			Answer.Call call = answer.calls().get(i);
			Map<String, Object> response = Bodies.map("name", call.name(), "response",
					Bodies.map("output", results.get(i)));
			if (!call.id().isEmpty()) {
				response.put("id", call.id());
			}
			parts.add(Bodies.map("functionResponse", response));
		}
		if (results.isEmpty()) {
			parts.add(Bodies.map("text", prompt));
		}
		return call(model, ask, List.of(Bodies.map("role", "model", "parts", answer.turn()),
				Bodies.map("role", "user", "parts", parts)), stream);
	}

	private Answer call(String model, Ask ask, List<Object> more, boolean stream) {
		List<Object> parts = Bodies.list(Bodies.map("text", ask.prompt()));
		if (ask.image()) {
			parts.add(Bodies.map("inlineData", Bodies.map("mimeType", "image/png", "data", Fakes.PIXEL_BASE64)));
		}
		List<Content> contents = new ArrayList<>();
		contents.add(content(Bodies.map("role", "user", "parts", parts)));
		more.forEach((turn) -> contents.add(content(turn)));
		GenerateContentConfig config = GenerateContentConfig.fromJson(json(config(ask)));
		List<JsonNode> responses = new ArrayList<>();
		if (stream) {
			try (ResponseStream<GenerateContentResponse> response = this.client.models.generateContentStream(model,
					contents, config)) {
				response.forEach((chunk) -> responses.add(tree(chunk)));
			}
		}
		else {
			responses.add(tree(this.client.models.generateContent(model, contents, config)));
		}
		return answer(responses);
	}

	private static Map<String, Object> config(Ask ask) {
		Map<String, Object> config = Bodies.map("systemInstruction",
				Bodies.map("parts", List.of(Bodies.map("text", "Be brief."))), "maxOutputTokens", 4000);
		if (!ask.tools().isEmpty()) {
			config.put("tools",
					List.of(Bodies.map("functionDeclarations", ask.tools()
						.stream()
						.map((name) -> Bodies.map("name", name, "description", name, "parametersJsonSchema", Ask.CITY))
						.toList())));
		}
		if (ask.schema()) {
			config.put("responseMimeType", "application/json");
			config.put("responseJsonSchema", Ask.SCHEMA);
		}
		if (ask.reasoning()) {
			config.put("thinkingConfig", Bodies.map("includeThoughts", true, "thinkingBudget", 1024));
		}
		return config;
	}

	private static Content content(Object turn) {
		return Content.fromJson(json(turn));
	}

	private static String json(Object value) {
		try {
			return Bodies.JSON.writeValueAsString(value);
		}
		catch (JsonProcessingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static JsonNode tree(GenerateContentResponse response) {
		try {
			return Bodies.JSON.readTree(response.toJson());
		}
		catch (JsonProcessingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Answer answer(List<JsonNode> responses) {
		StringBuilder text = new StringBuilder();
		StringBuilder reasoning = new StringBuilder();
		List<Answer.Call> calls = new ArrayList<>();
		ArrayNode turn = Bodies.JSON.createArrayNode();
		String finish = "";
		JsonNode usage = Bodies.JSON.createObjectNode();
		for (JsonNode response : responses) {
			JsonNode candidate = response.path("candidates").path(0);
			for (JsonNode part : candidate.path("content").path("parts")) {
				turn.add(part);
				boolean thought = part.path("thought").asBoolean();
				(thought ? reasoning : text).append(part.path("text").asText(""));
				if (part.path("functionCall") instanceof ObjectNode call) {
					calls.add(new Answer.Call(call.path("id").asText(""), call.path("name").asText(),
							call.path("args").toString()));
				}
			}
			finish = candidate.path("finishReason").asText(finish);
			usage = response.has("usageMetadata") ? response.path("usageMetadata") : usage;
		}
		return new Answer(text.toString(), reasoning.toString(), calls, finish, usage.path("promptTokenCount").asLong(),
				usage.path("candidatesTokenCount").asLong(), Bodies.JSON.convertValue(turn, List.class));
	}

}
