package dev.llmproxy.dialect.openai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Tool;

/** What is left of requests and answers when they were said in this dialect. */
final class Sayable {

	private Sayable() {
	}

	static ChatResponse of(ChatResponse response) {
		List<ChatResponse.Choice> choices = response.choices()
			.stream()
			.map((choice) -> new ChatResponse.Choice(choice.index(), parts(choice.parts()),
					reason(choice.finishReason()), null))
			.toList();
		return new ChatResponse(response.id(), response.model(), response.created(), choices, response.usage(),
				response.serviceTier());
	}

	/**
	 * Without marks of prompt caching, which OpenAI does not take, and without the nested
	 * fields that are named as dropped.
	 */
	static ChatRequest of(ChatRequest request) {
		List<Message> messages = request.messages()
			.stream()
			.map((message) -> new Message(message.role(), parts(message.parts()), message.name()))
			.toList();
		List<Tool> tools = request.tools()
			.stream()
			.map((tool) -> (tool instanceof Tool.Function function) ? new Tool.Function(function.name(),
					function.description(), function.parameters(), function.strict(), null) : tool)
			.toList();
		Map<String, Object> rest = new LinkedHashMap<>(request.rest());
		rest.keySet().removeIf((path) -> path.contains(".") || path.contains("["));
		return new ChatRequest(request.model(), messages, tools, request.toolChoice(), request.parallelToolCalls(),
				request.maxTokens(), request.temperature(), request.topP(), request.topK(), request.frequencyPenalty(),
				request.presencePenalty(), request.seed(), request.stop(), request.n(), request.responseFormat(),
				request.reasoning(), request.stream(), request.includeUsage(), request.user(), request.metadata(),
				request.serviceTier(), rest);
	}

	private static FinishReason reason(FinishReason reason) {
		return (reason == FinishReason.OTHER || reason == FinishReason.PAUSE) ? FinishReason.STOP : reason;
	}

	private static List<Part> parts(List<Part> parts) {
		List<Part> left = new ArrayList<>();
		for (Part part : parts) {
			left.add(part(part));
		}
		return left;
	}

	private static Part part(Part part) {
		if (part instanceof Part.Text text) {
			return Part.text(text.text());
		}
		if (part instanceof Part.Reasoning thought && thought.redacted() == null) {
			boolean unsigned = thought.signature() == null || ReasoningSeal.isUnsigned(thought.signature());
			return new Part.Reasoning(thought.text(), unsigned ? ReasoningSeal.UNSIGNED : thought.signature());
		}
		return part;
	}

}
