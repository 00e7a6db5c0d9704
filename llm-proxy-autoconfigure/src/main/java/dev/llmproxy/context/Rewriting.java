package dev.llmproxy.context;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;

/**
 * Writes a conversation without the turns that go. What is said in their place is said by
 * the user, and where the user speaks before or after it, in the same breath: so the
 * conversation still begins with the user, and takes turns where it did before.
 */
final class Rewriting {

	private static final String BETWEEN = "\n\n";

	private final Turns turns;

	private final Cut cut;

	private final String instead;

	private final List<Message> written = new ArrayList<>();

	/** Whether something is missing here of which nothing was said yet. */
	private boolean owed;

	private boolean said;

	private Rewriting(Turns turns, Cut cut, String instead) {
		this.turns = turns;
		this.cut = cut;
		this.instead = instead;
	}

	/**
	 * Writes it.
	 * @param instead what is said in place of the turns that are gone, once
	 */
	static List<Message> of(List<Message> messages, Turns turns, Cut cut, String instead) {
		Rewriting rewriting = new Rewriting(turns, cut, instead);
		for (int i = 0; i < messages.size(); i++) {
			rewriting.add(messages.get(i), turns.turnOf(i));
		}
		return rewriting.written;
	}

	private void add(Message message, int turn) {
		if (turn == Turns.NONE) {
			say();
			this.written.add(message);
			return;
		}
		if (this.cut.removed()[turn]) {
			this.owed = !this.said;
			return;
		}
		Message kept = this.cut.stale()[turn] ? OldMedia.without(message) : message;
		if (this.owed && this.turns.isUser(turn)) {
			this.owed = false;
			this.said = true;
			kept = before(kept);
		}
		say();
		this.written.add(kept);
	}

	private void say() {
		if (!this.owed) {
			return;
		}
		this.owed = false;
		this.said = true;
		int last = this.written.size() - 1;
		Message previous = (last >= 0) ? this.written.get(last) : null;
		if (previous != null && previous.role() == Role.USER && !previous.parts().isEmpty()
				&& previous.parts().stream().noneMatch(Part.ToolResult.class::isInstance)) {
			this.written.set(last, after(previous));
		}
		else {
			this.written.add(Message.text(Role.USER, this.instead));
		}
	}

	private Message before(Message message) {
		List<Part> parts = new ArrayList<>(message.parts());
		if (!parts.isEmpty() && parts.get(0) instanceof Part.Text text) {
			parts.set(0, new Part.Text(this.instead + BETWEEN + text.text(), text.cacheControl()));
		}
		else {
			parts.add(0, Part.text(this.instead));
		}
		return new Message(message.role(), parts, message.name());
	}

	private Message after(Message message) {
		List<Part> parts = new ArrayList<>(message.parts());
		int last = parts.size() - 1;
		if (parts.get(last) instanceof Part.Text text) {
			parts.set(last, new Part.Text(text.text() + BETWEEN + this.instead, text.cacheControl()));
		}
		else {
			parts.add(Part.text(this.instead));
		}
		return new Message(message.role(), parts, message.name());
	}

}
