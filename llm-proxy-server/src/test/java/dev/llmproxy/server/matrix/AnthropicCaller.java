package dev.llmproxy.server.matrix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.ObjectMappers;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.MessageParam;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.llmproxy.testkit.fake.Fakes;

/** The Anthropic SDK's messages. */
final class AnthropicCaller implements SdkCaller {

	private final AnthropicClient client;

	AnthropicCaller(AnthropicClient client) {
		this.client = client;
	}

	@Override
	public Answer ask(String model, Ask ask, boolean stream) {
		return call(body(model, ask, List.of()), stream);
	}

	@Override
	public Answer goOn(String model, Ask ask, Answer answer, List<String> results, String prompt, boolean stream) {
		List<Object> content = new ArrayList<>();
		for (int i = 0; i < results.size(); i++) {
			content.add(Bodies.map("type", "tool_result", "tool_use_id", answer.calls().get(i).id(), "content",
					results.get(i)));
		}
		if (results.isEmpty()) {
			content.add(Bodies.map("type", "text", "text", prompt));
		}
		return call(body(model, ask, Bodies.list(Bodies.map("role", "assistant", "content", answer.turn()),
				Bodies.map("role", "user", "content", content))), stream);
	}

	private static Map<String, Object> body(String model, Ask ask, List<Object> more) {
		List<Object> content = new ArrayList<>();
		if (ask.image()) {
			content.add(Bodies.map("type", "image", "source",
					Bodies.map("type", "base64", "media_type", "image/png", "data", Fakes.PIXEL_BASE64)));
		}
		content.add(Bodies.map("type", "text", "text", ask.prompt()));
		List<Object> messages = Bodies.list(Bodies.map("role", "user", "content", content));
		messages.addAll(more);
		Map<String, Object> body = Bodies.map("model", model, "max_tokens", 4000, "system", "Be brief.", "messages",
				messages);
		if (!ask.tools().isEmpty()) {
			body.put("tools",
					ask.tools()
						.stream()
						.map((name) -> Bodies.map("name", name, "description", name, "input_schema", Ask.CITY))
						.toList());
		}
		if (ask.schema()) {
			body.put("output_config", Bodies.map("format", Bodies.map("type", "json_schema", "schema", Ask.SCHEMA)));
		}
		if (ask.reasoning()) {
			body.put("thinking", Bodies.map("type", "enabled", "budget_tokens", 1024));
		}
		return body;
	}

	private Answer call(Map<String, Object> body, boolean stream) {
		Map<String, JsonValue> properties = new LinkedHashMap<>();
		body.forEach((name, value) -> properties.put(name, JsonValue.from(value)));
		properties.keySet().removeAll(List.of("model", "max_tokens", "messages"));
		MessageCreateParams params = MessageCreateParams.builder()
			.model((String) body.get("model"))
			.maxTokens(((Integer) body.get("max_tokens")).longValue())
			.messages(ObjectMappers.jsonMapper()
				.convertValue(body.get("messages"), new TypeReference<List<MessageParam>>() {
				}))
			.putAllAdditionalBodyProperties(properties)
			.build();
		if (!stream) {
			return answer(this.client.messages().create(params));
		}
		MessageAccumulator accumulator = MessageAccumulator.create();
		try (StreamResponse<RawMessageStreamEvent> response = this.client.messages().createStreaming(params)) {
			response.stream().forEach((event) -> accumulator.accumulate(event.validate()));
		}
		return answer(accumulator.message());
	}

	private static Answer answer(Message message) {
		message.validate();
		JsonNode tree = ObjectMappers.jsonMapper().valueToTree(message);
		StringBuilder text = new StringBuilder();
		StringBuilder reasoning = new StringBuilder();
		List<Answer.Call> calls = new ArrayList<>();
		for (JsonNode block : tree.path("content")) {
			switch (block.path("type").asText()) {
				case "text" -> text.append(block.path("text").asText());
				case "thinking" -> reasoning.append(block.path("thinking").asText());
				case "tool_use" -> calls.add(new Answer.Call(block.path("id").asText(), block.path("name").asText(),
						block.path("input").toString()));
				default -> {
				}
			}
		}
		return new Answer(text.toString(), reasoning.toString(), calls, tree.path("stop_reason").asText(),
				tree.path("usage").path("input_tokens").asLong(), tree.path("usage").path("output_tokens").asLong(),
				Bodies.JSON.convertValue(tree.path("content"), List.class));
	}

}
