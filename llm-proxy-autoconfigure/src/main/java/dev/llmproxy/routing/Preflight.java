package dev.llmproxy.routing;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.TokenEstimate;
import dev.llmproxy.provider.Unavailability;
import org.jspecify.annotations.Nullable;

/**
 * Finds targets that can't take a request before they are asked. A request is decoded
 * only where something is known that a target can't do.
 */
final class Preflight {

	@Nullable Unavailability check(Target target, LlmRequest request) {
		if (!target.provider().supports(request.operation(), request.dialect())) {
			return unsuited("unsupported_operation",
					"does not offer " + request.operation().operationName().replace('_', ' '));
		}
		Deployment.Capabilities capabilities = target.deployment().capabilities();
		if (request.operation() != Operation.CHAT || capabilities.unrestricted()) {
			return null;
		}
		return check(capabilities, request.chat());
	}

	private static @Nullable Unavailability check(Deployment.Capabilities capabilities, ChatRequest chat) {
		if (Boolean.FALSE.equals(capabilities.tools()) && !chat.tools().isEmpty()) {
			return unsuited("no_tools", "has no tools");
		}
		if (Boolean.FALSE.equals(capabilities.structuredOutput()) && chat.responseFormat() != null) {
			return unsuited("no_structured_output", "has no structured output");
		}
		if (Boolean.FALSE.equals(capabilities.vision()) && hasImage(chat)) {
			return unsuited("no_vision", "can't see images");
		}
		Integer wanted = chat.maxTokens();
		if (capabilities.maxOutput() > 0 && wanted != null && wanted > capabilities.maxOutput()) {
			return unsuited("max_output",
					"answers with at most " + capabilities.maxOutput() + " tokens, asked for are " + wanted);
		}
		if (capabilities.contextWindow() > 0) {
			long tokens = TokenEstimate.of(chat) + ((wanted != null) ? wanted : 0);
			if (tokens > capabilities.contextWindow()) {
				return unsuited("context_window",
						"has a window of " + capabilities.contextWindow() + " tokens, needed are about " + tokens);
			}
		}
		return null;
	}

	private static boolean hasImage(ChatRequest chat) {
		for (Message message : chat.messages()) {
			for (Part part : message.parts()) {
				if (isImage(part)) {
					return true;
				}
			}
		}
		return false;
	}

	private static boolean isImage(Part part) {
		return part instanceof Part.Image
				|| (part instanceof Part.ToolResult result && result.content().stream().anyMatch(Preflight::isImage));
	}

	private static Unavailability unsuited(String reason, String detail) {
		return new Unavailability(reason, detail, null);
	}

}
