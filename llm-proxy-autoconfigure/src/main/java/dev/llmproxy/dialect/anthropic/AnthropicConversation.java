package dev.llmproxy.dialect.anthropic;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The messages of a request as {@code system} and alternating turns; one instance writes
 * one request.
 */
final class AnthropicConversation {

	private final boolean home;

	private final List<String> dropped;

	private final AnthropicPartEncoder parts;

	private final List<ObjectNode> system = new ArrayList<>();

	private final List<AnthropicTurn> turns = new ArrayList<>();

	/**
	 * Arranges the messages.
	 * @param home whether the caller speaks this dialect
	 * @param dropped takes the names of what can't be said
	 */
	AnthropicConversation(ChatRequest request, AnthropicModel model, boolean home, List<String> dropped) {
		this.home = home;
		this.dropped = dropped;
		this.parts = new AnthropicPartEncoder(home, dropped);
		for (int i = 0; i < request.messages().size(); i++) {
			add(request.messages().get(i), i);
		}
		if (this.turns.isEmpty()) {
			systemSpeaksAsUser();
		}
		endWithUser(model);
	}

	private void add(Message message, int index) {
		if (message.name() != null) {
			this.dropped.add("messages[" + index + "].name");
		}
		Role role = message.role();
		if (role == Role.SYSTEM || role == Role.DEVELOPER) {
			system(message, index);
			return;
		}
		String name = (role == Role.ASSISTANT) ? "assistant" : "user";
		for (int i = 0; i < message.parts().size(); i++) {
			Part part = message.parts().get(i);
			String path = "messages[" + index + "].parts[" + i + "]";
			ObjectNode block = (role == Role.ASSISTANT) ? this.parts.assistant(part, path)
					: this.parts.user(part, path);
			if (block != null) {
				turn(name, index).add(block);
			}
		}
	}

	private AnthropicTurn turn(String role, int index) {
		AnthropicTurn last = this.turns.isEmpty() ? null : this.turns.get(this.turns.size() - 1);
		if (last == null || !last.role().equals(role)) {
			last = new AnthropicTurn(role, index);
			this.turns.add(last);
		}
		return last;
	}

	/**
	 * Instructions go to the top. In the middle only some models take them, at some
	 * places; who speaks the dialect knows, and only then they stay there.
	 */
	private void system(Message message, int index) {
		for (int i = 0; i < message.parts().size(); i++) {
			ObjectNode block = this.parts.system(message.parts().get(i), "messages[" + index + "].parts[" + i + "]");
			if (block == null) {
				continue;
			}
			if (this.home && !this.turns.isEmpty()) {
				turn("system", index).add(block);
			}
			else {
				this.system.add(block);
			}
		}
	}

	/**
	 * Other providers answer to instructions alone; this one needs a user. If nothing is
	 * left at all, it is the provider's to say so.
	 */
	private void systemSpeaksAsUser() {
		AnthropicTurn turn = turn("user", 0);
		this.system.forEach(turn::add);
		if (this.system.isEmpty()) {
			turn.add(AnthropicBlocks.text(""));
		}
		this.system.clear();
	}

	/** An answer's beginning in the caller's words, if there is one at the end. */
	private void endWithUser(AnthropicModel model) {
		AnthropicTurn last = this.turns.get(this.turns.size() - 1);
		if (!last.isAssistant() || last.callsTools()) {
			return;
		}
		if (!this.home && !model.prefill() && this.turns.size() > 1) {
			this.turns.remove(this.turns.size() - 1);
			this.dropped.add("messages[" + last.firstMessage() + "] (prefill)");
			return;
		}
		last.stripEnd();
	}

	/**
	 * Whether the assistant's turn that goes on, because its tools have run or because it
	 * is to be completed, lacks its thoughts. While tools run it counts from its first
	 * call on.
	 */
	boolean goesOnWithoutThoughts() {
		AnthropicTurn latest = null;
		for (int i = this.turns.size() - 1; i >= 0; i--) {
			AnthropicTurn turn = this.turns.get(i);
			if (turn.isAssistant()) {
				boolean open = (i == this.turns.size() - 1) || turn.callsTools();
				if (!open) {
					break;
				}
				if (turn.startsWithThoughts()) {
					return false;
				}
				latest = turn;
			}
			else if (latest != null && !turn.isResultsOnly()) {
				break;
			}
		}
		return latest != null;
	}

	/** The names of all tools that have been called, each once, in order. */
	List<String> calledTools() {
		return this.parts.calledTools();
	}

	void encodeSystem(ObjectNode body) {
		if (!this.system.isEmpty()) {
			AnthropicTurn.content(body, "system", this.system);
		}
	}

	void encodeMessages(ObjectNode body) {
		ArrayNode messages = body.putArray("messages");
		this.turns.forEach((turn) -> messages.add(turn.encode()));
	}

}
