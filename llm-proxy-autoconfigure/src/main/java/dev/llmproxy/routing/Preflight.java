package dev.llmproxy.routing;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.Unavailability;
import org.jspecify.annotations.Nullable;

/**
 * Finds targets that can't take a request before they are asked. A request is decoded
 * only where something is known that a target can't do.
 */
final class Preflight {

	/** Texts of more bytes a token are rare: such a body does not fit, or is no text. */
	private static final long MOST_BYTES_OF_TOKEN = 8;

	@Nullable Unavailability check(Target target, RoutingContext context) {
		LlmRequest request = context.request();
		if (!target.provider().supports(request.operation(), request.dialect())) {
			return unsuited("unsupported_operation",
					"does not offer " + request.operation().operationName().replace('_', ' '));
		}
		Deployment.Capabilities capabilities = target.deployment().capabilities();
		if (request.operation() != Operation.CHAT || capabilities.unrestricted()) {
			return null;
		}
		return check(capabilities, target, request.chat(), context);
	}

	/**
	 * What is known to be in the way, without the operator having said so. Nothing is
	 * decoded to find that out, but a body that is too long for the window as text.
	 */
	@Nullable Unavailability doubt(Target target, RoutingContext context) {
		Deployment.Capabilities known = target.deployment().known();
		LlmRequest request = context.request();
		if (request.operation() != Operation.CHAT || known.unrestricted()) {
			return null;
		}
		ChatRequest chat = request.decoded();
		if (chat == null && (known.contextWindow() == 0
				|| request.body().length <= MOST_BYTES_OF_TOKEN * known.contextWindow())) {
			return null;
		}
		return check(known, target, (chat != null) ? chat : request.chat(), context);
	}

	private static @Nullable Unavailability check(Deployment.Capabilities capabilities, Target target, ChatRequest chat,
			RoutingContext context) {
		if (Boolean.FALSE.equals(capabilities.tools()) && !chat.tools().isEmpty()) {
			return unsuited("no_tools", "has no tools");
		}
		if (Boolean.FALSE.equals(capabilities.structuredOutput()) && isStructured(chat)) {
			return unsuited("no_structured_output", "has no structured output");
		}
		if (Boolean.FALSE.equals(capabilities.vision()) && has(chat, Part.Image.class)) {
			return unsuited("no_vision", "can't see images");
		}
		if (Boolean.FALSE.equals(capabilities.documents()) && has(chat, Part.Document.class)) {
			return unsuited("no_documents", "can't read documents");
		}
		if (Boolean.FALSE.equals(capabilities.audio()) && has(chat, Part.Audio.class)) {
			return unsuited("no_audio", "can't hear recordings");
		}
		Integer wanted = chat.maxTokens();
		if (capabilities.maxOutput() > 0 && wanted != null && wanted > capabilities.maxOutput()) {
			return unsuited("max_output",
					"answers with at most " + capabilities.maxOutput() + " tokens, asked for are " + wanted);
		}
		if (capabilities.contextWindow() > 0) {
			long tokens = context.estimatedTokens(target) + ((wanted != null) ? wanted : 0);
			if (tokens > capabilities.contextWindow()) {
				return unsuited("context_window",
						"has a window of " + capabilities.contextWindow() + " tokens, needed are about " + tokens);
			}
		}
		return null;
	}

	/** Plain text is what every model answers with. */
	private static boolean isStructured(ChatRequest chat) {
		return chat.responseFormat() != null && !(chat.responseFormat() instanceof ResponseFormat.Text);
	}

	private static boolean has(ChatRequest chat, Class<? extends Part> type) {
		for (Message message : chat.messages()) {
			if (has(message.parts(), type)) {
				return true;
			}
		}
		return false;
	}

	private static boolean has(List<Part> parts, Class<? extends Part> type) {
		for (Part part : parts) {
			if (type.isInstance(part) || (part instanceof Part.ToolResult result && has(result.content(), type))) {
				return true;
			}
		}
		return false;
	}

	private static Unavailability unsuited(String reason, String detail) {
		return new Unavailability(reason, detail, null);
	}

}
