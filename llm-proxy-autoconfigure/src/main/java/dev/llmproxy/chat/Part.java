package dev.llmproxy.chat;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** A piece of a {@link Message} or of an answer. */
public sealed interface Part {

	/** What to call it when speaking to people: {@code image}, {@code tool call}. */
	String kind();

	/** Its mark; {@code null} where it has none, or can have none. */
	default @Nullable CacheControl cacheControl() {
		return null;
	}

	static Text text(String text) {
		return new Text(text, null);
	}

	/** All {@link Text} parts, joined without a separator. */
	static String textOf(List<Part> parts) {
		StringBuilder joined = new StringBuilder();
		for (Part part : parts) {
			if (part instanceof Text text) {
				joined.append(text.text());
			}
		}
		return joined.toString();
	}

	record Text(String text, @Nullable CacheControl cacheControl) implements Part {

		@Override
		public String kind() {
			return "text";
		}

	}

	/**
	 * A picture.
	 *
	 * @param detail OpenAI's {@code low}, {@code high} or {@code auto}
	 */
	record Image(MediaSource source, @Nullable String detail, @Nullable CacheControl cacheControl) implements Part {

		@Override
		public String kind() {
			return "image";
		}

	}

	/**
	 * A recording.
	 *
	 * @param source inline with a media type such as {@code audio/wav}
	 */
	record Audio(MediaSource source) implements Part {

		@Override
		public String kind() {
			return "audio";
		}

	}

	/**
	 * A document, usually a PDF.
	 *
	 * @param filename name or title, where given
	 */
	record Document(MediaSource source, @Nullable String filename,
			@Nullable CacheControl cacheControl) implements Part {

		@Override
		public String kind() {
			return "document";
		}

	}

	/**
	 * The model asks for a tool to be run.
	 *
	 * @param id pairs the call with its result; encoders of dialects without identifiers
	 * invent stable ones
	 * @param arguments a JSON object, as text
	 * @param signature Gemini signs calls as well as thoughts
	 */
	record ToolCall(String id, String name, String arguments, @Nullable Signature signature,
			@Nullable CacheControl cacheControl) implements Part {

		public ToolCall(String id, String name, String arguments) {
			this(id, name, arguments, null, null);
		}

		@Override
		public String kind() {
			return "tool call";
		}

	}

	/**
	 * What running a tool gave.
	 *
	 * @param toolCallId the {@link ToolCall#id()} it answers
	 * @param name the tool's name, where the dialect repeats it
	 * @param content {@link Text}, {@link Image} and {@link Document} parts
	 * @param error whether the tool failed
	 */
	record ToolResult(String toolCallId, @Nullable String name, List<Part> content, boolean error,
			@Nullable CacheControl cacheControl) implements Part {

		public ToolResult {
			content = List.copyOf(content);
		}

		@Override
		public String kind() {
			return "tool result";
		}

	}

	/**
	 * What the model thought.
	 *
	 * @param text readable thoughts or their summary; may be empty
	 * @param signature the provider's proof
	 * @param redacted encrypted thoughts instead of text (Anthropic
	 * {@code redacted_thinking}); its value is the data
	 */
	record Reasoning(String text, @Nullable Signature signature, @Nullable Signature redacted) implements Part {

		public Reasoning(String text, @Nullable Signature signature) {
			this(text, signature, null);
		}

		@Override
		public String kind() {
			return "reasoning";
		}

	}

	/** The model declines. */
	record Refusal(String text) implements Part {

		@Override
		public String kind() {
			return "refusal";
		}

	}

}
