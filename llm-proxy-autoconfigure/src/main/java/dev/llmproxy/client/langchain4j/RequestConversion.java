package dev.llmproxy.client.langchain4j;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.client.ReasoningText;
import dev.llmproxy.gateway.LlmException;
import org.jspecify.annotations.Nullable;

/** Requests of LangChain4j as the gateway's. */
final class RequestConversion {

	private RequestConversion() {
	}

	/**
	 * The request.
	 * @throws LlmException if there is no model, or something that can't be sent
	 */
	static ChatRequest request(dev.langchain4j.model.chat.request.ChatRequest asked) {
		ChatRequestParameters parameters = asked.parameters();
		ChatRequest.Builder request = ChatRequest.builder(model(parameters.modelName()))
			.maxTokens(parameters.maxOutputTokens())
			.temperature(parameters.temperature())
			.topP(parameters.topP())
			.topK(parameters.topK())
			.frequencyPenalty(parameters.frequencyPenalty())
			.presencePenalty(parameters.presencePenalty())
			.responseFormat(format(parameters.responseFormat()));
		if (parameters.stopSequences() != null) {
			request.stop(parameters.stopSequences());
		}
		List<ToolSpecification> tools = parameters.toolSpecifications();
		if (tools != null && !tools.isEmpty()) {
			request.tools(tools.stream().map(RequestConversion::tool).toList())
				.toolChoice(choice(parameters.toolChoice()));
		}
		asked.messages().forEach((message) -> request.message(message(message)));
		return request.build();
	}

	static String model(@Nullable String name) {
		if (name == null || name.isBlank()) {
			throw new LlmException(LlmError.invalid(
					"No model is named. Set it under llm-proxy.langchain4j, or in the request's parameters.", "model"));
		}
		return name;
	}

	private static @Nullable ToolChoice choice(dev.langchain4j.model.chat.request.@Nullable ToolChoice choice) {
		if (choice == null) {
			return null;
		}
		return switch (choice) {
			case AUTO -> ToolChoice.AUTO;
			case REQUIRED -> ToolChoice.REQUIRED;
			case NONE -> ToolChoice.NONE;
		};
	}

	private static @Nullable ResponseFormat format(dev.langchain4j.model.chat.request.@Nullable ResponseFormat format) {
		if (format == null || format.type() == ResponseFormatType.TEXT) {
			return null;
		}
		JsonSchema schema = format.jsonSchema();
		if (schema == null) {
			return new ResponseFormat.JsonObject();
		}
		String name = (schema.name() != null) ? schema.name() : "response";
		return new ResponseFormat.JsonSchema(name, null,
				schema(JsonSchemaElementUtils.toMap(schema.rootElement(), true)), true);
	}

	private static Tool tool(ToolSpecification tool) {
		Map<String, @Nullable Object> parameters = (tool.parameters() != null)
				? schema(JsonSchemaElementUtils.toMap(tool.parameters())) : null;
		return new Tool.Function(tool.name(), tool.description(), parameters, tool.strict(), null);
	}

	/** The same map; LangChain4j does not say that values may be {@code null}. */
	private static Map<String, @Nullable Object> schema(Map<String, Object> schema) {
		return new LinkedHashMap<>(schema);
	}

	private static Message message(ChatMessage message) {
		if (message instanceof SystemMessage system) {
			return Message.text(Role.SYSTEM, system.text());
		}
		if (message instanceof UserMessage user) {
			return new Message(Role.USER, user.contents().stream().map(RequestConversion::part).toList(), user.name());
		}
		if (message instanceof AiMessage assistant) {
			return new Message(Role.ASSISTANT, assistant(assistant));
		}
		if (message instanceof ToolExecutionResultMessage result) {
			return new Message(Role.TOOL,
					List.of(new Part.ToolResult(String.valueOf(result.id()), result.toolName(),
							result.contents().stream().map(RequestConversion::part).toList(),
							Boolean.TRUE.equals(result.isError()), null)));
		}
		throw unsupported("A message of type " + message.type());
	}

	private static List<Part> assistant(AiMessage message) {
		List<Part> parts = new ArrayList<>(ReasoningText.parts(message.attributes()));
		String text = message.text();
		if (text != null && !text.isEmpty()) {
			parts.add(Part.text(text));
		}
		for (ToolExecutionRequest call : message.toolExecutionRequests()) {
			parts.add(new Part.ToolCall(call.id(), call.name(), call.arguments(),
					ReasoningText.signature(message.attributes(), call.id()), null));
		}
		return parts;
	}

	private static Part part(Content content) {
		if (content instanceof TextContent text) {
			return Part.text(text.text());
		}
		if (content instanceof ImageContent image) {
			return new Part.Image(source(image.image().url(), image.image().base64Data(), image.image().mimeType()),
					detail(image), null);
		}
		if (content instanceof AudioContent audio) {
			return new Part.Audio(source(audio.audio().url(), audio.audio().base64Data(), audio.audio().mimeType()));
		}
		if (content instanceof PdfFileContent pdf) {
			return new Part.Document(source(pdf.pdfFile().url(), pdf.pdfFile().base64Data(), pdf.pdfFile().mimeType()),
					null, null);
		}
		throw unsupported("Content of type " + content.type());
	}

	/** OpenAI's words; what it has no word for is left to the model. */
	private static @Nullable String detail(ImageContent image) {
		ImageContent.DetailLevel level = image.detailLevel();
		if (level == null) {
			return null;
		}
		return switch (level) {
			case LOW, HIGH, AUTO -> level.name().toLowerCase(Locale.ROOT);
			case MEDIUM, ULTRA_HIGH -> null;
		};
	}

	private static MediaSource source(@Nullable URI url, @Nullable String base64, @Nullable String type) {
		if (url != null) {
			return new MediaSource.Url(url.toString(), type);
		}
		if (base64 == null || type == null) {
			throw new LlmException(LlmError.invalid("Media need a URL, or data and a type.", "messages"));
		}
		return new MediaSource.Inline(type, base64);
	}

	private static LlmException unsupported(String what) {
		return new LlmException(LlmError.invalid(what + " can't be sent.", "messages"));
	}

}
