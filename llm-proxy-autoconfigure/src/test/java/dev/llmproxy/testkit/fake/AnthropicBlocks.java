package dev.llmproxy.testkit.fake;

import java.util.List;

import dev.llmproxy.testkit.fake.ConversationDraft.TurnDraft;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads Anthropic's content blocks, and counts the cache marks on them. */
final class AnthropicBlocks {

	private static final int MOST_MARKS = 4;

	private final StringBuilder prompt = new StringBuilder();

	private int marks;

	private int markedUpTo;

	/** Notes a piece of the prompt and whether it carries a cache mark. */
	void note(Fields block) {
		this.prompt.append(block.node());
		Fields control = block.optObject("cache_control");
		if (control == null) {
			return;
		}
		control.allow("type", "ttl").oneOf("type", "ephemeral");
		control.optOneOf("ttl", "5m", "1h");
		this.markedUpTo = this.prompt.length();
		if (++this.marks > MOST_MARKS) {
			throw AnthropicWording.error("A maximum of " + MOST_MARKS
					+ " blocks with cache_control may be provided. Found " + this.marks + ".");
		}
	}

	/** The prompt up to its last cache mark, or {@code null} if it has none. */
	@Nullable String cachePrefix() {
		return (this.marks == 0) ? null : this.prompt.substring(0, this.markedUpTo);
	}

	/** The whole prompt so far, marked; what a mark on the request means. */
	void markAll() {
		this.marks++;
		this.markedUpTo = this.prompt.length();
	}

	/** Content that is a text or blocks of these types. */
	List<Fields> content(Fields holder, String field, TurnDraft turn, String... types) {
		JsonNode content = holder.require(field);
		if (content.isString()) {
			this.prompt.append(content);
			turn.texts.add(content.asString());
			return List.of();
		}
		if (!content.isArray()) {
			throw holder.wrongType(field, Wording.Kind.STRING);
		}
		return holder.objects(field, 0)
			.stream()
			.map((block) -> Fields.of(block.node(), block.path().field(block.oneOf("type", types)),
					new AnthropicWording()))
			.toList();
	}

	void text(Fields block, TurnDraft turn) {
		block.allow("type", "text", "cache_control", "citations");
		String text = block.text("text");
		if (text.isEmpty()) {
			throw AnthropicWording.error(block.path().steps().get(0) + ": text content blocks must be non-empty");
		}
		if (text.isBlank()) {
			throw AnthropicWording
				.error(block.path().steps().get(0) + ": text content blocks must contain non-whitespace text");
		}
		note(block);
		turn.texts.add(text);
	}

	void image(Fields block, TurnDraft turn) {
		block.allow("type", "source", "cache_control", "transformations");
		note(block);
		Fields source = block.object("source");
		switch (source.oneOf("type", "base64", "url", "file")) {
			case "base64" -> {
				source.allow("type", "media_type", "data");
				String type = source.oneOf("media_type", "image/jpeg", "image/png", "image/gif", "image/webp");
				byte[] bytes = bytes(source);
				String actual = Attachments.sniff(bytes);
				if (!type.equals(actual)) {
					throw new AnthropicWording().invalid(source.path().field("base64").field("data"),
							(actual == null) ? "Could not process image" : "The image was specified using the " + type
									+ " media type, but the image " + "appears to be a " + actual + " image");
				}
				turn.attachments.add(Attachments.describe("image", type, bytes));
			}
			case "url" -> turn.attachments.add("image at " + source.allow("type", "url").text("url"));
			default -> turn.attachments.add("image " + source.allow("type", "file_id").text("file_id"));
		}
	}

	void document(Fields block, TurnDraft turn) {
		block.allow("type", "source", "cache_control", "title", "context", "citations");
		note(block);
		block.optText("title");
		Fields source = block.object("source");
		switch (source.oneOf("type", "base64", "text", "content", "url", "file")) {
			case "base64" -> {
				source.allow("type", "media_type", "data").oneOf("media_type", "application/pdf");
				byte[] bytes = bytes(source);
				if (!"application/pdf".equals(Attachments.sniff(bytes))) {
					throw new AnthropicWording().invalid(source.at("data"), "The PDF specified was not valid.");
				}
				turn.attachments.add(Attachments.describe("document", "application/pdf", bytes));
			}
			case "text" -> {
				source.allow("type", "media_type", "data").oneOf("media_type", "text/plain");
				turn.attachments.add("document text/plain " + source.text("data").length() + " bytes");
			}
			case "content" -> turn.attachments.add("document of " + source.require("content").size() + " blocks");
			case "url" -> turn.attachments.add("document at " + source.allow("type", "url").text("url"));
			default -> turn.attachments.add("document " + source.allow("type", "file_id").text("file_id"));
		}
	}

	private static byte[] bytes(Fields source) {
		byte[] bytes = Attachments.decode(source.text("data"));
		if (bytes == null || bytes.length == 0) {
			throw source.invalid("data", "Input should be a valid base64 string");
		}
		return bytes;
	}

}
