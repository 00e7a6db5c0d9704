package dev.llmproxy.dialect.openai;

import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes the parts of a message's content. Marks of prompt caching are left out. */
final class OpenAiPartEncoder {

	private OpenAiPartEncoder() {
	}

	/** The part as OpenAI takes it from a user, or {@code null} if it does not. */
	static @Nullable ObjectNode encode(Part part) {
		if (part instanceof Part.Text text) {
			return text(text.text());
		}
		if (part instanceof Part.Image image) {
			return image(image);
		}
		if (part instanceof Part.Audio audio) {
			return audio(audio);
		}
		return (part instanceof Part.Document document) ? document(document) : null;
	}

	private static ObjectNode part(String type) {
		return OpenAiJson.MAPPER.createObjectNode().put("type", type);
	}

	private static ObjectNode text(String text) {
		return part("text").put("text", text);
	}

	static @Nullable ObjectNode image(Part.Image image) {
		String url;
		if (image.source() instanceof MediaSource.Url address) {
			url = address.url();
		}
		else if (image.source() instanceof MediaSource.Inline inline) {
			url = DataUrls.of(inline);
		}
		else {
			return null;
		}
		ObjectNode part = part("image_url");
		ObjectNode address = part.putObject("image_url").put("url", url);
		if (image.detail() != null) {
			address.put("detail", image.detail());
		}
		return part;
	}

	private static @Nullable ObjectNode audio(Part.Audio audio) {
		if (!(audio.source() instanceof MediaSource.Inline inline)) {
			return null;
		}
		ObjectNode part = part("input_audio");
		part.putObject("input_audio").put("data", inline.base64()).put("format", format(inline.mediaType()));
		return part;
	}

	private static String format(String mediaType) {
		String format = mediaType.substring(mediaType.indexOf('/') + 1);
		return switch (format) {
			case "mpeg" -> "mp3";
			case "x-wav", "wave" -> "wav";
			default -> format;
		};
	}

	private static @Nullable ObjectNode document(Part.Document document) {
		if (document.source() instanceof MediaSource.PlainText plain) {
			return text((document.filename() != null) ? document.filename() + "\n\n" + plain.text() : plain.text());
		}
		ObjectNode part = part("file");
		ObjectNode file = part.putObject("file");
		if (document.source() instanceof MediaSource.FileId id) {
			file.put("file_id", id.id());
			if (document.filename() != null) {
				file.put("filename", document.filename());
			}
			return part;
		}
		if (document.source() instanceof MediaSource.Inline inline) {
			// OpenAI wants a name with the data.
			file.put("filename", (document.filename() != null) ? document.filename() : "document.pdf")
				.put("file_data", DataUrls.of(inline));
			return part;
		}
		return null;
	}

}
