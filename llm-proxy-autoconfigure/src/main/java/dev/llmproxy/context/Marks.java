package dev.llmproxy.context;

import java.util.List;

import dev.llmproxy.chat.CacheControl;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Tool;

/** Marks of a prompt cache, where they may stand. */
final class Marks {

	private Marks() {
	}

	static boolean isMarked(Part part) {
		if (part instanceof Part.ToolResult result && isAnyMarked(result.content())) {
			return true;
		}
		return part.cacheControl() != null;
	}

	private static boolean isAnyMarked(List<Part> parts) {
		for (Part part : parts) {
			if (isMarked(part)) {
				return true;
			}
		}
		return false;
	}

	/** Whether the caller set some. */
	static boolean isAnyMarked(ChatRequest request) {
		for (Tool tool : request.tools()) {
			if (tool instanceof Tool.Function function && function.cacheControl() != null) {
				return true;
			}
		}
		for (Message message : request.messages()) {
			if (isAnyMarked(message.parts())) {
				return true;
			}
		}
		return false;
	}

	/** The part with a mark; the very same if it can't have one. */
	static Part marked(Part part) {
		CacheControl mark = CacheControl.EPHEMERAL;
		if (part instanceof Part.Text text && !text.text().isBlank()) {
			return new Part.Text(text.text(), mark);
		}
		if (part instanceof Part.Image image) {
			return new Part.Image(image.source(), image.detail(), mark);
		}
		if (part instanceof Part.Document document) {
			return new Part.Document(document.source(), document.filename(), mark);
		}
		if (part instanceof Part.ToolCall call) {
			return new Part.ToolCall(call.id(), call.name(), call.arguments(), call.signature(), mark);
		}
		return (part instanceof Part.ToolResult result)
				? new Part.ToolResult(result.toolCallId(), result.name(), result.content(), result.error(), mark)
				: part;
	}

}
