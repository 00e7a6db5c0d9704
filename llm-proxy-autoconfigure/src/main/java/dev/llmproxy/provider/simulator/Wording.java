package dev.llmproxy.provider.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.llmproxy.chat.Part;

/** What the simulator says. */
final class Wording {

	private static final int LONGEST_ECHO = 500;

	private static final List<String> FILLER = List.of("answer", "bridge", "cloud", "detail", "early", "field",
			"garden", "harbour", "island", "journey", "kindly", "letter", "morning", "number", "open", "paper", "quiet",
			"river", "simple", "table", "under", "valley", "window", "yellow", "across", "between", "carries", "finds",
			"gives", "holds", "the", "a", "of", "and", "to", "in", "for", "with", "on", "near");

	private Wording() {
	}

	/** The answer to a question. */
	static String answer(SimulatedModel model, Conversation conversation, int choice, int choices) {
		if (model.words() > 0) {
			return filler(Math.max(1, Math.min(model.words(), SimulatedModel.MOST_WORDS * 4 / choices)), choice);
		}
		StringBuilder text = new StringBuilder();
		if (choices > 1) {
			text.append("Answer ").append(choice + 1).append(" of ").append(choices).append(". ");
		}
		text.append("This is the simulator answering as '").append(model.name()).append("'; no model was asked.");
		for (Conversation.Result result : conversation.results()) {
			text.append(" The tool ")
				.append(result.tool())
				.append(result.error() ? " failed with: " : " returned: ")
				.append(echo(result.text()))
				.append('.');
		}
		text.append(conversation.question().isEmpty() ? " You asked nothing."
				: " You said: " + echo(conversation.question()) + ".");
		String attachments = attachments(conversation);
		if (!attachments.isEmpty()) {
			text.append(" With it came ").append(attachments).append('.');
		}
		if (conversation.turn() > 1) {
			text.append(" It is your message number ").append(conversation.turn()).append('.');
		}
		return text.toString();
	}

	static String thoughts(Conversation conversation) {
		return "The user says " + echo(conversation.question()) + ", and there are " + conversation.results().size()
				+ " tool results to use. I am a simulator, so the thing to do is to say so and to repeat what I was given.";
	}

	static String refusal() {
		return "I'm sorry, but I can't help with that. This is a simulated refusal.";
	}

	private static String attachments(Conversation conversation) {
		List<String> counted = new ArrayList<>();
		count(counted, conversation.count(Part.Image.class), "image");
		count(counted, conversation.count(Part.Document.class), "document");
		count(counted, conversation.count(Part.Audio.class), "recording");
		int last = counted.size() - 1;
		return (last < 1) ? String.join("", counted)
				: String.join(", ", counted.subList(0, last)) + " and " + counted.get(last);
	}

	private static void count(List<String> counted, long number, String what) {
		if (number > 0) {
			counted.add(number + " " + what + ((number > 1) ? "s" : ""));
		}
	}

	/** A quotation that is not much longer than what it costs to ask for it. */
	private static String echo(String text) {
		return '"' + ((text.codePointCount(0, text.length()) <= LONGEST_ECHO) ? text
				: text.substring(0, text.offsetByCodePoints(0, LONGEST_ECHO)) + "…") + '"';
	}

	/** Sentences in paragraphs that mean nothing. */
	private static String filler(int words, int choice) {
		StringBuilder text = new StringBuilder();
		long random = choice;
		int left = 0;
		for (int i = 0; i < words; i++) {
			random = Hash.next(random);
			String word = FILLER.get((int) Long.remainderUnsigned(random, FILLER.size()));
			if (left == 0) {
				left = 6 + (int) Long.remainderUnsigned(random >>> 8, 8);
				text.append((i == 0) ? "" : ((random & 0x30) == 0) ? ".\n\n" : ". ");
				text.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word, 1, word.length());
			}
			else {
				text.append(' ').append(word);
			}
			left--;
		}
		return text.append('.').toString();
	}

}
