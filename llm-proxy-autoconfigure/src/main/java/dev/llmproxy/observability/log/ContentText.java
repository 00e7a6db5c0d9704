package dev.llmproxy.observability.log;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;

/** What was said, as a text of bounded length; used by one thread at a time. */
final class ContentText {

	/** Beyond the length, so that a pattern that is cut in two is still found. */
	private static final int MARGIN = 256;

	private final int length;

	private final StringBuilder text = new StringBuilder();

	ContentText(int length) {
		this.length = length;
	}

	/** The end of a conversation, which is what is new in it. */
	static String of(ChatRequest request, int length) {
		Deque<String> lines = new ArrayDeque<>();
		int taken = 0;
		for (int i = request.messages().size() - 1; i >= 0 && taken < length + MARGIN; i--) {
			Message message = request.messages().get(i);
			String line = message.role().name().toLowerCase(Locale.ROOT) + ": " + of(message.parts());
			lines.addFirst(line);
			taken += line.length() + 1;
		}
		return String.join("\n", lines);
	}

	static String of(List<Part> parts) {
		return parts.stream().map(ContentText::of).collect(Collectors.joining(" "));
	}

	private static String of(Part part) {
		if (part instanceof Part.Text text) {
			return text.text();
		}
		if (part instanceof Part.ToolCall call) {
			return "[" + call.name() + " " + call.arguments() + "]";
		}
		if (part instanceof Part.ToolResult result) {
			return of(result.content());
		}
		return (part instanceof Part.Refusal refusal) ? refusal.text() : "[" + part.kind() + "]";
	}

	boolean isFull() {
		return this.text.length() >= this.length + MARGIN;
	}

	void add(String more) {
		int room = this.length + MARGIN - this.text.length();
		if (room > 0) {
			this.text.append(more, 0, Math.min(room, more.length()));
		}
	}

	/** What a stream brings. */
	void add(ChatEvent event) {
		if (event instanceof ChatEvent.TextDelta delta) {
			add(delta.text());
		}
		else if (event instanceof ChatEvent.RefusalDelta delta) {
			add(delta.text());
		}
		else if (event instanceof ChatEvent.ToolCallStarted call) {
			add("[" + call.name() + "] ");
		}
		else if (event instanceof ChatEvent.ToolCallDelta delta) {
			add(delta.arguments());
		}
	}

	String text() {
		return this.text.toString();
	}

}
