package dev.llmproxy.dialect.bedrock;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One turn of a conversation in the making: consecutive messages of one role. The results
 * of tools stand before everything else, as Claude demands.
 */
final class BedrockTurn {

	/**
	 * Stands between the results of tools and what the user says next, where a model
	 * takes them in separate turns only.
	 */
	private static final String PAUSE = "I have the results.";

	/** A document must not come without a text. */
	private static final String ATTACHED = "(document attached)";

	private final boolean assistant;

	private final int firstMessage;

	private final List<ObjectNode> results = new ArrayList<>();

	private final List<ObjectNode> blocks = new ArrayList<>();

	/**
	 * Begins a turn.
	 * @param firstMessage the index of the request's message that began it
	 */
	BedrockTurn(boolean assistant, int firstMessage) {
		this.assistant = assistant;
		this.firstMessage = firstMessage;
	}

	boolean isAssistant() {
		return this.assistant;
	}

	int firstMessage() {
		return this.firstMessage;
	}

	/**
	 * Adds a block.
	 * @param mark the mark of a prompt cache behind it
	 */
	void add(ObjectNode block, @Nullable ObjectNode mark) {
		List<ObjectNode> place = block.has("toolResult") ? this.results : this.blocks;
		place.add(block);
		if (mark != null) {
			place.add(mark);
		}
	}

	boolean callsTools() {
		return has(this.blocks, "toolUse");
	}

	boolean startsWithThoughts() {
		return !this.blocks.isEmpty() && this.blocks.get(0).has("reasoningContent");
	}

	boolean hasResults() {
		return !this.results.isEmpty();
	}

	/** Whether it is nothing but results of tools, so that the turn before it goes on. */
	boolean isResultsOnly() {
		return this.blocks.isEmpty() && hasResults();
	}

	/** The API refuses white space at the end of what the model is to go on from. */
	void stripEnd() {
		ObjectNode last = this.blocks.isEmpty() ? null : this.blocks.get(this.blocks.size() - 1);
		if (last != null && last.has("text")) {
			last.put("text", last.path("text").stringValue("").stripTrailing());
		}
	}

	/**
	 * Writes the turn.
	 * @param mixed whether results and other blocks may share a turn
	 */
	void encode(ArrayNode messages, boolean mixed) {
		if (!this.assistant && has(this.blocks, "document") && !has(this.blocks, "text")) {
			this.blocks.add(BedrockJson.text(ATTACHED));
		}
		ArrayNode content = message(messages, this.assistant);
		this.results.forEach(content::add);
		if (!mixed && hasResults() && !this.blocks.isEmpty()) {
			message(messages, true).add(BedrockJson.text(PAUSE));
			content = message(messages, false);
		}
		this.blocks.forEach(content::add);
	}

	private static ArrayNode message(ArrayNode messages, boolean assistant) {
		return messages.addObject().put("role", assistant ? "assistant" : "user").putArray("content");
	}

	private static boolean has(List<ObjectNode> blocks, String member) {
		return blocks.stream().anyMatch((block) -> block.has(member));
	}

}
