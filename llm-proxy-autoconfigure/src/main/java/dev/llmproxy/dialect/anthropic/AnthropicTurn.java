package dev.llmproxy.dialect.anthropic;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One turn of a conversation in the making: consecutive messages of one role. The results
 * of tools stand before everything else, as the API demands.
 */
final class AnthropicTurn {

	private final String role;

	private final int firstMessage;

	private final List<ObjectNode> results = new ArrayList<>();

	private final List<ObjectNode> blocks = new ArrayList<>();

	/**
	 * Begins a turn.
	 * @param firstMessage the index of the request's message that began it
	 */
	AnthropicTurn(String role, int firstMessage) {
		this.role = role;
		this.firstMessage = firstMessage;
	}

	String role() {
		return this.role;
	}

	boolean isAssistant() {
		return this.role.equals("assistant");
	}

	int firstMessage() {
		return this.firstMessage;
	}

	void add(ObjectNode block) {
		(type(block).equals("tool_result") ? this.results : this.blocks).add(block);
	}

	boolean callsTools() {
		return this.blocks.stream().anyMatch((block) -> type(block).equals("tool_use"));
	}

	boolean startsWithThoughts() {
		String first = this.blocks.isEmpty() ? "" : type(this.blocks.get(0));
		return first.equals("thinking") || first.equals("redacted_thinking");
	}

	/** Whether it is nothing but results of tools, so that the turn before it goes on. */
	boolean isResultsOnly() {
		return this.blocks.isEmpty() && !this.results.isEmpty();
	}

	/** The API refuses white space at the end of what the model is to go on from. */
	void stripEnd() {
		if (!this.blocks.isEmpty() && type(this.blocks.get(this.blocks.size() - 1)).equals("text")) {
			ObjectNode last = this.blocks.get(this.blocks.size() - 1);
			last.put("text", last.path("text").stringValue("").stripTrailing());
		}
	}

	ObjectNode encode() {
		ObjectNode turn = AnthropicJson.object().put("role", this.role);
		List<ObjectNode> all = new ArrayList<>(this.results);
		all.addAll(this.blocks);
		content(turn, "content", all);
		return turn;
	}

	/** A single plain text as a string, anything else as an array of blocks. */
	static void content(ObjectNode owner, String field, List<ObjectNode> blocks) {
		if (blocks.size() == 1 && type(blocks.get(0)).equals("text")
				&& !blocks.get(0).has(AnthropicCacheControl.FIELD)) {
			owner.set(field, blocks.get(0).path("text"));
			return;
		}
		ArrayNode array = owner.putArray(field);
		blocks.forEach(array::add);
	}

	private static String type(JsonNode block) {
		return block.path("type").stringValue("");
	}

}
