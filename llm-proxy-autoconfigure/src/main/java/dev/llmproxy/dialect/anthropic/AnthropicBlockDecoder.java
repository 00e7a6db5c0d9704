package dev.llmproxy.dialect.anthropic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the content blocks of a request. Blocks that only this provider understands, such
 * as those of its hosted tools, are kept aside by their path.
 */
final class AnthropicBlockDecoder {

	private final Map<String, @Nullable Object> rest;

	AnthropicBlockDecoder(Map<String, @Nullable Object> rest) {
		this.rest = rest;
	}

	/** Reads a string or an array of blocks. */
	List<Part> decode(RequestNode content) {
		if (content.isString()) {
			return List.of(Part.text(content.string()));
		}
		if (!content.json().isArray()) {
			throw content.invalid("must be a string or an array of blocks");
		}
		List<Part> parts = new ArrayList<>();
		Signature callSignature = null;
		List<RequestNode> blocks = content.elements();
		for (int i = 0; i < blocks.size(); i++) {
			RequestNode block = blocks.get(i);
			boolean beforeCall = i + 1 < blocks.size() && isToolUse(blocks.get(i + 1).json());
			Signature ofNext = beforeCall ? AnthropicSignatures.ofCall(block.json()) : null;
			if (ofNext == null) {
				decode(block, callSignature, parts);
			}
			callSignature = ofNext;
		}
		return parts;
	}

	private static boolean isToolUse(JsonNode block) {
		return "tool_use".equals(AnthropicJson.textOrNull(block.path("type")));
	}

	private void decode(RequestNode block, @Nullable Signature callSignature, List<Part> parts) {
		switch (block.object().get("type").string()) {
			case "text" -> parts.add(text(block));
			case "image" -> parts.add(image(block));
			case "document" -> document(block, parts);
			case "search_result" -> parts.add(searchResult(block));
			case "tool_use" -> parts.add(toolUse(block, callSignature));
			case "tool_result" -> parts.add(toolResult(block));
			case "thinking" -> parts.add(thinking(block));
			case "redacted_thinking" -> parts.add(new Part.Reasoning("", null, redacted(block)));
			default -> block.keep(this.rest);
		}
	}

	private Part text(RequestNode block) {
		block.keepOthers(Set.of("type", "text", AnthropicCacheControl.FIELD), this.rest);
		return new Part.Text(block.get("text").string(), AnthropicCacheControl.decode(block, this.rest));
	}

	private Part image(RequestNode block) {
		block.keepOthers(Set.of("type", "source", AnthropicCacheControl.FIELD), this.rest);
		return new Part.Image(AnthropicSources.decode(block.get("source")), null,
				AnthropicCacheControl.decode(block, this.rest));
	}

	private void document(RequestNode block, List<Part> parts) {
		block.keepOthers(Set.of("type", "source", "title", AnthropicCacheControl.FIELD), this.rest);
		RequestNode source = block.get("source").object();
		if (!"content".equals(AnthropicJson.textOrNull(source.json().path("type")))) {
			parts.add(document(block, AnthropicSources.decode(source)));
			return;
		}
		// Blocks make the document; elsewhere its text is one, and pictures follow it.
		List<Part> content = decode(source.get("content"));
		List<String> texts = new ArrayList<>();
		content.stream().filter(Part.Text.class::isInstance).forEach((part) -> texts.add(((Part.Text) part).text()));
		parts.add(document(block, new MediaSource.PlainText(String.join("\n", texts))));
		content.stream().filter((part) -> !(part instanceof Part.Text)).forEach(parts::add);
	}

	private Part document(RequestNode block, MediaSource source) {
		return new Part.Document(source, block.get("title").stringOrNull(),
				AnthropicCacheControl.decode(block, this.rest));
	}

	/** Found by the caller; elsewhere that is a document. */
	private Part searchResult(RequestNode block) {
		block.keepOthers(Set.of("type", "title", "content", AnthropicCacheControl.FIELD), this.rest);
		List<String> texts = new ArrayList<>();
		decode(block.get("content")).stream()
			.filter(Part.Text.class::isInstance)
			.forEach((part) -> texts.add(((Part.Text) part).text()));
		return document(block, new MediaSource.PlainText(String.join("\n", texts)));
	}

	private Part toolUse(RequestNode block, @Nullable Signature signature) {
		block.keepOthers(Set.of("type", "id", "name", "input", "caller", AnthropicCacheControl.FIELD), this.rest);
		RequestNode caller = block.get("caller");
		if (caller.present() && !"direct".equals(AnthropicJson.textOrNull(caller.json().path("type")))) {
			caller.keep(this.rest);
		}
		RequestNode input = block.get("input");
		String arguments = input.present() ? AnthropicJson.text(input.object().json()) : "{}";
		return new Part.ToolCall(block.get("id").string(), block.get("name").string(), arguments, signature,
				AnthropicCacheControl.decode(block, this.rest));
	}

	private Part toolResult(RequestNode block) {
		block.keepOthers(Set.of("type", "tool_use_id", "content", "is_error", AnthropicCacheControl.FIELD), this.rest);
		RequestNode content = block.get("content");
		return new Part.ToolResult(block.get("tool_use_id").string(), null,
				content.present() ? decode(content) : List.of(),
				Boolean.TRUE.equals(block.get("is_error").booleanOrNull()),
				AnthropicCacheControl.decode(block, this.rest));
	}

	private Part thinking(RequestNode block) {
		block.keepOthers(Set.of("type", "thinking", "signature"), this.rest);
		return new Part.Reasoning(block.get("thinking").string(),
				AnthropicSignatures.decode(block.get("signature").stringOrNull()));
	}

	private Signature redacted(RequestNode block) {
		block.keepOthers(Set.of("type", "data"), this.rest);
		return Signature.parse(block.get("data").string(), Dialect.ANTHROPIC.name());
	}

}
