package dev.llmproxy.dialect.responses;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Signature;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Gathers a flat list of items into turns: what the model said, thought and called in a
 * row is one message, and so are the results of its calls. Not thread-safe.
 */
final class Turns {

	private final List<Message> messages = new ArrayList<>();

	private @Nullable Role role;

	private final List<Part> parts = new ArrayList<>();

	private @Nullable Signature undecided;

	/** A message of anyone but the model. */
	void message(Role role, List<Part> parts) {
		close();
		if (!parts.isEmpty()) {
			this.messages.add(new Message(role, parts));
		}
	}

	/** More of what the model said. */
	void said(Part part) {
		add(Role.ASSISTANT, part);
	}

	void called(String callId, String name, String arguments) {
		Signature signature = this.undecided;
		this.undecided = null;
		add(Role.ASSISTANT, new Part.ToolCall(callId, name, arguments.isBlank() ? "{}" : arguments, signature, null));
	}

	void result(Part.ToolResult result) {
		add(Role.TOOL, result);
	}

	/**
	 * A reasoning item.
	 * @return whether it says anything by itself, and not by its identifier
	 */
	boolean thought(JsonNode item) {
		String text = Seal.text(item);
		String encrypted = ResponsesJson.text(item.path("encrypted_content"));
		settle();
		if (encrypted == null) {
			if (!text.isEmpty()) {
				said(new Part.Reasoning(text, null));
			}
			return !text.isEmpty();
		}
		Seal seal = Seal.read(encrypted, !text.isEmpty());
		switch (seal.kind()) {
			case THOUGHT -> signed(text, seal.signature());
			case REDACTED -> said(new Part.Reasoning(text, null, seal.signature()));
			case CALL_OR_THOUGHT -> this.undecided = seal.signature();
		}
		return true;
	}

	/** Something that is left out; it may stand between a proof and a call. */
	void settle() {
		if (this.undecided != null) {
			Signature signature = this.undecided;
			this.undecided = null;
			signed("", signature);
		}
	}

	/**
	 * A proof alone closes the thought before it, as it does in a stream, where nobody
	 * can tell.
	 */
	private void signed(String text, Signature signature) {
		int last = this.parts.size() - 1;
		if (text.isEmpty() && last >= 0 && this.parts.get(last) instanceof Part.Reasoning open
				&& open.signature() == null && open.redacted() == null) {
			this.parts.set(last, new Part.Reasoning(open.text(), signature));
		}
		else {
			add(Role.ASSISTANT, new Part.Reasoning(text, signature));
		}
	}

	private void add(Role role, Part part) {
		settle();
		if (this.role != role) {
			close();
			this.role = role;
		}
		this.parts.add(part);
	}

	private void close() {
		settle();
		if (this.role != null && !this.parts.isEmpty()) {
			this.messages.add(new Message(this.role, this.parts));
		}
		this.parts.clear();
		this.role = null;
	}

	List<Message> messages() {
		close();
		return this.messages;
	}

	/** Everything gathered as one turn's parts; for an answer, which is one turn. */
	List<Part> answer() {
		settle();
		return this.parts;
	}

}
