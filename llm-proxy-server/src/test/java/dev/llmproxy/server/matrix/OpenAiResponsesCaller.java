package dev.llmproxy.server.matrix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.llmproxy.testkit.fake.Fakes;

/** The OpenAI SDK's responses. */
final class OpenAiResponsesCaller implements SdkCaller {

	private final OpenAIClient client;

	OpenAiResponsesCaller(OpenAIClient client) {
		this.client = client;
	}

	@Override
	public Answer ask(String model, Ask ask, boolean stream) {
		return call(body(model, ask, List.of()), stream);
	}

	@Override
	public Answer goOn(String model, Ask ask, Answer answer, List<String> results, String prompt, boolean stream) {
		List<Object> more = new ArrayList<>((List<?>) answer.turn());
		for (int i = 0; i < results.size(); i++) {
			more.add(Bodies.map("type", "function_call_output", "call_id", answer.calls().get(i).id(), "output",
					results.get(i)));
		}
		if (results.isEmpty()) {
			more.add(Bodies.map("role", "user", "content", prompt));
		}
		return call(body(model, ask, more), stream);
	}

	private static Map<String, Object> body(String model, Ask ask, List<Object> more) {
		List<Object> content = Bodies.list(Bodies.map("type", "input_text", "text", ask.prompt()));
		if (ask.image()) {
			content.add(Bodies.map("type", "input_image", "detail", "auto", "image_url",
					"data:image/png;base64," + Fakes.PIXEL_BASE64));
		}
		List<Object> input = Bodies.list(Bodies.map("role", "user", "content", content));
		input.addAll(more);
		Map<String, Object> body = Bodies.map("model", model, "instructions", "Be brief.", "input", input,
				"max_output_tokens", 4000, "store", false);
		if (!ask.tools().isEmpty()) {
			body.put("tools",
					ask.tools()
						.stream()
						.map((name) -> Bodies.map("type", "function", "name", name, "description", name, "parameters",
								Ask.CITY, "strict", true))
						.toList());
		}
		if (ask.schema()) {
			body.put("text", Bodies.map("format",
					Bodies.map("type", "json_schema", "name", "thing", "strict", true, "schema", Ask.SCHEMA)));
		}
		if (ask.reasoning()) {
			body.put("reasoning", Bodies.map("effort", "low", "summary", "auto"));
			body.put("include", List.of("reasoning.encrypted_content"));
		}
		return body;
	}

	private Answer call(Map<String, Object> body, boolean stream) {
		Map<String, JsonValue> properties = new LinkedHashMap<>();
		body.forEach((name, value) -> properties.put(name, JsonValue.from(value)));
		ResponseCreateParams params = ResponseCreateParams.builder().putAllAdditionalBodyProperties(properties).build();
		if (!stream) {
			return answer(this.client.responses().create(params));
		}
		ResponseAccumulator accumulator = ResponseAccumulator.create();
		try (StreamResponse<ResponseStreamEvent> response = this.client.responses().createStreaming(params)) {
			response.stream().forEach((event) -> accumulator.accumulate(event.validate()));
		}
		return answer(accumulator.response());
	}

	private static Answer answer(Response response) {
		response.validate();
		JsonNode tree = ObjectMappers.jsonMapper().valueToTree(response);
		StringBuilder text = new StringBuilder();
		StringBuilder reasoning = new StringBuilder();
		List<Answer.Call> calls = new ArrayList<>();
		for (JsonNode item : tree.path("output")) {
			switch (item.path("type").asText()) {
				case "message" -> item.path("content").forEach((part) -> text.append(part.path("text").asText("")));
				case "reasoning" -> {
					item.path("summary").forEach((part) -> reasoning.append(part.path("text").asText("")));
					item.path("content").forEach((part) -> reasoning.append(part.path("text").asText("")));
				}
				case "function_call" -> calls.add(new Answer.Call(item.path("call_id").asText(),
						item.path("name").asText(), item.path("arguments").asText()));
				default -> {
				}
			}
		}
		return new Answer(text.toString(), reasoning.toString(), calls, tree.path("status").asText(),
				tree.path("usage").path("input_tokens").asLong(), tree.path("usage").path("output_tokens").asLong(),
				Bodies.JSON.convertValue(tree.path("output"), List.class));
	}

}
