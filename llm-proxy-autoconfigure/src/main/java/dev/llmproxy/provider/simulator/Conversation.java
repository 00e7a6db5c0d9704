package dev.llmproxy.provider.simulator;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import org.jspecify.annotations.Nullable;

/**
 * What the simulator understands of a conversation.
 *
 * @param question the text of the user's last message; empty if there is none
 * @param attachments of that message
 * @param turn how many messages the user has sent
 * @param results what tools returned since the model spoke last
 */
record Conversation(String question, List<Part> attachments, int turn, List<Result> results) {

	/** Between straight or typographic quotation marks, on one line. */
	private static final Pattern QUOTED = Pattern.compile("[\"\u201c]([^\"\u201c\u201d\\n]{1,200})[\"\u201d]");

	private static final int MOST_QUOTED = 20;

	private static final int LONGEST_QUESTION = 20_000;

	static Conversation of(ChatRequest request) {
		Message last = null;
		int turn = 0;
		for (Message message : request.messages()) {
			if (message.role() == Role.USER && !isResult(message)) {
				last = message;
				turn++;
			}
		}
		if (last == null) {
			return new Conversation("", List.of(), 0, results(request.messages()));
		}
		return new Conversation(beginning(last.text().strip()), last.parts(), turn, results(request.messages()));
	}

	/** As much of a question as is understood. */
	private static String beginning(String text) {
		if (text.length() <= LONGEST_QUESTION) {
			return text;
		}
		boolean pair = Character.isHighSurrogate(text.charAt(LONGEST_QUESTION - 1));
		return text.substring(0, pair ? LONGEST_QUESTION - 1 : LONGEST_QUESTION);
	}

	/** The results that the conversation ends with. */
	private static List<Result> results(List<Message> messages) {
		int first = messages.size();
		while (first > 0 && isResult(messages.get(first - 1))) {
			first--;
		}
		List<Result> results = new ArrayList<>();
		for (Message message : messages.subList(first, messages.size())) {
			for (Part part : message.parts()) {
				if (part instanceof Part.ToolResult result) {
					results.add(new Result(name(result, messages), Part.textOf(result.content()), result.error()));
				}
			}
		}
		return results;
	}

	private static boolean isResult(Message message) {
		return message.role() == Role.TOOL || message.parts().stream().anyMatch(Part.ToolResult.class::isInstance);
	}

	/** The tool's name, from the call where the result does not repeat it. */
	private static String name(Part.ToolResult result, List<Message> messages) {
		String name = result.name();
		for (int i = messages.size() - 1; i >= 0 && name == null; i--) {
			name = called(result.toolCallId(), messages.get(i));
		}
		return (name != null) ? name : "tool";
	}

	private static @Nullable String called(String id, Message message) {
		for (Part part : message.parts()) {
			if (part instanceof Part.ToolCall call && call.id().equals(id)) {
				return call.name();
			}
		}
		return null;
	}

	long count(Class<? extends Part> type) {
		return this.attachments.stream().filter(type::isInstance).count();
	}

	/** What the question has in quotation marks, in order. */
	Iterator<String> quoted() {
		List<String> quoted = new ArrayList<>();
		Matcher matcher = QUOTED.matcher(this.question);
		while (quoted.size() < MOST_QUOTED && matcher.find()) {
			quoted.add(matcher.group(1));
		}
		return quoted.iterator();
	}

	/**
	 * What a tool returned.
	 *
	 * @param tool its name
	 */
	record Result(String tool, String text, boolean error) {
	}

}
