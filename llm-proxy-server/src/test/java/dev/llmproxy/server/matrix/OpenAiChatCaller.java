package dev.llmproxy.server.matrix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonField;
import com.openai.core.JsonMissing;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.ChatModel;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageParam;
import dev.llmproxy.testkit.fake.Fakes;

/** The OpenAI SDK's chat completions. */
final class OpenAiChatCaller implements SdkCaller {

	private final OpenAIClient client;

	OpenAiChatCaller(OpenAIClient client) {
		this.client = client;
	}

	@Override
	public Answer ask(String model, Ask ask, boolean stream) {
		return call(body(model, ask, List.of()), stream);
	}

	@Override
	public Answer goOn(String model, Ask ask, Answer answer, List<String> results, String prompt, boolean stream) {
		List<Object> more = Bodies.list(answer.turn());
		for (int i = 0; i < results.size(); i++) {
			more.add(Bodies.map("role", "tool", "tool_call_id", answer.calls().get(i).id(), "content", results.get(i)));
		}
		if (results.isEmpty()) {
			more.add(Bodies.map("role", "user", "content", prompt));
		}
		return call(body(model, ask, more), stream);
	}

	private static Map<String, Object> body(String model, Ask ask, List<Object> more) {
		Object content = ask.image() ? List.of(Bodies.map("type", "text", "text", ask.prompt()), Bodies.map("type",
				"image_url", "image_url", Bodies.map("url", "data:image/png;base64," + Fakes.PIXEL_BASE64)))
				: ask.prompt();
		List<Object> messages = Bodies.list(Bodies.map("role", "system", "content", "Be brief."),
				Bodies.map("role", "user", "content", content));
		messages.addAll(more);
		Map<String, Object> body = Bodies.map("model", model, "messages", messages, "max_completion_tokens", 4000);
		if (!ask.tools().isEmpty()) {
			body.put("tools",
					ask.tools()
						.stream()
						.map((name) -> Bodies.map("type", "function", "function",
								Bodies.map("name", name, "description", name, "parameters", Ask.CITY)))
						.toList());
		}
		if (ask.schema()) {
			body.put("response_format", Bodies.map("type", "json_schema", "json_schema",
					Bodies.map("name", "thing", "strict", true, "schema", Ask.SCHEMA)));
		}
		if (ask.reasoning()) {
			body.put("reasoning_effort", "low");
		}
		return body;
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private Answer call(Map<String, Object> body, boolean stream) {
		Map<String, JsonValue> properties = new LinkedHashMap<>();
		body.forEach((name, value) -> properties.put(name, JsonValue.from(value)));
		if (stream) {
			properties.put("stream_options", JsonValue.from(Map.of("include_usage", true)));
		}
		ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
			.model((JsonField<ChatModel>) (JsonField) JsonMissing.of())
			.messages((JsonField<List<ChatCompletionMessageParam>>) (JsonField) JsonMissing.of())
			.putAllAdditionalBodyProperties(properties)
			.build();
		return stream ? streamed(params) : answer(this.client.chat().completions().create(params), null);
	}

	private Answer streamed(ChatCompletionCreateParams params) {
		ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
		ObjectNode message = Bodies.JSON.createObjectNode();
		try (StreamResponse<ChatCompletionChunk> response = this.client.chat().completions().createStreaming(params)) {
			response.stream().forEach((chunk) -> {
				chunk.validate();
				accumulator.accumulate(chunk);
				JsonNode tree = ObjectMappers.jsonMapper().valueToTree(chunk);
				Bodies.merge(message, tree.path("choices").path(0).path("delta"));
			});
		}
		return answer(accumulator.chatCompletion(), message);
	}

	private static Answer answer(ChatCompletion completion, ObjectNode streamed) {
		completion.validate();
		JsonNode tree = ObjectMappers.jsonMapper().valueToTree(completion);
		JsonNode message = (streamed != null) ? streamed : tree.path("choices").path(0).path("message");
		List<Answer.Call> calls = new ArrayList<>();
		message.path("tool_calls").forEach((call) -> {
			((ObjectNode) call).remove("index");
			calls.add(new Answer.Call(call.path("id").asText(), call.path("function").path("name").asText(),
					call.path("function").path("arguments").asText()));
		});
		return new Answer(message.path("content").asText(""), message.path("reasoning_content").asText(""), calls,
				tree.path("choices").path(0).path("finish_reason").asText(),
				tree.path("usage").path("prompt_tokens").asLong(),
				tree.path("usage").path("completion_tokens").asLong(), Bodies.JSON.convertValue(message, Object.class));
	}

}
