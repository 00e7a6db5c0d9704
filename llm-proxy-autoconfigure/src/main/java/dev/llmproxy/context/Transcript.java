package dev.llmproxy.context;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;

/**
 * A conversation as plain text, in pieces, for a model that is to read it and not to take
 * part in it. Thoughts are left out: they mean something to their model only.
 */
final class Transcript {

	/** What no one can say who is quoted: the ends of what is quoted. */
	private static final String END = "</";

	private static final String HARMLESS_END = "< /";

	private final int pieceSize;

	private final List<String> pieces = new ArrayList<>();

	private final StringBuilder piece = new StringBuilder();

	private int room;

	private Transcript(int pieceSize) {
		this.pieceSize = pieceSize;
		this.room = pieceSize;
	}

	/**
	 * Writes it.
	 * @param tokens the most that a piece has, roughly
	 */
	static List<String> pieces(List<Message> messages, int tokens) {
		Transcript transcript = new Transcript((int) Math.min(Integer.MAX_VALUE, tokens * 3L));
		messages.forEach(transcript::add);
		transcript.close();
		return transcript.pieces;
	}

	static String harmless(String text) {
		return text.replace(END, HARMLESS_END);
	}

	private void add(Message message) {
		for (Part part : message.parts()) {
			String said = said(message.role(), part);
			if (!said.isEmpty()) {
				write(harmless(said));
			}
		}
	}

	private static String said(Role role, Part part) {
		if (part instanceof Part.ToolCall call) {
			return "The assistant called the tool " + call.name() + " with " + call.arguments();
		}
		if (part instanceof Part.ToolResult result) {
			return "The tool" + ((result.name() != null) ? " " + result.name() : "")
					+ (result.error() ? " failed: " : " returned: ") + content(result.content());
		}
		String words = (part instanceof Part.Reasoning) ? "" : words(part);
		return words.isBlank() ? "" : ((role == Role.ASSISTANT) ? "Assistant: " : "User: ") + words;
	}

	private static String content(List<Part> parts) {
		StringBuilder content = new StringBuilder();
		for (Part part : parts) {
			content.append(content.isEmpty() ? "" : "\n").append(words(part));
		}
		return content.toString();
	}

	private static String words(Part part) {
		if (part instanceof Part.Text text) {
			return text.text();
		}
		if (part instanceof Part.Refusal refusal) {
			return refusal.text();
		}
		if (part instanceof Part.Document document && document.source() instanceof MediaSource.PlainText plain) {
			return plain.text();
		}
		String instead = OldMedia.words(part);
		return (instead != null) ? instead : "";
	}

	/** Letters other than ASCII count for three: they have more tokens. */
	private void write(String said) {
		int size = 0;
		for (int i = 0; i < said.length(); i++) {
			size += size(said.charAt(i));
		}
		if (size > this.room && size <= this.pieceSize) {
			close();
		}
		for (int i = 0; i < said.length(); i++) {
			char c = said.charAt(i);
			if (size(c) > this.room && !Character.isLowSurrogate(c)) {
				close();
			}
			this.piece.append(c);
			this.room -= size(c);
		}
		this.piece.append('\n');
	}

	private static int size(char c) {
		return (c < 0x80) ? 1 : 3;
	}

	private void close() {
		if (!this.piece.isEmpty()) {
			this.pieces.add(this.piece.toString());
			this.piece.setLength(0);
		}
		this.room = this.pieceSize;
	}

}
