package dev.llmproxy.dialect.responses;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.llmproxy.chat.CacheControl;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the content of messages and of tool results. */
final class ContentDecoder {

	private static final Set<String> TEXT = Set.of("type", "text", "refusal", "prompt_cache_breakpoint", "logprobs");

	private static final Set<String> IMAGE = Set.of("type", "image_url", "file_id", "detail",
			"prompt_cache_breakpoint");

	private static final Set<String> FILE = Set.of("type", "file_data", "file_id", "file_url", "filename",
			"prompt_cache_breakpoint");

	private static final Set<String> AUDIO = Set.of("type", "input_audio");

	private final ChatRequest.Builder builder;

	ContentDecoder(ChatRequest.Builder builder) {
		this.builder = builder;
	}

	/** Reads a string, or an array of parts. */
	List<Part> read(Fields owner, String name) {
		JsonNode content = owner.get(name);
		if (content.isString()) {
			return List.of(Part.text(content.asString()));
		}
		if (!content.isArray()) {
			throw owner.mustBe(name, "a string or an array of content parts");
		}
		List<Part> parts = new ArrayList<>();
		for (int i = 0; i < content.size(); i++) {
			parts.add(part(Fields.of(content.path(i), owner.path(name) + "[" + i + "]")));
		}
		return parts;
	}

	private Part part(Fields part) {
		String type = part.requiredString("type");
		return switch (type) {
			case "input_text", "output_text" -> text(part);
			case "refusal" -> new Part.Refusal(part.requiredString("refusal"));
			case "input_image" -> image(part);
			case "input_file" -> file(part);
			case "input_audio" -> audio(part);
			default -> throw new InvalidRequestException("'" + part.path("type") + "' is '" + type
					+ "', which is none of input_text, input_image, input_file, input_audio, output_text and refusal.",
					part.path("type"));
		};
	}

	private Part text(Fields part) {
		keepRest(part, TEXT);
		return new Part.Text(part.requiredString("text"), cacheControl(part));
	}

	private Part image(Fields part) {
		keepRest(part, IMAGE);
		String url = part.string("image_url");
		String fileId = part.string("file_id");
		MediaSource source;
		if (url != null) {
			source = url.startsWith("data:") ? inline(part, "image_url", url) : new MediaSource.Url(url);
		}
		else if (fileId != null) {
			source = new MediaSource.FileId(fileId);
		}
		else {
			throw new InvalidRequestException("'" + part.path() + "' needs an 'image_url' or a 'file_id'.",
					part.path("image_url"));
		}
		return new Part.Image(source, part.string("detail"), cacheControl(part));
	}

	private Part file(Fields part) {
		keepRest(part, FILE);
		String filename = part.string("filename");
		String data = part.string("file_data");
		String url = part.string("file_url");
		String fileId = part.string("file_id");
		MediaSource source;
		if (data != null) {
			source = data.startsWith("data:") ? inline(part, "file_data", data)
					: new MediaSource.Inline(mediaType(filename), data);
		}
		else if (url != null) {
			source = new MediaSource.Url(url);
		}
		else if (fileId != null) {
			source = new MediaSource.FileId(fileId);
		}
		else {
			throw new InvalidRequestException(
					"'" + part.path() + "' needs one of 'file_data', 'file_url' and 'file_id'.",
					part.path("file_data"));
		}
		return new Part.Document(source, filename, cacheControl(part));
	}

	/** Bare Base64 is taken too; then only the file's name tells what it is. */
	private static String mediaType(@Nullable String filename) {
		String name = (filename != null) ? filename.toLowerCase(Locale.ROOT) : "";
		return (name.isEmpty() || name.endsWith(".pdf")) ? "application/pdf" : "application/octet-stream";
	}

	private Part audio(Fields part) {
		keepRest(part, AUDIO);
		Fields audio = part.object("input_audio");
		if (audio == null) {
			throw new InvalidRequestException("'" + part.path("input_audio") + "' is required.",
					part.path("input_audio"));
		}
		String format = audio.requiredString("format");
		return new Part.Audio(new MediaSource.Inline("audio/" + format, audio.requiredString("data")));
	}

	/** Takes {@code data:image/png;base64,…} apart (RFC 2397). */
	private static MediaSource inline(Fields part, String name, String url) {
		int comma = url.indexOf(',');
		String head = (comma > 0) ? url.substring("data:".length(), comma) : "";
		int parameters = head.indexOf(';');
		if (parameters <= 0 || !head.endsWith(";base64")) {
			throw part.mustBe(name, "an address or Base64 data such as 'data:image/png;base64,…'");
		}
		return new MediaSource.Inline(head.substring(0, parameters), url.substring(comma + 1));
	}

	private static @Nullable CacheControl cacheControl(Fields part) {
		return part.has("prompt_cache_breakpoint") ? CacheControl.EPHEMERAL : null;
	}

	/** Citations of an answer are of no use to another model unless there are any. */
	private void keepRest(Fields part, Set<String> known) {
		part.object().properties().forEach((member) -> {
			JsonNode value = member.getValue();
			if (!known.contains(member.getKey()) && !value.isNull() && !(value.isArray() && value.isEmpty())) {
				this.builder.rest(part.path(member.getKey()), ResponsesJson.plain(value));
			}
		});
	}

}
