package dev.llmproxy.dialect.gemini;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.InvalidRequestException;
import tools.jackson.databind.JsonNode;

/** {@code contents} and {@code systemInstruction} as messages; for one request. */
final class GeminiContentDecoder {

	private final GeminiLeftovers rest;

	private final GeminiCallIds ids = new GeminiCallIds();

	GeminiContentDecoder(GeminiLeftovers rest) {
		this.rest = rest;
	}

	/** Also takes plain text, which some clients send. */
	Message system(JsonNode instruction, String path) {
		if (instruction.isString()) {
			return Message.text(Role.SYSTEM, instruction.stringValue());
		}
		Content content = content(instruction, path);
		return new Message(Role.SYSTEM, parts(content, new ArrayList<>()));
	}

	List<Message> conversation(JsonNode contents, String path) {
		List<Message> messages = new ArrayList<>();
		int index = 0;
		for (JsonNode node : GeminiJson.items(contents, path)) {
			Content content = content(node, path + "[" + index++ + "]");
			List<Part> results = new ArrayList<>();
			List<Part> parts = parts(content, results);
			// Results follow their calls, whatever else is in the turn.
			if (!results.isEmpty()) {
				messages.add(new Message(Role.TOOL, results));
			}
			if (!parts.isEmpty()) {
				messages.add(new Message(content.role(), parts));
			}
		}
		return messages;
	}

	private Content content(JsonNode node, String path) {
		JsonNode[] parts = new JsonNode[1];
		Role[] role = { Role.USER };
		GeminiJson.members(node, path, (name, value) -> {
			String at = GeminiJson.join(path, name);
			switch (name) {
				case "role" -> role[0] = role(GeminiJson.text(value, at), at);
				case "parts" -> parts[0] = value;
				default -> this.rest.add(at, value);
			}
		});
		if (parts[0] == null) {
			throw new InvalidRequestException("A content has parts.", GeminiJson.join(path, "parts"));
		}
		return new Content(role[0], GeminiJson.items(parts[0], GeminiJson.join(path, "parts")),
				GeminiJson.join(path, "parts"));
	}

	private static Role role(String name, String path) {
		return switch (name.toLowerCase(Locale.ROOT)) {
			case "model" -> Role.ASSISTANT;
			// Function responses were sent in a role of their own once.
			case "user", "function", "tool", "" -> Role.USER;
			case "system" -> Role.SYSTEM;
			default -> throw new InvalidRequestException("The role is 'user' or 'model'.", path);
		};
	}

	private List<Part> parts(Content content, List<Part> results) {
		GeminiParts parts = new GeminiParts();
		int index = 0;
		for (JsonNode node : content.parts()) {
			String path = content.path() + "[" + index++ + "]";
			GeminiPart part = GeminiPart.read(node, path, this.rest);
			if (part.functionResponse != null) {
				results
					.add(GeminiResults.decode(part.functionResponse, path + ".functionResponse", this.ids, this.rest));
			}
			else if (part.call != null) {
				parts.add(call(part, part.call, path + ".functionCall"));
			}
			else {
				parts.add(part, path, this.rest);
			}
		}
		return parts.toList();
	}

	private Part.ToolCall call(GeminiPart part, GeminiPart.Call call, String path) {
		if (call.name == null) {
			throw new InvalidRequestException("A function call has the function's name.", path + ".name");
		}
		if (call.partialArgs != null) {
			this.rest.add(path + ".partialArgs", call.partialArgs);
		}
		return new Part.ToolCall(this.ids.call(call.id, call.name), call.name, call.arguments(), part.signature, null);
	}

	private record Content(Role role, List<JsonNode> parts, String path) {
	}

}
