package dev.llmproxy.dialect.anthropic;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

import dev.llmproxy.chat.MediaSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code source} of an image or a document. A document's {@code content} source is
 * made of blocks, which {@link AnthropicBlockDecoder} reads.
 */
final class AnthropicSources {

	private static final String PDF = "application/pdf";

	private static final String PLAIN = "text/plain";

	private AnthropicSources() {
	}

	static MediaSource decode(RequestNode source) {
		RequestNode type = source.object().get("type");
		return switch (type.string()) {
			case "base64" -> new MediaSource.Inline(source.get("media_type").string(), source.get("data").string());
			case "url" -> new MediaSource.Url(source.get("url").string());
			case "file" -> new MediaSource.FileId(source.get("file_id").string());
			case "text" -> new MediaSource.PlainText(source.get("data").string());
			default -> throw type.invalid("must be a kind of source that the block allows");
		};
	}

	/**
	 * Writes an image's source.
	 * @param home whether a file's identifier is surely one of this provider's
	 * @return {@code null} if the API has no place for such a source
	 */
	static @Nullable ObjectNode encodeImage(MediaSource source, boolean home) {
		return (source instanceof MediaSource.Inline inline) ? base64(inline) : encodeReference(source, home);
	}

	/** Writes a document's source; see {@link #encodeImage}. */
	static @Nullable ObjectNode encodeDocument(MediaSource source, boolean home) {
		if (source instanceof MediaSource.Inline inline) {
			String type = inline.mediaType().toLowerCase(Locale.ROOT);
			if (type.equals(PDF)) {
				return base64(inline);
			}
			String text = isText(type) ? decodeText(inline.base64()) : null;
			return (text != null) ? text(text) : null;
		}
		if (source instanceof MediaSource.PlainText plain) {
			return text(plain.text());
		}
		return encodeReference(source, home);
	}

	private static @Nullable ObjectNode encodeReference(MediaSource source, boolean home) {
		if (source instanceof MediaSource.Url url) {
			// gs: and s3: are for others.
			return url.url().regionMatches(true, 0, "http", 0, 4) ? AnthropicJson.object("url").put("url", url.url())
					: null;
		}
		if (source instanceof MediaSource.FileId file) {
			// OpenAI's begin with "file-".
			return (home || file.id().startsWith("file_")) ? AnthropicJson.object("file").put("file_id", file.id())
					: null;
		}
		return null;
	}

	private static ObjectNode base64(MediaSource.Inline inline) {
		return AnthropicJson.object("base64").put("media_type", inline.mediaType()).put("data", inline.base64());
	}

	private static ObjectNode text(String text) {
		return AnthropicJson.object("text").put("media_type", PLAIN).put("data", text);
	}

	private static boolean isText(String type) {
		return type.startsWith("text/") || type.startsWith("application/json");
	}

	private static @Nullable String decodeText(String base64) {
		try {
			return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
