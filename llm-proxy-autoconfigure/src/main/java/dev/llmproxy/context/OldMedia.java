package dev.llmproxy.context;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import org.jspecify.annotations.Nullable;

/** Puts a few words in the place of images, documents and recordings. */
final class OldMedia {

	private OldMedia() {
	}

	/** The message without them; the very same if it has none. */
	static Message without(Message message) {
		List<Part> parts = without(message.parts());
		return !parts.equals(message.parts()) ? new Message(message.role(), parts, message.name()) : message;
	}

	private static List<Part> without(List<Part> parts) {
		List<Part> changed = null;
		for (int i = 0; i < parts.size(); i++) {
			Part part = parts.get(i);
			Part other = without(part);
			if (!other.equals(part)) {
				if (changed == null) {
					changed = new ArrayList<>(parts);
				}
				changed.set(i, other);
			}
		}
		return (changed != null) ? changed : parts;
	}

	private static Part without(Part part) {
		if (part instanceof Part.ToolResult result) {
			List<Part> content = without(result.content());
			return !content.equals(result.content()) ? new Part.ToolResult(result.toolCallId(), result.name(), content,
					result.error(), result.cacheControl()) : part;
		}
		String words = words(part);
		return (words != null) ? Part.text(words) : part;
	}

	/** What stands for a medium; {@code null} for everything else. */
	static @Nullable String words(Part part) {
		if (part instanceof Part.Image) {
			return "[An image that was here has been left out.]";
		}
		if (part instanceof Part.Audio) {
			return "[A recording that was here has been left out.]";
		}
		if (part instanceof Part.Document document) {
			String name = document.filename();
			return (name != null) ? "[The document '" + name + "' that was here has been left out.]"
					: "[A document that was here has been left out.]";
		}
		return null;
	}

}
