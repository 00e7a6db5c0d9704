package dev.llmproxy.dialect.responses;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Signature;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes messages as items. Items carry no identifiers: nothing is stored, and OpenAI
 * refuses to be pointed to what it did not store.
 */
final class InputEncoder {

	private final ArrayNode input = ResponsesJson.array();

	private final Dropped dropped;

	private final ContentEncoder content;

	private final boolean home;

	private @Nullable String instructions;

	private boolean thoughts;

	InputEncoder(Dropped dropped, boolean home) {
		this.dropped = dropped;
		this.content = new ContentEncoder(dropped, home);
		this.home = home;
	}

	void encode(ChatRequest request) {
		List<Message> messages = request.messages();
		for (int i = 0; i < messages.size(); i++) {
			Message message = messages.get(i);
			String path = "messages[" + i + "]";
			this.dropped.pathIf(message.name() != null, path + ".name");
			if (i == 0 && messages.size() > 1 && isPlainSystem(message)) {
				this.instructions = message.text();
			}
			else if (message.role() == Role.ASSISTANT) {
				assistant(message, path);
			}
			else {
				other(message, path);
			}
		}
	}

	/** One text above everything else is what {@code instructions} is for. */
	private boolean isPlainSystem(Message message) {
		return message.role() == Role.SYSTEM && message.parts().size() == 1
				&& message.parts().get(0) instanceof Part.Text text && !text.text().isEmpty()
				&& (text.cacheControl() == null || !this.home);
	}

	private void other(Message message, String path) {
		String role = switch (message.role()) {
			case SYSTEM -> "system";
			case DEVELOPER -> "developer";
			default -> "user";
		};
		int before = this.input.size();
		ArrayNode said = ResponsesJson.array();
		for (int j = 0; j < message.parts().size(); j++) {
			Part part = message.parts().get(j);
			String at = path + ".parts[" + j + "]";
			if (part instanceof Part.ToolResult result) {
				message(role, said);
				said = ResponsesJson.array();
				result(result, at);
			}
			else {
				this.content.add(said, part, at);
			}
		}
		if (said.isEmpty() && this.input.size() == before) {
			// Nothing of it could be said; it still was its turn.
			this.content.add(said, Part.text(""), path);
		}
		message(role, said);
	}

	private void assistant(Message message, String path) {
		ArrayNode said = ResponsesJson.array();
		for (int j = 0; j < message.parts().size(); j++) {
			Part part = message.parts().get(j);
			String at = path + ".parts[" + j + "]";
			if (part instanceof Part.Text text) {
				if (!text.text().isEmpty()) {
					said.add(OutputItems.text(text.text()));
				}
			}
			else if (part instanceof Part.Refusal refusal) {
				said.add(OutputItems.refusal(refusal.text()));
			}
			else {
				message("assistant", said);
				said = ResponsesJson.array();
				item(part, at);
			}
		}
		message("assistant", said);
	}

	private void item(Part part, String path) {
		if (part instanceof Part.ToolCall call) {
			call(call, path);
		}
		else if (part instanceof Part.ToolResult result) {
			result(result, path);
		}
		else if (part instanceof Part.Reasoning reasoning) {
			reasoning(reasoning, path);
		}
		else {
			this.dropped.part(part, path);
		}
	}

	private void message(String role, ArrayNode said) {
		if (said.isEmpty()) {
			return;
		}
		ObjectNode item = this.input.addObject().put("type", "message").put("role", role);
		item.set("content", role.equals("assistant") ? said : ContentEncoder.textOrArray(said));
	}

	private void reasoning(Part.Reasoning reasoning, String path) {
		Signature signature = (reasoning.redacted() != null) ? reasoning.redacted() : reasoning.signature();
		if (signature == null || !Seal.isHome(signature)) {
			this.dropped.part(reasoning, path);
			return;
		}
		reasoning(reasoning.text(), signature);
	}

	private void reasoning(String summary, Signature signature) {
		this.thoughts = true;
		this.input.add(OutputItems.reasoning(null, summary, signature.value()));
	}

	private void call(Part.ToolCall call, String path) {
		if (call.signature() != null) {
			if (Seal.isHome(call.signature())) {
				reasoning("", call.signature());
			}
			else {
				this.dropped.path(path + ".signature");
			}
		}
		this.input.add(OutputItems.call(null, CallIds.fit(call.id()), call.name(), call.arguments()));
	}

	private void result(Part.ToolResult result, String path) {
		ObjectNode item = this.input.addObject()
			.put("type", "function_call_output")
			.put("call_id", CallIds.fit(result.toolCallId()));
		this.content.output(item, result.content(), path);
		this.dropped.pathIf(result.error(), path + ".error");
	}

	@Nullable String instructions() {
		return this.instructions;
	}

	ArrayNode input() {
		return this.input;
	}

	/** Whether earlier thoughts are among it, so that the model is one that thinks. */
	boolean thoughts() {
		return this.thoughts;
	}

}
