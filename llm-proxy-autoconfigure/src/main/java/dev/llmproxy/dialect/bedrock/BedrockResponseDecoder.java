package dev.llmproxy.dialect.bedrock;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a whole answer. It has neither an identifier nor the model nor the time; blocks
 * of the provider's own tools are left out, as they mean nothing elsewhere.
 */
final class BedrockResponseDecoder {

	/** The type of a call that the provider itself answers. */
	static final String SERVER_TOOL = "server_tool_use";

	private final List<Part> parts = new ArrayList<>();

	/** Whether the arguments of a call have become the answer. */
	private boolean answered;

	private boolean called;

	private BedrockResponseDecoder() {
	}

	static ChatResponse decode(byte[] body) {
		ObjectNode root = BedrockJson.parseObject(body);
		JsonNode content = (root != null) ? root.path("output").path("message").path("content") : null;
		if (root == null || content == null || !content.isArray()) {
			throw new DecodingException("an answer without a message");
		}
		BedrockResponseDecoder decoder = new BedrockResponseDecoder();
		content.forEach(decoder::add);
		ChatResponse.Choice choice = new ChatResponse.Choice(0, decoder.parts,
				BedrockStopReasons.decode(root.path("stopReason"), decoder.called),
				BedrockStopReasons.stopSequence(root));
		return new ChatResponse("", "", 0, List.of(choice), BedrockUsage.decode(root.path("usage")),
				BedrockJson.stringOrNull(root.path("serviceTier").path("type")));
	}

	private void add(JsonNode block) {
		if (block.has("text")) {
			text(BedrockJson.stringOrEmpty(block.path("text")));
		}
		else if (block.has("toolUse")) {
			toolUse(block.path("toolUse"));
		}
		else if (block.has("reasoningContent")) {
			Part reasoning = reasoning(block.path("reasoningContent"));
			if (reasoning != null) {
				this.parts.add(reasoning);
			}
		}
		else if (block.has("citationsContent")) {
			block.path("citationsContent")
				.path("content")
				.forEach((cited) -> text(BedrockJson.stringOrEmpty(cited.path("text"))));
		}
	}

	private void text(String text) {
		if (!this.answered) {
			this.parts.add(Part.text(text));
		}
	}

	private void toolUse(JsonNode call) {
		String name = BedrockJson.stringOrEmpty(call.path("name"));
		String arguments = call.path("input").isObject() ? BedrockJson.string(call.path("input")) : "{}";
		if (BedrockAnswerFormat.isAnswerTool(name)) {
			if (!this.answered) {
				// Some models explain themselves before they make the call.
				this.parts.removeIf(Part.Text.class::isInstance);
				text(arguments);
				this.answered = true;
			}
		}
		else if (!SERVER_TOOL.equals(call.path("type").stringValue(null))) {
			this.called = true;
			this.parts
				.add(new Part.ToolCall(BedrockJson.stringOrEmpty(call.path("toolUseId")), name, arguments, null, null));
		}
	}

	private static @Nullable Part reasoning(JsonNode content) {
		String redacted = BedrockJson.stringOrEmpty(content.path("redactedContent"));
		if (!redacted.isEmpty()) {
			return new Part.Reasoning("", null, signature(redacted));
		}
		JsonNode text = content.path("reasoningText");
		String proof = BedrockJson.stringOrEmpty(text.path("signature"));
		String thoughts = BedrockJson.stringOrEmpty(text.path("text"));
		return (thoughts.isEmpty() && proof.isEmpty()) ? null
				: new Part.Reasoning(thoughts, proof.isEmpty() ? null : signature(proof));
	}

	static Signature signature(String value) {
		return new Signature(Dialect.BEDROCK.name(), value);
	}

}
