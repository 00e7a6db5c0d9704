package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.llmproxy.testkit.fake.ConversationDraft.TurnDraft;
import org.jspecify.annotations.Nullable;

/** Reads the blocks of Converse that carry content, and counts cache points. */
final class BedrockContent {

	private static final int MOST_CACHE_POINTS = 4;

	private static final String DOCUMENT_NAME = "[a-zA-Z0-9()\\[\\]-]+( [a-zA-Z0-9()\\[\\]-]+)*";

	private final StringBuilder prompt = new StringBuilder();

	private final Set<String> documents = new HashSet<>();

	private int cachePoints;

	private int cachedUpTo;

	/** The prompt up to its last cache point, or {@code null} if it has none. */
	@Nullable String cachePrefix() {
		return (this.cachePoints == 0) ? null : this.prompt.substring(0, this.cachedUpTo);
	}

	/** The one member that a union has set. */
	static String member(Fields union, String name, String... members) {
		union.allow(members);
		List<String> set = new ArrayList<>();
		for (String member : members) {
			if (union.has(member)) {
				set.add(member);
			}
		}
		if (set.size() != 1) {
			throw BedrockWording.error("The " + name + " object at " + union.path().dots() + " must set "
					+ (set.isEmpty() ? "one" : "only one") + " of the following keys: " + String.join(", ", members)
					+ ".");
		}
		return set.get(0);
	}

	void note(Fields block) {
		this.prompt.append(block.node());
	}

	void cachePoint(Fields block) {
		Fields point = block.object("cachePoint").allow("type", "ttl");
		point.oneOf("type", "default");
		point.optOneOf("ttl", "5m", "1h");
		this.cachedUpTo = this.prompt.length();
		if (++this.cachePoints > MOST_CACHE_POINTS) {
			throw BedrockWording.model("A maximum of " + MOST_CACHE_POINTS
					+ " blocks with cache_control may be provided. Found " + this.cachePoints + ".");
		}
	}

	/** Reads a block of which user messages and tool results have the same kinds. */
	void read(Fields block, String member, TurnDraft turn) {
		note(block);
		switch (member) {
			case "text" -> turn.texts.add(block.text("text"));
			case "image" -> image(block.object("image"), turn);
			case "document" -> document(block.object("document"), turn);
			case "guardContent" -> {
				Fields guard = block.object("guardContent");
				if (member(guard, "GuardrailConverseContentBlock", "text", "image").equals("text")) {
					turn.texts.add(guard.object("text").allow("text", "qualifiers").text("text"));
				}
			}
			case "searchResult" -> block.object("searchResult")
				.allow("source", "title", "content", "citations")
				.objects("content", 1)
				.forEach((text) -> turn.texts.add(text.allow("text").text("text")));
			default -> {
				Fields media = block.object(member).allow("format", "source");
				turn.attachments.add(member + " " + media.text("format") + " " + bytes(media.object("source")));
			}
		}
	}

	private static String bytes(Fields source) {
		if (member(source, "Source", "bytes", "s3Location").equals("bytes")) {
			return decode(source).length + " bytes";
		}
		return "at " + source.object("s3Location").allow("uri", "bucketOwner").text("uri");
	}

	private static byte[] decode(Fields source) {
		byte[] bytes = Attachments.decode(source.text("bytes"));
		if (bytes == null) {
			throw new RejectedRequest(400, "SerializationException", null, null,
					"Invalid Base64 at " + source.at("bytes").dots());
		}
		return bytes;
	}

	private static void image(Fields image, TurnDraft turn) {
		image.allow("format", "source");
		String type = "image/" + image.oneOf("format", "png", "jpeg", "gif", "webp");
		Fields source = image.object("source");
		if (source.has("bytes")) {
			String actual = Attachments.sniff(decode(source));
			if (!type.equals(actual)) {
				throw BedrockWording.model(image.path().dots() + ".source.base64: The image was specified using the "
						+ type + " media type, but the image appears to be a " + actual + " image");
			}
		}
		turn.attachments.add("image " + type + " " + bytes(source));
	}

	private void document(Fields document, TurnDraft turn) {
		document.allow("format", "name", "source", "context", "citations");
		String format = document.oneOf("format", "pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md");
		String name = document.text("name");
		if (!name.matches(DOCUMENT_NAME) || name.length() > 200) {
			throw BedrockWording.error("The format of the value at " + document.at("name").dots() + " is invalid. The "
					+ "document file name can only contain alphanumeric characters, whitespace characters, hyphens, "
					+ "parentheses, and square brackets. The name can't contain more than one consecutive whitespace "
					+ "character.");
		}
		if (!this.documents.add(name)) {
			throw BedrockWording.error("Found documents with the same name: " + name);
		}
		Fields source = document.object("source");
		String what = switch (member(source, "DocumentSource", "bytes", "text", "content", "s3Location")) {
			case "text" -> source.text("text").length() + " bytes";
			case "content" -> source.objects("content", 1).size() + " blocks";
			default -> bytes(source);
		};
		String type = switch (format) {
			case "pdf" -> "application/pdf";
			case "txt" -> "text/plain";
			default -> format;
		};
		turn.attachments.add("document " + type + " " + what);
	}

}
