package dev.llmproxy.dialect.bedrock;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

import dev.llmproxy.chat.MediaSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Formats and sources of images, documents and recordings. The API takes bytes and
 * objects in S3, but fetches nothing from the web and knows no uploaded files.
 */
final class BedrockMedia {

	private BedrockMedia() {
	}

	/**
	 * The member {@code source}.
	 * @return {@code null} if the API has no such source
	 */
	static @Nullable ObjectNode source(MediaSource source) {
		if (source instanceof MediaSource.Inline inline) {
			return BedrockJson.object().put("bytes", inline.base64());
		}
		if (source instanceof MediaSource.PlainText plain) {
			byte[] utf8 = plain.text().getBytes(StandardCharsets.UTF_8);
			return BedrockJson.object().put("bytes", Base64.getEncoder().encodeToString(utf8));
		}
		if (source instanceof MediaSource.Url url && isS3(url)) {
			return BedrockJson.object("s3Location", BedrockJson.object().put("uri", url.url()));
		}
		return null;
	}

	/** What is wrong with a source, for the list of what was dropped. */
	static String obstacle(MediaSource source) {
		if (source instanceof MediaSource.Url url && !isS3(url)) {
			return "url";
		}
		if (source instanceof MediaSource.FileId) {
			return "file";
		}
		String type = type(source);
		return type.isEmpty() ? "of unknown type" : type;
	}

	private static boolean isS3(MediaSource.Url url) {
		return url.url().startsWith("s3://");
	}

	static @Nullable String imageFormat(MediaSource source) {
		return switch (kind(source, null)) {
			case "image/png", "png" -> "png";
			case "image/jpeg", "image/jpg", "jpg", "jpeg" -> "jpeg";
			case "image/gif", "gif" -> "gif";
			case "image/webp", "webp" -> "webp";
			default -> null;
		};
	}

	static @Nullable String documentFormat(MediaSource source, @Nullable String filename) {
		if (source instanceof MediaSource.PlainText) {
			return "txt";
		}
		String kind = kind(source, filename);
		return switch (kind) {
			case "application/pdf", "pdf" -> "pdf";
			case "text/csv", "csv" -> "csv";
			case "application/msword", "doc" -> "doc";
			case "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx" -> "docx";
			case "application/vnd.ms-excel", "xls" -> "xls";
			case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx" -> "xlsx";
			case "text/html", "html", "htm" -> "html";
			case "text/markdown", "md" -> "md";
			case "application/json", "application/xml", "txt" -> "txt";
			default -> kind.startsWith("text/") ? "txt" : null;
		};
	}

	static @Nullable String audioFormat(MediaSource source) {
		String kind = kind(source, null);
		return switch (kind.startsWith("audio/") ? kind.substring("audio/".length()) : kind) {
			case "wav", "x-wav", "wave", "vnd.wave" -> "wav";
			case "mp3", "mpeg" -> "mp3";
			case "ogg" -> "ogg";
			case "opus" -> "opus";
			case "flac", "x-flac" -> "flac";
			case "aac" -> "aac";
			case "x-aac" -> "x-aac";
			case "mp4" -> "mp4";
			case "m4a", "x-m4a" -> "m4a";
			case "webm" -> "webm";
			case "pcm", "pcm16", "l16" -> "pcm";
			default -> null;
		};
	}

	/** The media type, or the extension of a file's name, in lower case. */
	private static String kind(MediaSource source, @Nullable String filename) {
		String type = type(source);
		if (type.isEmpty() || type.equals("application/octet-stream")) {
			String name = (source instanceof MediaSource.Url url) ? url.url() : filename;
			return (name != null) ? extension(name) : type;
		}
		return type;
	}

	private static String type(MediaSource source) {
		String type = null;
		if (source instanceof MediaSource.Inline inline) {
			type = inline.mediaType();
		}
		else if (source instanceof MediaSource.Url url) {
			type = url.mediaType();
		}
		return (type != null) ? type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT) : "";
	}

	/** What follows the last dot; empty where there is none. */
	static String extension(String name) {
		int dot = name.lastIndexOf('.');
		return (dot >= 0) ? name.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
	}

}
