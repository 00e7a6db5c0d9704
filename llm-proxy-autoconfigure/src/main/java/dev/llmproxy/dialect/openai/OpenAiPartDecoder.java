package dev.llmproxy.dialect.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import org.jspecify.annotations.Nullable;

/**
 * Reads the content of a message. A part of an unknown type is not refused, because the
 * provider may know it; it is kept aside and named where it cannot be passed on.
 */
final class OpenAiPartDecoder {

	private final RestFields rest;

	OpenAiPartDecoder(RestFields rest) {
		this.rest = rest;
	}

	/** The parts, in a list that may be changed. */
	List<Part> decode(Place content) {
		List<Part> parts = new ArrayList<>();
		if (content.node().isString()) {
			parts.add(Part.text(content.string()));
			return parts;
		}
		if (!content.node().isArray()) {
			throw content.wrong("must be a string or an array of parts");
		}
		for (Place element : content.elements()) {
			Part part = part(element.object());
			if (part != null) {
				parts.add(part);
			}
		}
		return parts;
	}

	private @Nullable Part part(Place part) {
		switch (part.at("type").string()) {
			case "text" -> {
				others(part, "text");
				return new Part.Text(part.at("text").string(), OpenAiToolDecoder.cacheControl(part));
			}
			case "refusal" -> {
				others(part, "refusal");
				return new Part.Refusal(part.at("refusal").string());
			}
			case "image_url" -> {
				others(part, "image_url");
				return image(part);
			}
			case "input_audio" -> {
				others(part, "input_audio");
				return audio(part.at("input_audio").object());
			}
			case "file" -> {
				others(part, "file");
				return document(part);
			}
			default -> {
				this.rest.add(part);
				return null;
			}
		}
	}

	private void others(Place part, String content) {
		this.rest.addOthers(part, Set.of("type", "cache_control", content));
	}

	private Part image(Place part) {
		Place image = part.at("image_url");
		// Some clients leave out the object around the address.
		Place url = image.node().isString() ? image : image.object().at("url");
		return new Part.Image(source(url, image.at("format").stringOrNull()), image.at("detail").stringOrNull(),
				OpenAiToolDecoder.cacheControl(part));
	}

	private static MediaSource source(Place url, @Nullable String mediaType) {
		String address = url.nonEmptyString();
		if (!DataUrls.isOne(address)) {
			return new MediaSource.Url(address, mediaType);
		}
		return inline(url, address);
	}

	private static MediaSource.Inline inline(Place place, String dataUrl) {
		MediaSource.Inline inline = DataUrls.parse(dataUrl);
		if (inline == null) {
			throw place.wrong("is not a valid data: URL");
		}
		return inline;
	}

	private static Part audio(Place audio) {
		return new Part.Audio(new MediaSource.Inline("audio/" + audio.at("format").nonEmptyString(),
				audio.at("data").nonEmptyString()));
	}

	private static Part document(Place part) {
		Place file = part.at("file").object();
		return new Part.Document(documentSource(file), file.at("filename").stringOrNull(),
				OpenAiToolDecoder.cacheControl(part));
	}

	private static MediaSource documentSource(Place file) {
		Place data = file.at("file_data");
		String mediaType = file.at("format").stringOrNull();
		if (!data.absent()) {
			String text = data.nonEmptyString();
			return DataUrls.isOne(text) ? inline(data, text)
					: new MediaSource.Inline((mediaType != null) ? mediaType : "application/pdf", text);
		}
		Place id = file.at("file_id");
		if (id.absent()) {
			throw file.wrong("must have file_data or file_id");
		}
		// LiteLLM takes addresses here.
		return id.nonEmptyString().contains("://") ? new MediaSource.Url(id.string(), mediaType)
				: new MediaSource.FileId(id.string());
	}

}
