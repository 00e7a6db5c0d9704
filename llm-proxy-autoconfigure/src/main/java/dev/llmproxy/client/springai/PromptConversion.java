package dev.llmproxy.client.springai;

import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.client.JsonText;
import dev.llmproxy.client.ReasoningText;
import dev.llmproxy.gateway.LlmException;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/**
 * Prompts of Spring AI as requests. An option that a prompt leaves out is the model's;
 * options of other models count as far as they are Spring AI's own.
 */
final class PromptConversion {

	private static final String BASE64 = ";base64,";

	private final GatewayChatOptions defaults;

	PromptConversion(GatewayChatOptions defaults) {
		this.defaults = defaults;
	}

	/**
	 * The request.
	 * @throws LlmException if there is no model, or something that can't be sent
	 */
	ChatRequest request(Prompt prompt) {
		ChatOptions options = prompt.getOptions();
		GatewayChatOptions own = (options instanceof GatewayChatOptions gateway) ? gateway : this.defaults;
		ChatRequest.Builder request = ChatRequest.builder(model(options))
			.maxTokens(option(options, ChatOptions::getMaxTokens))
			.temperature(option(options, ChatOptions::getTemperature))
			.topP(option(options, ChatOptions::getTopP))
			.topK(option(options, ChatOptions::getTopK))
			.frequencyPenalty(option(options, ChatOptions::getFrequencyPenalty))
			.presencePenalty(option(options, ChatOptions::getPresencePenalty))
			.responseFormat(format(options, own))
			.reasoning(own(own, GatewayChatOptions::getReasoning))
			.seed(own(own, GatewayChatOptions::getSeed))
			.user(own(own, GatewayChatOptions::getUser))
			.metadata(own.getMetadata().isEmpty() ? this.defaults.getMetadata() : own.getMetadata());
		List<String> stop = option(options, ChatOptions::getStopSequences);
		if (stop != null) {
			request.stop(stop);
		}
		List<Tool> tools = tools(options);
		if (!tools.isEmpty()) {
			request.tools(tools)
				.toolChoice(own(own, GatewayChatOptions::getToolChoice))
				.parallelToolCalls(own(own, GatewayChatOptions::getParallelToolCalls));
		}
		prompt.getInstructions().forEach((message) -> request.message(message(message)));
		return request.build();
	}

	private String model(@Nullable ChatOptions options) {
		String model = option(options, ChatOptions::getModel);
		if (model == null || model.isBlank()) {
			throw new LlmException(LlmError
				.invalid("No model is named. Set llm-proxy.spring-ai.chat.model, or the option 'model'.", "model"));
		}
		return model;
	}

	private <T> @Nullable T option(@Nullable ChatOptions options, Function<ChatOptions, @Nullable T> getter) {
		T value = (options != null) ? getter.apply(options) : null;
		return (value != null) ? value : getter.apply(this.defaults);
	}

	private <T> @Nullable T own(GatewayChatOptions own, Function<GatewayChatOptions, @Nullable T> getter) {
		T value = getter.apply(own);
		return (value != null) ? value : getter.apply(this.defaults);
	}

	private @Nullable ResponseFormat format(@Nullable ChatOptions options, GatewayChatOptions own) {
		String schema = (options instanceof StructuredOutputChatOptions structured) ? structured.getOutputSchema()
				: null;
		if (schema == null) {
			schema = this.defaults.getOutputSchema();
		}
		return (schema != null)
				? new ResponseFormat.JsonSchema("response", null, JsonText.object(schema, "the answer"), true)
				: own(own, GatewayChatOptions::getResponseFormat);
	}

	private List<Tool> tools(@Nullable ChatOptions options) {
		List<ToolCallback> callbacks = (options instanceof ToolCallingChatOptions calling) ? calling.getToolCallbacks()
				: null;
		if (callbacks == null) {
			callbacks = this.defaults.getToolCallbacks();
		}
		return (callbacks != null) ? callbacks.stream().map(PromptConversion::tool).toList() : List.of();
	}

	private static Tool tool(ToolCallback callback) {
		ToolDefinition definition = callback.getToolDefinition();
		return new Tool.Function(definition.name(), definition.description(),
				JsonText.object(definition.inputSchema(), "tool '" + definition.name() + "'"), null, null);
	}

	private static Message message(org.springframework.ai.chat.messages.Message message) {
		return switch (message.getMessageType()) {
			case SYSTEM -> new Message(Role.SYSTEM, text(message.getText()));
			case USER -> new Message(Role.USER, user(message));
			case ASSISTANT -> new Message(Role.ASSISTANT, assistant((AssistantMessage) message));
			case TOOL -> new Message(Role.TOOL, results((ToolResponseMessage) message));
		};
	}

	private static List<Part> text(@Nullable String text) {
		return (text != null && !text.isEmpty()) ? List.of(Part.text(text)) : List.of();
	}

	private static List<Part> user(org.springframework.ai.chat.messages.Message message) {
		List<Part> parts = new ArrayList<>(text(message.getText()));
		if (message instanceof UserMessage user) {
			user.getMedia().forEach((media) -> parts.add(media(media)));
		}
		return parts;
	}

	private static List<Part> assistant(AssistantMessage message) {
		List<Part> parts = new ArrayList<>(ReasoningText.parts(message.getMetadata()));
		parts.addAll(text(message.getText()));
		for (AssistantMessage.ToolCall call : message.getToolCalls()) {
			parts.add(new Part.ToolCall(call.id(), call.name(), call.arguments(),
					ReasoningText.signature(message.getMetadata(), call.id()), null));
		}
		return parts;
	}

	private static List<Part> results(ToolResponseMessage message) {
		return message.getResponses()
			.stream()
			.<Part>map((response) -> new Part.ToolResult(response.id(), response.name(), text(response.responseData()),
					false, null))
			.toList();
	}

	private static Part media(Media media) {
		MediaSource source = source(media);
		return switch (media.getMimeType().getType()) {
			case "image" -> new Part.Image(source, null, null);
			case "audio" -> new Part.Audio(source);
			case "application", "text" -> new Part.Document(source, media.getName(), null);
			default -> throw new LlmException(
					LlmError.invalid("Media of type " + media.getMimeType() + " can't be sent.", "messages"));
		};
	}

	/** Spring AI keeps addresses as text. */
	private static MediaSource source(Media media) {
		String type = media.getMimeType().getType() + "/" + media.getMimeType().getSubtype();
		Object data = media.getData();
		if (data instanceof byte[] bytes) {
			return new MediaSource.Inline(type, Base64.getEncoder().encodeToString(bytes));
		}
		String text = (data instanceof URI uri) ? uri.toString() : String.valueOf(data);
		if (text.startsWith("data:")) {
			int base64 = text.indexOf(BASE64);
			if (base64 < 0) {
				throw new LlmException(LlmError.invalid("Media in a data: URL must be in Base64.", "messages"));
			}
			return new MediaSource.Inline(text.substring("data:".length(), base64),
					text.substring(base64 + BASE64.length()));
		}
		return (text.indexOf(':') > 0) ? new MediaSource.Url(text, type) : new MediaSource.Inline(type, text);
	}

}
