package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.testkit.fake.Conversation.Role;
import dev.llmproxy.testkit.fake.Conversation.Tool;
import dev.llmproxy.testkit.fake.Conversation.ToolChoice;
import dev.llmproxy.testkit.fake.Conversation.ToolResult;
import dev.llmproxy.testkit.fake.Conversation.Turn;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A {@link Conversation} in the making, while a request is being validated. */
final class ConversationDraft {

	private static final int TOKENS_PER_ATTACHMENT = 100;

	final String model;

	final List<String> system = new ArrayList<>();

	final List<TurnDraft> turns = new ArrayList<>();

	final List<Tool> tools = new ArrayList<>();

	ToolChoice toolChoice = ToolChoice.AUTO;

	boolean parallel = true;

	@Nullable Integer maxTokens;

	List<String> stopSequences = List.of();

	@Nullable JsonNode schema;

	boolean json;

	boolean reasoning;

	/** The part of the prompt up to the last cache mark, or {@code null} for no mark. */
	@Nullable String cachePrefix;

	ConversationDraft(String model) {
		this.model = model;
	}

	TurnDraft turn(Role role) {
		TurnDraft turn = new TurnDraft(role);
		this.turns.add(turn);
		return turn;
	}

	boolean offers(String tool) {
		return this.tools.stream().anyMatch((offered) -> offered.name().equals(tool));
	}

	int inputTokens() {
		int tokens = FakeState.tokens(String.join("\n", this.system));
		for (TurnDraft turn : this.turns) {
			tokens += 3 + FakeState.tokens(String.join("\n", turn.texts)) + turn.calls * 5;
			tokens += turn.attachments.size() * TOKENS_PER_ATTACHMENT;
			for (ToolResult result : turn.results) {
				tokens += FakeState.tokens(result.text());
			}
		}
		for (Tool tool : this.tools) {
			tokens += FakeState.tokens(tool.name() + tool.schema());
		}
		return Math.max(1, tokens);
	}

	/**
	 * Settles what came from a cache: a marked prefix when it comes again, and half of
	 * the prompt when the user's text has the word "cached" in it.
	 */
	Conversation build(FakeState state) {
		int input = inputTokens();
		int cached = 0;
		int written = 0;
		if (this.cachePrefix != null) {
			int size = Math.min(input - 1, FakeState.tokens(this.cachePrefix));
			boolean hit = state.wasCached(this.model + this.cachePrefix);
			cached = hit ? size : 0;
			written = hit ? 0 : size;
		}
		Conversation conversation = conversation(input, cached, written);
		boolean implicit = this.cachePrefix == null && conversation.lastUserText().contains("cached");
		return implicit ? conversation(input, input / 2, 0) : conversation;
	}

	private Conversation conversation(int input, int cached, int written) {
		return new Conversation(this.model, String.join("\n", this.system),
				this.turns.stream().map(TurnDraft::build).toList(), this.tools, this.toolChoice, this.parallel,
				this.maxTokens, this.stopSequences, this.schema, this.json, this.reasoning, input, cached, written);
	}

	/** One message in the making. */
	static final class TurnDraft {

		final Role role;

		final List<String> texts = new ArrayList<>();

		final List<ToolResult> results = new ArrayList<>();

		final List<String> attachments = new ArrayList<>();

		int calls;

		private TurnDraft(Role role) {
			this.role = role;
		}

		Turn build() {
			return new Turn(this.role, String.join("\n", this.texts), this.calls, this.results, this.attachments);
		}

	}

}
