package dev.llmproxy.testkit.fake;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a fake provider has understood of a valid request, in no provider's terms.
 *
 * @param model the model as requested
 * @param system the system prompt, empty if there is none
 * @param turns the conversation without its system prompt, oldest first
 * @param tools the tools the model may call
 * @param toolChoice whether and what it must call
 * @param parallel whether it may call several tools at once
 * @param maxTokens the most tokens to answer with, or {@code null} for no limit
 * @param stopSequences texts that end the answer
 * @param schema the JSON schema the answer must conform to, or {@code null} for none
 * @param json whether the answer must be some JSON object
 * @param reasoning whether the caller wants to see the model think
 * @param inputTokens how many tokens the request has, those from a cache included
 * @param cachedTokens how many of them came from a cache
 * @param cacheWrittenTokens how many of them were written to a cache
 */
public record Conversation(String model, String system, List<Turn> turns, List<Tool> tools, ToolChoice toolChoice,
		boolean parallel, @Nullable Integer maxTokens, List<String> stopSequences, @Nullable JsonNode schema,
		boolean json, boolean reasoning, int inputTokens, int cachedTokens, int cacheWrittenTokens) {

	public Conversation {
		turns = List.copyOf(turns);
		tools = List.copyOf(tools);
		stopSequences = List.copyOf(stopSequences);
	}

	/**
	 * The text of the last turn in which the user said something.
	 * @return the text, empty if the user never did
	 */
	public String lastUserText() {
		return this.turns.subList(0, lastUserTurn() + 1)
			.stream()
			.skip(Math.max(0, lastUserTurn()))
			.map(Turn::text)
			.findFirst()
			.orElse("");
	}

	/**
	 * What tools returned since the model spoke last.
	 * @return the results in the order of the request
	 */
	public List<ToolResult> newToolResults() {
		return sinceModelSpoke().stream().flatMap((turn) -> turn.toolResults().stream()).toList();
	}

	/**
	 * How often the model has called tools since the user said something.
	 * @return the number of turns with calls
	 */
	public int toolRounds() {
		return (int) this.turns.stream().skip(lastUserTurn() + 1L).filter((turn) -> turn.calls() > 0).count();
	}

	/**
	 * The images and documents the user has sent since the model spoke last.
	 * @return descriptions such as {@code image image/png 68 bytes}
	 */
	public List<String> newAttachments() {
		return sinceModelSpoke().stream().flatMap((turn) -> turn.attachments().stream()).toList();
	}

	private int lastUserTurn() {
		for (int i = this.turns.size() - 1; i >= 0; i--) {
			if (this.turns.get(i).role() == Role.USER && !this.turns.get(i).text().isBlank()) {
				return i;
			}
		}
		return -1;
	}

	private List<Turn> sinceModelSpoke() {
		int from = this.turns.size();
		while (from > 0 && this.turns.get(from - 1).role() == Role.USER) {
			from--;
		}
		return this.turns.subList(from, this.turns.size());
	}

	/** Who speaks in a turn. */
	public enum Role {

		/** The user, or a tool on the user's side. */
		USER,

		/** The model. */
		ASSISTANT

	}

	/**
	 * One message.
	 *
	 * @param role who speaks
	 * @param text its texts, joined by line ends
	 * @param calls how many tools the model calls in it
	 * @param toolResults what tools returned
	 * @param attachments descriptions of its images and documents
	 */
	public record Turn(Role role, String text, int calls, List<ToolResult> toolResults, List<String> attachments) {

		public Turn {
			toolResults = List.copyOf(toolResults);
			attachments = List.copyOf(attachments);
		}

	}

	/**
	 * A tool the model may call.
	 *
	 * @param name its name
	 * @param schema the JSON schema of its arguments
	 */
	public record Tool(String name, JsonNode schema) {
	}

	/**
	 * What a tool has returned.
	 *
	 * @param name the tool's name
	 * @param text the text of its result
	 * @param error whether the call failed
	 */
	public record ToolResult(String name, String text, boolean error) {
	}

	/**
	 * Whether the model must call tools.
	 *
	 * @param mode how much it is free to decide
	 * @param name the tool it must call, or {@code null} for any
	 */
	public record ToolChoice(Mode mode, @Nullable String name) {

		/** The model decides. */
		public static final ToolChoice AUTO = new ToolChoice(Mode.AUTO, null);

		/** The model must not call a tool. */
		public static final ToolChoice NONE = new ToolChoice(Mode.NONE, null);

		/** The model must call some tool. */
		public static final ToolChoice REQUIRED = new ToolChoice(Mode.REQUIRED, null);

		/** How much the model is free to decide. */
		public enum Mode {

			/** Freely. */
			AUTO,

			/** It must call. */
			REQUIRED,

			/** It must not call. */
			NONE

		}

	}

}
