package dev.llmproxy.dialect.anthropic;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.llmproxy.chat.CacheControl;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parts of a request's messages as content blocks; {@code null} where there is no block
 * for one. What is lost is named.
 */
final class AnthropicPartEncoder {

	private final boolean home;

	private final List<String> dropped;

	private final Set<String> calledTools = new LinkedHashSet<>();

	AnthropicPartEncoder(boolean home, List<String> dropped) {
		this.home = home;
		this.dropped = dropped;
	}

	List<String> calledTools() {
		return List.copyOf(this.calledTools);
	}

	@Nullable ObjectNode system(Part part, String path) {
		return isText(part) ? text(part) : drop(part, path);
	}

	@Nullable ObjectNode user(Part part, String path) {
		if (isText(part)) {
			return text(part);
		}
		if (part instanceof Part.Image image) {
			return image(image, path);
		}
		if (part instanceof Part.Document document) {
			return document(document, path);
		}
		return (part instanceof Part.ToolResult result) ? toolResult(result, path) : drop(part, path);
	}

	@Nullable ObjectNode assistant(Part part, String path) {
		if (isText(part)) {
			return text(part);
		}
		if (part instanceof Part.Reasoning reasoning) {
			return reasoning(reasoning, path);
		}
		return (part instanceof Part.ToolCall call) ? toolCall(call, path) : drop(part, path);
	}

	private static boolean isText(Part part) {
		return part instanceof Part.Text || part instanceof Part.Refusal;
	}

	/** The API refuses blocks of white space. */
	private static @Nullable ObjectNode text(Part part) {
		String text = (part instanceof Part.Text plain) ? plain.text() : ((Part.Refusal) part).text();
		CacheControl mark = (part instanceof Part.Text plain) ? plain.cacheControl() : null;
		return text.isBlank() ? null : AnthropicCacheControl.encode(AnthropicBlocks.text(text), mark);
	}

	private @Nullable ObjectNode image(Part.Image image, String path) {
		ObjectNode source = AnthropicSources.encodeImage(image.source(), this.home);
		if (source == null) {
			return drop(image, path);
		}
		if (image.detail() != null && !image.detail().equals("auto")) {
			this.dropped.add(path + ".detail");
		}
		ObjectNode block = AnthropicJson.object("image");
		block.set("source", source);
		return AnthropicCacheControl.encode(block, image.cacheControl());
	}

	private @Nullable ObjectNode document(Part.Document document, String path) {
		ObjectNode source = AnthropicSources.encodeDocument(document.source(), this.home);
		if (source == null) {
			return drop(document, path);
		}
		ObjectNode block = AnthropicJson.object("document");
		block.set("source", source);
		if (document.filename() != null) {
			block.put("title", document.filename());
		}
		return AnthropicCacheControl.encode(block, document.cacheControl());
	}

	private ObjectNode toolResult(Part.ToolResult result, String path) {
		ObjectNode block = AnthropicJson.object("tool_result")
			.put("tool_use_id", AnthropicToolIds.encode(result.toolCallId()));
		List<ObjectNode> content = new ArrayList<>();
		for (int i = 0; i < result.content().size(); i++) {
			ObjectNode inner = user(result.content().get(i), path + ".content[" + i + "]");
			if (inner != null) {
				content.add(inner);
			}
		}
		if (!content.isEmpty()) {
			AnthropicTurn.content(block, "content", content);
		}
		if (result.error()) {
			block.put("is_error", true);
		}
		return AnthropicCacheControl.encode(block, result.cacheControl());
	}

	/** Only the provider that signed thoughts takes them back. */
	private @Nullable ObjectNode reasoning(Part.Reasoning reasoning, String path) {
		Signature redacted = reasoning.redacted();
		if (redacted != null) {
			return AnthropicSignatures.isForeign(redacted) ? drop(reasoning, path)
					: AnthropicBlocks.redacted(redacted.value());
		}
		Signature signature = reasoning.signature();
		return (signature == null || AnthropicSignatures.isForeign(signature)) ? drop(reasoning, path)
				: AnthropicBlocks.thinking(reasoning.text(), signature.value());
	}

	private ObjectNode toolCall(Part.ToolCall call, String path) {
		ObjectNode input = AnthropicBlocks.input(call);
		if (input == null) {
			throw new InvalidRequestException("'" + path + ".arguments' must be a JSON object", path + ".arguments");
		}
		if (call.signature() != null) {
			this.dropped.add(path + " (signature)");
		}
		this.calledTools.add(call.name());
		return AnthropicCacheControl.encode(
				AnthropicBlocks.toolUse(AnthropicToolIds.encode(call.id()), call.name(), input), call.cacheControl());
	}

	private @Nullable ObjectNode drop(Part part, String path) {
		this.dropped.add(path + " (" + part.kind() + ")");
		return null;
	}

}
