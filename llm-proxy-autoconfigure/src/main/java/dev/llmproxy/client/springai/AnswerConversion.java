package dev.llmproxy.client.springai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.Part;
import dev.llmproxy.client.CallReport;
import dev.llmproxy.client.ReasoningText;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** Answers, and pieces of them, as Spring AI has them. */
final class AnswerConversion {

	/** Where Spring AI's own models have what can be read of a model's thoughts. */
	private static final String REASONING = "reasoningContent";

	private static final String REFUSAL = "refusal";

	private AnswerConversion() {
	}

	static ChatResponse whole(dev.llmproxy.chat.ChatResponse response, CallReport report) {
		return new ChatResponse(response.choices().stream().map((choice) -> generation(choice, choice.text())).toList(),
				metadata(response, report));
	}

	/**
	 * The last piece of a stream: everything but the text, which has been told. Tool
	 * calls are whole, as Spring AI wants them.
	 */
	static Flux<ChatResponse> last(dev.llmproxy.chat.ChatResponse response, CallReport report) {
		return Flux.just(new ChatResponse(response.choices().stream().map((choice) -> generation(choice, "")).toList(),
				metadata(response, report)));
	}

	/** A piece of a stream; none for news of its life. */
	static Flux<ChatResponse> piece(ChatEvent event) {
		if (event instanceof ChatEvent.TextDelta delta) {
			return Flux.just(piece(delta.text(), Map.of("index", delta.choice())));
		}
		if (event instanceof ChatEvent.ReasoningDelta delta) {
			return Flux.just(piece("", Map.of("index", delta.choice(), REASONING, delta.text())));
		}
		return Flux.empty();
	}

	private static ChatResponse piece(String text, Map<String, Object> properties) {
		return new ChatResponse(
				List.of(new Generation(AssistantMessage.builder().content(text).properties(properties).build())));
	}

	private static Generation generation(dev.llmproxy.chat.ChatResponse.Choice choice, String text) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("index", choice.index());
		properties.put("finishReason", choice.finishReason().name());
		String reasoning = ReasoningText.of(choice);
		if (!reasoning.isEmpty()) {
			properties.put(REASONING, reasoning);
		}
		properties.putAll(ReasoningText.attributes(choice));
		List<AssistantMessage.ToolCall> calls = new ArrayList<>();
		StringBuilder refusal = new StringBuilder();
		for (Part part : choice.parts()) {
			if (part instanceof Part.ToolCall call) {
				calls.add(new AssistantMessage.ToolCall(call.id(), "function", call.name(), call.arguments()));
			}
			else if (part instanceof Part.Refusal said) {
				refusal.append(said.text());
			}
		}
		if (!refusal.isEmpty()) {
			properties.put(REFUSAL, refusal.toString());
		}
		ChatGenerationMetadata.Builder metadata = ChatGenerationMetadata.builder()
			.finishReason(choice.finishReason().name());
		if (choice.stopSequence() != null) {
			metadata.metadata("stopSequence", choice.stopSequence());
		}
		return new Generation(AssistantMessage.builder().content(text).properties(properties).toolCalls(calls).build(),
				metadata.build());
	}

	private static ChatResponseMetadata metadata(dev.llmproxy.chat.ChatResponse response, CallReport report) {
		return ChatResponseMetadata.builder()
			.id(response.id())
			.model(response.model())
			.usage(usage(response.usage()))
			.keyValue("created", response.created())
			.keyValue(CallReport.KEY, report)
			.build();
	}

	static Usage usage(dev.llmproxy.chat.@Nullable Usage usage) {
		if (usage == null) {
			return new EmptyUsage();
		}
		return new DefaultUsage(clamp(usage.inputTokens()), clamp(usage.outputTokens()), clamp(usage.totalTokens()),
				usage, usage.cacheReadTokens(), usage.cacheWriteTokens());
	}

	private static int clamp(long tokens) {
		return (int) Math.min(Integer.MAX_VALUE, tokens);
	}

}
