package dev.llmproxy.dialect.gemini;

import java.util.Locale;
import java.util.Map;

import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code inlineData} and {@code fileData}. The API tells kinds of media by their type
 * alone, and fetches {@code https:} addresses, files uploaded to it and {@code gs:}
 * objects by {@code fileUri}; see its
 * <a href="https://ai.google.dev/gemini-api/docs/file-input-methods">input methods</a>.
 */
final class GeminiMedia {

	private static final Map<String, String> TYPES = Map.ofEntries(Map.entry("png", "image/png"),
			Map.entry("jpg", "image/jpeg"), Map.entry("jpeg", "image/jpeg"), Map.entry("webp", "image/webp"),
			Map.entry("gif", "image/gif"), Map.entry("bmp", "image/bmp"), Map.entry("heic", "image/heic"),
			Map.entry("heif", "image/heif"), Map.entry("pdf", "application/pdf"), Map.entry("txt", "text/plain"),
			Map.entry("html", "text/html"), Map.entry("css", "text/css"), Map.entry("csv", "text/csv"),
			Map.entry("xml", "text/xml"), Map.entry("md", "text/markdown"), Map.entry("json", "application/json"),
			Map.entry("mp3", "audio/mp3"), Map.entry("wav", "audio/wav"), Map.entry("flac", "audio/flac"),
			Map.entry("aac", "audio/aac"), Map.entry("aiff", "audio/aiff"), Map.entry("ogg", "audio/ogg"),
			Map.entry("m4a", "audio/m4a"), Map.entry("mp4", "video/mp4"), Map.entry("mov", "video/mov"),
			Map.entry("webm", "video/webm"), Map.entry("mpeg", "video/mpeg"), Map.entry("mpg", "video/mpg"),
			Map.entry("avi", "video/avi"), Map.entry("wmv", "video/wmv"));

	private GeminiMedia() {
	}

	static Part inline(JsonNode blob, String path, GeminiLeftovers rest) {
		Fields fields = Fields.of(blob, path, rest);
		if (fields.mimeType == null || fields.data == null) {
			throw new InvalidRequestException("Inline data has a MIME type and data.", path);
		}
		return part(new MediaSource.Inline(fields.mimeType, standardBase64(fields.data)), fields.mimeType,
				fields.displayName);
	}

	static Part file(JsonNode file, String path, GeminiLeftovers rest) {
		Fields fields = Fields.of(file, path, rest);
		if (fields.fileUri == null) {
			throw new InvalidRequestException("File data has an address.", GeminiJson.join(path, "fileUri"));
		}
		String type = (fields.mimeType != null) ? fields.mimeType : guess(fields.fileUri);
		return part(new MediaSource.Url(fields.fileUri, type), (type != null) ? type : "", fields.displayName);
	}

	private static Part part(MediaSource source, String type, @Nullable String name) {
		String lower = type.toLowerCase(Locale.ROOT);
		if (lower.startsWith("image/")) {
			return new Part.Image(source, null, null);
		}
		return lower.startsWith("audio/") ? new Part.Audio(source) : new Part.Document(source, name, null);
	}

	/** The API also reads the URL-safe alphabet, and does without padding. */
	private static String standardBase64(String text) {
		String standard = (text.indexOf('-') < 0 && text.indexOf('_') < 0) ? text
				: text.replace('-', '+').replace('_', '/');
		return switch (standard.length() % 4) {
			case 2 -> standard + "==";
			case 3 -> standard + "=";
			default -> standard;
		};
	}

	/** A part of a request, or {@code null} if the source can't be said. */
	static @Nullable ObjectNode write(Part part) {
		if (part instanceof Part.Image image) {
			return write(image.source(), "image/jpeg");
		}
		if (part instanceof Part.Audio audio) {
			return write(audio.source(), "audio/mp3");
		}
		return (part instanceof Part.Document document) ? write(document.source(), "application/pdf") : null;
	}

	private static @Nullable ObjectNode write(MediaSource source, String likely) {
		ObjectNode part = GeminiJson.object();
		if (source instanceof MediaSource.PlainText plain) {
			return part.put("text", plain.text());
		}
		MediaSource.Inline inline = inline(source);
		if (inline != null) {
			part.putObject("inlineData").put("mimeType", inline.mediaType()).put("data", inline.base64());
			return part;
		}
		if (source instanceof MediaSource.Url url) {
			String type = (url.mediaType() != null) ? url.mediaType() : guess(url.url());
			// Vertex AI demands a type, so that the likeliest is better than none.
			part.putObject("fileData").put("fileUri", url.url()).put("mimeType", (type != null) ? type : likely);
			return part;
		}
		return null;
	}

	/** The bytes, where the request has them: as they are, or in a {@code data:} URL. */
	static MediaSource.@Nullable Inline inline(MediaSource source) {
		if (source instanceof MediaSource.Inline inline) {
			return inline;
		}
		if (!(source instanceof MediaSource.Url url) || !url.url().startsWith("data:")) {
			return null;
		}
		int comma = url.url().indexOf(',');
		String head = (comma > 0) ? url.url().substring("data:".length(), comma) : "";
		if (!head.endsWith(";base64")) {
			return null;
		}
		String type = head.substring(0, head.indexOf(';'));
		return new MediaSource.Inline(type.isEmpty() ? "text/plain" : type, url.url().substring(comma + 1));
	}

	private static @Nullable String guess(String uri) {
		int end = uri.length();
		for (int i = 0; i < uri.length(); i++) {
			if (uri.charAt(i) == '?' || uri.charAt(i) == '#') {
				end = i;
				break;
			}
		}
		String path = uri.substring(0, end);
		int dot = path.lastIndexOf('.');
		return (dot > path.lastIndexOf('/')) ? TYPES.get(path.substring(dot + 1).toLowerCase(Locale.ROOT)) : null;
	}

	/** The members of both, while they are read. */
	private static final class Fields {

		private @Nullable String mimeType;

		private @Nullable String data;

		private @Nullable String fileUri;

		private @Nullable String displayName;

		private static Fields of(JsonNode node, String path, GeminiLeftovers rest) {
			Fields fields = new Fields();
			GeminiJson.members(node, path, (name, value) -> {
				String at = GeminiJson.join(path, name);
				switch (name) {
					case "mimeType" -> fields.mimeType = GeminiJson.text(value, at);
					case "data" -> fields.data = GeminiJson.text(value, at);
					case "fileUri" -> fields.fileUri = GeminiJson.text(value, at);
					case "displayName" -> fields.displayName = GeminiJson.text(value, at);
					default -> rest.add(at, value);
				}
			});
			return fields;
		}

	}

}
