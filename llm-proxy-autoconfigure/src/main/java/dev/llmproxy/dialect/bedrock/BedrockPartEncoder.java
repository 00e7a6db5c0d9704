package dev.llmproxy.dialect.bedrock;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parts of a request's messages as content blocks; {@code null} where there is no block
 * for one. What is lost is named.
 */
final class BedrockPartEncoder {

	/** A result that says it is an error must say something. */
	private static final String FAILED = "The tool failed.";

	private final BedrockModel model;

	private final List<String> dropped;

	private final Set<String> calledTools = new LinkedHashSet<>();

	private final BedrockDocumentNames documentNames = new BedrockDocumentNames();

	BedrockPartEncoder(BedrockModel model, List<String> dropped) {
		this.model = model;
		this.dropped = dropped;
	}

	List<String> calledTools() {
		return List.copyOf(this.calledTools);
	}

	@Nullable ObjectNode system(Part part, String path) {
		String text = text(part);
		return (text != null) ? text(text) : drop(path, part.kind());
	}

	@Nullable ObjectNode user(Part part, String path) {
		if (part instanceof Part.ToolResult result) {
			return toolResult(result, path);
		}
		if (part instanceof Part.Audio audio) {
			return media("audio", audio.source(), BedrockMedia.audioFormat(audio.source()), path);
		}
		return input(part, path);
	}

	@Nullable ObjectNode assistant(Part part, String path) {
		String text = text(part);
		if (text != null) {
			return text(text);
		}
		if (part instanceof Part.Reasoning reasoning) {
			return reasoning(reasoning, path);
		}
		return (part instanceof Part.ToolCall call) ? toolUse(call, path) : drop(path, part.kind());
	}

	/** What a user and a tool may both say. */
	private @Nullable ObjectNode input(Part part, String path) {
		String text = text(part);
		if (text != null) {
			return text(text);
		}
		if (part instanceof Part.Image image) {
			return media("image", image.source(), BedrockMedia.imageFormat(image.source()), path);
		}
		return (part instanceof Part.Document document) ? document(document, path) : drop(path, part.kind());
	}

	private static @Nullable String text(Part part) {
		if (part instanceof Part.Text text) {
			return text.text();
		}
		return (part instanceof Part.Refusal refusal) ? refusal.text() : null;
	}

	/** The API refuses blocks of white space. */
	private static @Nullable ObjectNode text(String text) {
		return text.isBlank() ? null : BedrockJson.text(text);
	}

	private @Nullable ObjectNode media(String kind, MediaSource source, @Nullable String format, String path) {
		ObjectNode json = BedrockMedia.source(source);
		if (json == null || format == null) {
			return drop(path, kind + " " + BedrockMedia.obstacle(source));
		}
		ObjectNode media = BedrockJson.object().put("format", format);
		media.set("source", json);
		return BedrockJson.object(kind, media);
	}

	private @Nullable ObjectNode document(Part.Document document, String path) {
		String format = BedrockMedia.documentFormat(document.source(), document.filename());
		ObjectNode block = media("document", document.source(), format, path);
		if (block != null && format != null && block.path("document") instanceof ObjectNode json) {
			json.put("name", this.documentNames.next(document.filename(), format));
		}
		return block;
	}

	private ObjectNode toolResult(Part.ToolResult result, String path) {
		ObjectNode json = BedrockJson.object().put("toolUseId", BedrockToolIds.encode(result.toolCallId()));
		ArrayNode content = json.putArray("content");
		for (int i = 0; i < result.content().size(); i++) {
			ObjectNode block = input(result.content().get(i), path + ".content[" + i + "]");
			if (block != null) {
				content.add(block);
			}
		}
		if (result.error()) {
			if (content.isEmpty()) {
				content.add(BedrockJson.text(FAILED));
			}
			if (this.model.resultStatus()) {
				json.put("status", "error");
			}
			else {
				this.dropped.add(path + " (error)");
			}
		}
		return BedrockJson.object("toolResult", json);
	}

	/** Only the provider that signed thoughts takes them back. */
	private @Nullable ObjectNode reasoning(Part.Reasoning reasoning, String path) {
		Signature redacted = reasoning.redacted();
		Signature proof = (redacted != null) ? redacted : reasoning.signature();
		if (proof == null || !proof.origin().equals(Dialect.BEDROCK.name())) {
			return drop(path, reasoning.kind());
		}
		ObjectNode content = BedrockJson.object();
		if (redacted != null) {
			content.put("redactedContent", redacted.value());
		}
		else {
			content.putObject("reasoningText").put("text", reasoning.text()).put("signature", proof.value());
		}
		return BedrockJson.object("reasoningContent", content);
	}

	private ObjectNode toolUse(Part.ToolCall call, String path) {
		ObjectNode input = call.arguments().isBlank() ? BedrockJson.object()
				: BedrockJson.parseObject(call.arguments());
		if (input == null) {
			throw new InvalidRequestException("'" + path + ".arguments' must be a JSON object", path + ".arguments");
		}
		if (call.signature() != null) {
			this.dropped.add(path + " (signature)");
		}
		String name = BedrockToolIds.encode(call.name());
		this.calledTools.add(name);
		ObjectNode json = BedrockJson.object().put("toolUseId", BedrockToolIds.encode(call.id())).put("name", name);
		json.set("input", input);
		return BedrockJson.object("toolUse", json);
	}

	private @Nullable ObjectNode drop(String path, String word) {
		this.dropped.add(path + " (" + word + ")");
		return null;
	}

}
