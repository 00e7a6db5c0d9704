package dev.llmproxy.dialect.bedrock;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.CacheControl;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The messages of a request as {@code system} and alternating turns, of which the first
 * is the user's; one instance writes one request.
 */
final class BedrockConversation {

	/** What an assistant who speaks first is taken to answer to. */
	private static final String GREETING = "Hello.";

	/** Keeps the place of a user who sent nothing else that the API takes. */
	private static final String OMITTED = "(attachment omitted)";

	/** Stands for a conversation of white space, which the API refuses. */
	private static final String EMPTY = "(empty message)";

	private final BedrockModel model;

	private final List<String> dropped;

	private final BedrockCachePoints cachePoints;

	private final BedrockPartEncoder parts;

	private final List<ObjectNode> system = new ArrayList<>();

	private final List<BedrockTurn> turns = new ArrayList<>();

	/**
	 * Arranges the messages.
	 * @param dropped takes the names of what can't be said
	 * @throws InvalidRequestException if there are no messages
	 */
	BedrockConversation(ChatRequest request, BedrockModel model, List<String> dropped) {
		this.model = model;
		this.dropped = dropped;
		this.cachePoints = new BedrockCachePoints(model, dropped);
		this.parts = new BedrockPartEncoder(model, dropped);
		for (int i = 0; i < request.messages().size(); i++) {
			add(request.messages().get(i), i);
		}
		beginWithUser(request);
		endWithUser();
	}

	private void add(Message message, int index) {
		if (message.name() != null) {
			this.dropped.add("messages[" + index + "].name");
		}
		int droppedBefore = this.dropped.size();
		boolean said = false;
		for (int i = 0; i < message.parts().size(); i++) {
			Part part = message.parts().get(i);
			String path = "messages[" + index + "].parts[" + i + "]";
			said |= switch (message.role()) {
				case SYSTEM, DEVELOPER -> system(part, path);
				case ASSISTANT -> add(true, index, this.parts.assistant(part, path), part, path);
				case USER, TOOL -> add(false, index, this.parts.user(part, path), part, path);
			};
		}
		if (!said && message.role() == Role.USER && this.dropped.size() > droppedBefore) {
			turn(false, index).add(BedrockJson.text(OMITTED), null);
		}
	}

	/** Whether there was something to add. */
	private boolean system(Part part, String path) {
		ObjectNode block = this.parts.system(part, path);
		if (block == null) {
			return false;
		}
		this.system.add(block);
		ObjectNode mark = mark(part, path);
		if (mark != null) {
			this.system.add(mark);
		}
		return true;
	}

	/** Whether there was something to add. */
	private boolean add(boolean assistant, int index, @Nullable ObjectNode block, Part part, String path) {
		if (block == null) {
			return false;
		}
		turn(assistant, index).add(block, mark(part, path));
		return true;
	}

	private BedrockTurn turn(boolean assistant, int index) {
		BedrockTurn last = this.turns.isEmpty() ? null : this.turns.get(this.turns.size() - 1);
		if (last == null || last.isAssistant() != assistant) {
			last = new BedrockTurn(assistant, index);
			this.turns.add(last);
		}
		return last;
	}

	private @Nullable ObjectNode mark(Part part, String path) {
		return this.cachePoints.after((part instanceof Part.ToolResult result) ? ofResult(result) : part.cacheControl(),
				false, path);
	}

	/**
	 * Inside a result there is no place for marks; the last one there moves behind it.
	 */
	private static @Nullable CacheControl ofResult(Part.ToolResult result) {
		CacheControl mark = result.cacheControl();
		for (int i = result.content().size() - 1; mark == null && i >= 0; i--) {
			mark = result.content().get(i).cacheControl();
		}
		return mark;
	}

	private void beginWithUser(ChatRequest request) {
		if (this.turns.isEmpty()) {
			// Other providers answer to instructions alone; this one needs a user.
			if (this.system.isEmpty()) {
				if (request.messages().isEmpty()) {
					throw new InvalidRequestException("'messages' must not be empty", "messages");
				}
				this.system.add(BedrockJson.text(EMPTY));
			}
			BedrockTurn turn = new BedrockTurn(false, 0);
			this.system.forEach((block) -> turn.add(block, null));
			this.system.clear();
			this.turns.add(turn);
		}
		else if (this.turns.get(0).isAssistant()) {
			BedrockTurn greeting = new BedrockTurn(false, 0);
			greeting.add(BedrockJson.text(GREETING), null);
			this.turns.add(0, greeting);
		}
	}

	/** An answer's beginning in the caller's words, if there is one at the end. */
	private void endWithUser() {
		BedrockTurn last = this.turns.get(this.turns.size() - 1);
		if (!last.isAssistant() || last.callsTools()) {
			return;
		}
		if (this.model.prefill()) {
			last.stripEnd();
			return;
		}
		this.turns.remove(this.turns.size() - 1);
		this.dropped.add("messages[" + last.firstMessage() + "] (prefill)");
	}

	/**
	 * Whether the assistant's turn that goes on, because its tools have run or because it
	 * is to be completed, lacks its thoughts. While tools run it counts from its first
	 * call on.
	 */
	boolean goesOnWithoutThoughts() {
		BedrockTurn first = null;
		for (int i = this.turns.size() - 1; i >= 0; i--) {
			BedrockTurn turn = this.turns.get(i);
			boolean goesOn = turn.isAssistant() ? (i == this.turns.size() - 1 || turn.callsTools())
					: (first == null || turn.isResultsOnly());
			if (!goesOn) {
				break;
			}
			first = turn.isAssistant() ? turn : first;
		}
		return first != null && !first.startsWithThoughts();
	}

	/** Whether tools were called, so that the API demands their definitions. */
	boolean usesTools() {
		return this.turns.stream().anyMatch((turn) -> turn.callsTools() || turn.hasResults());
	}

	/** The names of all tools that have been called, each once, in order. */
	List<String> calledTools() {
		return this.parts.calledTools();
	}

	void encodeSystem(ObjectNode body) {
		if (!this.system.isEmpty()) {
			ArrayNode blocks = body.putArray("system");
			this.system.forEach(blocks::add);
		}
	}

	void encodeMessages(ObjectNode body) {
		ArrayNode messages = body.putArray("messages");
		this.turns.forEach((turn) -> turn.encode(messages, this.model.mixedTurns()));
	}

}
