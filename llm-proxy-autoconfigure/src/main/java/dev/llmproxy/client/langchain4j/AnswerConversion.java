package dev.llmproxy.client.langchain4j;

import java.util.List;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.client.CallReport;
import dev.llmproxy.client.ReasoningText;
import org.jspecify.annotations.Nullable;

/** Answers as LangChain4j has them. */
final class AnswerConversion {

	private AnswerConversion() {
	}

	static ChatResponse whole(dev.llmproxy.chat.ChatResponse response, CallReport report) {
		dev.llmproxy.chat.ChatResponse.Choice choice = response.choices().isEmpty()
				? new dev.llmproxy.chat.ChatResponse.Choice(0, List.of(), dev.llmproxy.chat.FinishReason.OTHER, null)
				: response.choices().get(0);
		GatewayChatResponseMetadata.Builder metadata = GatewayChatResponseMetadata.builder(report)
			.id(response.id())
			.modelName(response.model())
			.finishReason(reason(choice.finishReason()));
		TokenUsage usage = usage(response.usage());
		if (usage != null) {
			metadata.tokenUsage(usage);
		}
		return ChatResponse.builder().aiMessage(message(choice)).metadata(metadata.build()).build();
	}

	private static AiMessage message(dev.llmproxy.chat.ChatResponse.Choice choice) {
		AiMessage.Builder message = AiMessage.builder()
			.toolExecutionRequests(choice.parts()
				.stream()
				.filter(Part.ToolCall.class::isInstance)
				.map((part) -> call((Part.ToolCall) part))
				.toList())
			.attributes(ReasoningText.attributes(choice));
		String text = text(choice);
		if (!text.isEmpty()) {
			message.text(text);
		}
		String thinking = ReasoningText.of(choice);
		if (!thinking.isEmpty()) {
			message.thinking(thinking);
		}
		return message.build();
	}

	/** What was said; LangChain4j has no other place for a refusal. */
	private static String text(dev.llmproxy.chat.ChatResponse.Choice choice) {
		StringBuilder text = new StringBuilder();
		for (Part part : choice.parts()) {
			if (part instanceof Part.Text said) {
				text.append(said.text());
			}
			else if (part instanceof Part.Refusal refusal) {
				text.append(refusal.text());
			}
		}
		return text.toString();
	}

	private static ToolExecutionRequest call(Part.ToolCall call) {
		return ToolExecutionRequest.builder().id(call.id()).name(call.name()).arguments(call.arguments()).build();
	}

	private static FinishReason reason(dev.llmproxy.chat.FinishReason reason) {
		return switch (reason) {
			case STOP -> FinishReason.STOP;
			case LENGTH -> FinishReason.LENGTH;
			case TOOL_CALLS -> FinishReason.TOOL_EXECUTION;
			case CONTENT_FILTER, REFUSAL -> FinishReason.CONTENT_FILTER;
			case PAUSE, OTHER -> FinishReason.OTHER;
		};
	}

	static @Nullable TokenUsage usage(@Nullable Usage usage) {
		return (usage != null)
				? new TokenUsage(clamp(usage.inputTokens()), clamp(usage.outputTokens()), clamp(usage.totalTokens()))
				: null;
	}

	private static int clamp(long tokens) {
		return (int) Math.min(Integer.MAX_VALUE, tokens);
	}

}
