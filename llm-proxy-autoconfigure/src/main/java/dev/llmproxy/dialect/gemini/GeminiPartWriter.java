package dev.llmproxy.dialect.gemini;

import java.util.List;

import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Parts that a request and an answer write alike. */
final class GeminiPartWriter {

	private GeminiPartWriter() {
	}

	static ObjectNode text(String text) {
		return GeminiJson.object().put("text", text);
	}

	static ObjectNode thought(String text) {
		return text(text).put("thought", true);
	}

	static ObjectNode call(@Nullable String id, String name, ObjectNode arguments, @Nullable Signature signature) {
		ObjectNode part = GeminiJson.object();
		ObjectNode call = part.putObject("functionCall");
		if (id != null) {
			call.put("id", id);
		}
		call.put("name", name).set("args", arguments);
		GeminiSignatures.write(part, signature);
		return part;
	}

	/** The arguments as an object, or {@code null} if they are none. */
	static @Nullable ObjectNode arguments(String text) {
		return text.isBlank() ? GeminiJson.object() : GeminiJson.parseObject(text);
	}

	/**
	 * Which part an empty signed thought signs: the one before it, or else the text after
	 * it, where dialects that put all thoughts first have moved it.
	 * @return its index, or −1 if it stands on its own
	 */
	static int signedBy(List<Part> parts, int index) {
		if (index > 0 && isSignable(parts.get(index - 1))) {
			return index - 1;
		}
		boolean free = index + 1 < parts.size() && isSignable(parts.get(index + 1))
				&& !(index + 2 < parts.size() && GeminiSignatures.isForNeighbour(parts.get(index + 2)));
		return free ? index + 1 : -1;
	}

	private static boolean isSignable(Part part) {
		return (part instanceof Part.Text text && !text.text().isEmpty()) || part instanceof Part.Image
				|| part instanceof Part.Audio || part instanceof Part.Document;
	}

}
