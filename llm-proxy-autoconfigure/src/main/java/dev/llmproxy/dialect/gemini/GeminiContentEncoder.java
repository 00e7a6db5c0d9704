package dev.llmproxy.dialect.gemini;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Messages as {@code contents} and {@code systemInstruction}; for one request. */
final class GeminiContentEncoder {

	private final GeminiModel model;

	private final GeminiDropped dropped;

	private final List<ObjectNode> system = new ArrayList<>();

	private final List<Turn> turns = new ArrayList<>();

	/** By identifier; looked up, never iterated. */
	private final Map<String, Call> calls = new HashMap<>();

	private int callCount;

	/** Where the responses to the last calls stand: right behind them. */
	private int responsesAt;

	GeminiContentEncoder(GeminiModel model, GeminiDropped dropped) {
		this.model = model;
		this.dropped = dropped;
	}

	void add(List<Message> messages) {
		for (int i = 0; i < messages.size(); i++) {
			Message message = messages.get(i);
			String path = "messages[" + i + "]";
			this.dropped.addIf(message.name() != null, path + ".name");
			switch (message.role()) {
				case SYSTEM, DEVELOPER -> system(message, path);
				case ASSISTANT -> assistant(message, path);
				case USER, TOOL -> user(message, path);
			}
		}
		if (this.turns.isEmpty()) {
			// The API demands a turn.
			Turn turn = new Turn("user");
			turn.parts.addAll(this.system.isEmpty() ? List.of(GeminiPartWriter.text("")) : this.system);
			this.turns.add(turn);
			this.system.clear();
		}
	}

	void write(ObjectNode body) {
		if (!this.system.isEmpty()) {
			body.putObject("systemInstruction").putArray("parts").addAll(this.system);
		}
		ArrayNode contents = body.putArray("contents");
		for (Turn turn : this.turns) {
			contents.addObject().put("role", turn.role).putArray("parts").addAll(turn.parts);
			if (!turn.beside.isEmpty()) {
				contents.addObject().put("role", turn.role).putArray("parts").addAll(turn.beside);
			}
		}
	}

	private void system(Message message, String path) {
		for (int j = 0; j < message.parts().size(); j++) {
			Part part = message.parts().get(j);
			if (part instanceof Part.Text text) {
				if (!text.text().isEmpty()) {
					this.system.add(GeminiPartWriter.text(text.text()));
				}
			}
			else {
				this.dropped.add(path + ".parts[" + j + "]");
			}
		}
	}

	private void assistant(Message message, String path) {
		List<ObjectNode> parts = parts(message, path);
		if (parts.isEmpty()) {
			return;
		}
		// Parallel calls belong into one turn, which other dialects may have split.
		boolean goesOn = !this.turns.isEmpty() && last().role.equals("model");
		Turn turn = goesOn ? last() : new Turn("model");
		turn.parts.addAll(parts);
		if (!goesOn) {
			this.turns.add(turn);
			this.responsesAt = this.turns.size();
		}
		if (this.model.third()) {
			turn.signFirstCall();
		}
	}

	private Turn last() {
		return this.turns.get(this.turns.size() - 1);
	}

	private void user(Message message, String path) {
		List<ObjectNode> parts = parts(message, path);
		if (!parts.isEmpty()) {
			Turn turn = new Turn("user");
			turn.parts.addAll(parts);
			this.turns.add(turn);
		}
	}

	private List<ObjectNode> parts(Message message, String path) {
		List<Part> parts = message.parts();
		List<@Nullable ObjectNode> written = new ArrayList<>(parts.size());
		for (int j = 0; j < parts.size(); j++) {
			Part part = parts.get(j);
			written.add(GeminiSignatures.isForNeighbour(part) ? null : part(part, path + ".parts[" + j + "]"));
		}
		for (int j = 0; j < parts.size(); j++) {
			if (GeminiSignatures.isForNeighbour(parts.get(j))) {
				written.set(j, signature(parts, written, j));
			}
		}
		List<ObjectNode> list = new ArrayList<>(parts.size());
		for (ObjectNode part : written) {
			if (part != null) {
				list.add(part);
			}
		}
		return list;
	}

	/** Signs the neighbour, or else stands for itself. */
	private static @Nullable ObjectNode signature(List<Part> parts, List<@Nullable ObjectNode> written, int index) {
		Signature signature = ((Part.Reasoning) parts.get(index)).signature();
		int signed = GeminiPartWriter.signedBy(parts, index);
		ObjectNode target = (signed >= 0) ? written.get(signed) : null;
		if (target != null && !GeminiSignatures.isOn(target)) {
			GeminiSignatures.write(target, signature);
			return null;
		}
		ObjectNode own = GeminiPartWriter.text("");
		GeminiSignatures.write(own, signature);
		return own;
	}

	private @Nullable ObjectNode part(Part part, String path) {
		if (part instanceof Part.Text text) {
			return text.text().isEmpty() ? null : GeminiPartWriter.text(text.text());
		}
		if (part instanceof Part.Refusal refusal) {
			return refusal.text().isEmpty() ? null : GeminiPartWriter.text(refusal.text());
		}
		if (part instanceof Part.ToolCall call) {
			return call(call, path);
		}
		if (part instanceof Part.ToolResult result) {
			result(result, path);
			return null;
		}
		if (part instanceof Part.Reasoning reasoning) {
			return reasoning(reasoning, path);
		}
		return media(part, path);
	}

	private ObjectNode call(Part.ToolCall call, String path) {
		ObjectNode arguments = GeminiPartWriter.arguments(call.arguments());
		if (arguments == null) {
			throw new InvalidRequestException("The arguments of a call must be a JSON object.", path + ".arguments");
		}
		this.calls.put(call.id(), new Call(call.name(), this.callCount++));
		return GeminiPartWriter.call(this.model.third() ? call.id() : null, call.name(), arguments,
				GeminiSignatures.isOwn(call.signature()) ? call.signature() : null);
	}

	private void result(Part.ToolResult result, String path) {
		Call call = this.calls.get(result.toolCallId());
		String name = (call != null) ? call.name() : (result.name() != null) ? result.name() : result.toolCallId();
		boolean begun = this.responsesAt < this.turns.size() && this.turns.get(this.responsesAt).responses;
		if (!begun) {
			this.turns.add(this.responsesAt, new Turn());
		}
		Turn turn = this.turns.get(this.responsesAt);
		turn.respond((call != null) ? call.number() : Integer.MAX_VALUE,
				GeminiResults.encode(result, name, this.model, turn.beside, path, this.dropped));
	}

	private @Nullable ObjectNode reasoning(Part.Reasoning reasoning, String path) {
		if (!GeminiSignatures.isOwn(reasoning.signature())) {
			this.dropped.add(path + " (reasoning)");
			return null;
		}
		ObjectNode part = GeminiPartWriter.thought(reasoning.text());
		GeminiSignatures.write(part, reasoning.signature());
		return part;
	}

	private @Nullable ObjectNode media(Part part, String path) {
		ObjectNode media = GeminiMedia.write(part);
		this.dropped.addIf(media == null, path + " (file)");
		if (part instanceof Part.Image image) {
			this.dropped.addIf(image.detail() != null && !image.detail().equals("auto"), path + ".detail");
		}
		else if (part instanceof Part.Document document) {
			this.dropped.addIf(media != null && document.filename() != null, path + ".filename");
		}
		return media;
	}

	/** A call that was made, and which one of the conversation it was. */
	private record Call(String name, int number) {
	}

	/** A content in the making. */
	private static final class Turn {

		private final String role;

		/** Whether it holds function responses, and nothing else. */
		private final boolean responses;

		private final List<ObjectNode> parts = new ArrayList<>();

		/** Numbers of the calls that the responses answer. */
		private final List<Integer> numbers = new ArrayList<>();

		/** Media of function responses, in a content of their own behind them. */
		private final List<ObjectNode> beside = new ArrayList<>();

		Turn() {
			this.role = "user";
			this.responses = true;
		}

		Turn(String role) {
			this.role = role;
			this.responses = false;
		}

		/**
		 * Keeps responses in the order of their calls, by which older models pair them.
		 */
		private void respond(int number, ObjectNode part) {
			int at = this.numbers.size();
			while (at > 0 && this.numbers.get(at - 1) > number) {
				at--;
			}
			this.numbers.add(at, number);
			this.parts.add(at, part);
		}

		/** Of parallel calls only the first one bears a signature. */
		private void signFirstCall() {
			for (ObjectNode part : this.parts) {
				if (part.has("functionCall")) {
					if (!GeminiSignatures.isOn(part)) {
						GeminiSignatures.writeNotGeminis(part);
					}
					return;
				}
			}
		}

	}

}
