package dev.llmproxy.dialect.gemini;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import org.jspecify.annotations.Nullable;

/**
 * Canonical parts in the making. Thoughts that follow each other are one, up to its
 * signature: whoever streamed them may have kept the pieces.
 */
final class GeminiParts {

	private final List<Part> parts = new ArrayList<>();

	private @Nullable StringBuilder thought;

	/** Adds anything but a function response or a call. */
	void add(GeminiPart part, String path, GeminiLeftovers rest) {
		if (part.thought) {
			think(part, path, rest);
			return;
		}
		if (part.text != null && !(part.text.isEmpty() && part.signature != null)) {
			add(Part.text(part.text));
		}
		else if (part.inlineData != null) {
			add(GeminiMedia.inline(part.inlineData, GeminiJson.join(path, "inlineData"), rest));
		}
		else if (part.fileData != null) {
			add(GeminiMedia.file(part.fileData, GeminiJson.join(path, "fileData"), rest));
		}
		if (part.signature != null && (part.text != null || part.inlineData != null || part.fileData != null)) {
			add(GeminiSignatures.reasoning("", part.signature));
		}
	}

	void add(Part part) {
		close(null);
		this.parts.add(part);
	}

	private void think(GeminiPart part, String path, GeminiLeftovers rest) {
		if (part.inlineData != null) {
			// A sketch on the way to a picture.
			rest.add(GeminiJson.join(path, "inlineData"), part.inlineData);
		}
		if (part.text == null && part.signature == null) {
			return;
		}
		String text = (part.text != null) ? part.text : "";
		if (text.isEmpty() && GeminiSignatures.redacted(part.signature) != null) {
			add(GeminiSignatures.reasoning("", part.signature));
			return;
		}
		if (this.thought == null) {
			this.thought = new StringBuilder();
		}
		this.thought.append(text);
		if (part.signature != null) {
			close(part.signature);
		}
	}

	private void close(@Nullable Signature signature) {
		if (this.thought != null) {
			this.parts.add(GeminiSignatures.reasoning(this.thought.toString(), signature));
			this.thought = null;
		}
	}

	List<Part> toList() {
		close(null);
		return this.parts;
	}

}
