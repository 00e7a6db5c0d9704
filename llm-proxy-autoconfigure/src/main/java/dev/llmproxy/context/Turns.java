package dev.llmproxy.context;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;

/**
 * A conversation in pieces that stay or go as a whole: what the user says in a row, and
 * what the model says in a row with the results of the tools that it called. So no call
 * loses its result. Instructions belong to no turn. Immutable once made.
 */
final class Turns {

	/** No turn: instructions. */
	static final int NONE = -1;

	private final List<Turn> turns = new ArrayList<>();

	private final int[] turnOf;

	private Turns(int messages) {
		this.turnOf = new int[messages];
	}

	static Turns of(List<Message> messages, Set<String> pinnedNames) {
		Turns turns = new Turns(messages.size());
		for (int i = 0; i < messages.size(); i++) {
			turns.add(i, messages.get(i), pinnedNames);
		}
		return turns;
	}

	private void add(int index, Message message, Set<String> pinnedNames) {
		if (message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER) {
			this.turnOf[index] = NONE;
			return;
		}
		boolean results = hasResults(message);
		boolean user = !results && message.role() == Role.USER;
		Turn current = this.turns.isEmpty() ? null : this.turns.get(this.turns.size() - 1);
		if (current == null || begins(current, user, results)) {
			current = new Turn(user);
			this.turns.add(current);
		}
		current.results |= results;
		current.pinned |= isPinned(message, pinnedNames);
		current.messages.add(message);
		this.turnOf[index] = this.turns.size() - 1;
	}

	private static boolean begins(Turn current, boolean user, boolean results) {
		if (user != current.user) {
			// A result that follows the user's words is nobody's; it stays with them.
			return !results;
		}
		return !user && !results && current.results;
	}

	private static boolean hasResults(Message message) {
		if (message.role() == Role.TOOL) {
			return true;
		}
		for (Part part : message.parts()) {
			if (part instanceof Part.ToolResult) {
				return true;
			}
		}
		return false;
	}

	private static boolean isPinned(Message message, Set<String> names) {
		if (message.name() != null && names.contains(message.name())) {
			return true;
		}
		for (Part part : message.parts()) {
			if (Marks.isMarked(part)) {
				return true;
			}
		}
		return false;
	}

	int count() {
		return this.turns.size();
	}

	/** The turn that a message is of; {@link #NONE} for instructions. */
	int turnOf(int message) {
		return this.turnOf[message];
	}

	List<Message> messages(int turn) {
		return this.turns.get(turn).messages;
	}

	boolean isUser(int turn) {
		return this.turns.get(turn).user;
	}

	boolean isPinned(int turn) {
		return this.turns.get(turn).pinned;
	}

	/** The last one of the user; {@link #NONE} if there is none. */
	int lastOfUser() {
		for (int i = count() - 1; i >= 0; i--) {
			if (isUser(i)) {
				return i;
			}
		}
		return NONE;
	}

	/** What was said in some turns, in order. */
	List<Message> messages(List<Integer> some) {
		List<Message> messages = new ArrayList<>();
		some.forEach((turn) -> messages.addAll(messages(turn)));
		return messages;
	}

	private static final class Turn {

		private final boolean user;

		private final List<Message> messages = new ArrayList<>();

		private boolean results;

		private boolean pinned;

		Turn(boolean user) {
			this.user = user;
		}

	}

}
