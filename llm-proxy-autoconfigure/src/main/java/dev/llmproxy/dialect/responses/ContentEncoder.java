package dev.llmproxy.dialect.responses;

import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.CacheControl;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what a caller, or a tool, has to show: texts, pictures and documents. */
final class ContentEncoder {

	private static final Map<String, String> EXTENSIONS = Map.of("application/pdf", "pdf", "text/plain", "txt",
			"text/markdown", "md", "text/html", "html", "text/csv", "csv", "application/json", "json");

	private final Dropped dropped;

	private final boolean home;

	ContentEncoder(Dropped dropped, boolean home) {
		this.dropped = dropped;
		this.home = home;
	}

	/** Adds the part, or notes that it can't. */
	void add(ArrayNode content, Part part, String path) {
		if (part instanceof Part.Text text) {
			content.add(mark(text(text.text()), text.cacheControl()));
		}
		else if (part instanceof Part.Refusal refusal) {
			content.add(text(refusal.text()));
		}
		else if (part instanceof Part.Image image) {
			image(content, image, path);
		}
		else if (part instanceof Part.Document document) {
			document(content, document, path);
		}
		else {
			this.dropped.part(part, path);
		}
	}

	private static ObjectNode text(String text) {
		return ResponsesJson.object().put("type", "input_text").put("text", text);
	}

	private void image(ArrayNode content, Part.Image image, String path) {
		ObjectNode node = ResponsesJson.object()
			.put("type", "input_image")
			.put("detail", (image.detail() != null) ? image.detail() : "auto");
		if (image.source() instanceof MediaSource.Url url) {
			node.put("image_url", url.url());
		}
		else if (image.source() instanceof MediaSource.Inline inline) {
			node.put("image_url", dataUrl(inline));
		}
		else if (image.source() instanceof MediaSource.FileId file) {
			node.put("file_id", file.id());
		}
		else {
			this.dropped.part(image, path);
			return;
		}
		content.add(mark(node, image.cacheControl()));
	}

	private void document(ArrayNode content, Part.Document document, String path) {
		if (document.source() instanceof MediaSource.PlainText plain) {
			content.add(mark(text(plain.text()), document.cacheControl()));
			if (document.filename() != null) {
				this.dropped.path(path + ".filename");
			}
			return;
		}
		ObjectNode node = ResponsesJson.object().put("type", "input_file");
		if (document.source() instanceof MediaSource.Inline inline) {
			// OpenAI wants a name with data, and none with the other two.
			node.put("filename", (document.filename() != null) ? document.filename() : filename(inline.mediaType()));
			node.put("file_data", dataUrl(inline));
		}
		else if (document.source() instanceof MediaSource.Url url) {
			node.put("file_url", url.url());
		}
		else if (document.source() instanceof MediaSource.FileId file) {
			node.put("file_id", file.id());
		}
		content.add(mark(node, document.cacheControl()));
	}

	private static String filename(String mediaType) {
		return "document." + EXTENSIONS.getOrDefault(mediaType, "bin");
	}

	private static String dataUrl(MediaSource.Inline inline) {
		return "data:" + inline.mediaType() + ";base64," + inline.base64();
	}

	/**
	 * Marks are written only where they came from: older models refuse them, and cache
	 * long prefixes without.
	 */
	private ObjectNode mark(ObjectNode node, @Nullable CacheControl cacheControl) {
		if (this.home && cacheControl != null) {
			node.putObject("prompt_cache_breakpoint").put("mode", "explicit");
		}
		return node;
	}

	/** A tool's output: a string if it is one text, otherwise an array. */
	void output(ObjectNode item, List<Part> parts, String path) {
		ArrayNode content = ResponsesJson.array();
		for (int i = 0; i < parts.size(); i++) {
			add(content, parts.get(i), path + ".content[" + i + "]");
		}
		if (content.isEmpty()) {
			item.put("output", "");
		}
		else {
			item.set("output", textOrArray(content));
		}
	}

	/** One unmarked text stands for itself. */
	static JsonNode textOrArray(ArrayNode content) {
		return (content.size() == 1 && content.path(0).size() == 2 && content.path(0).has("text"))
				? content.path(0).path("text") : content;
	}

}
