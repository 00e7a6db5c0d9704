package dev.llmproxy.provider.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.provider.TokenEstimate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Composes the whole answer to a request, as it would be without failures on the way. Not
 * thread-safe.
 */
final class Composer {

	/** The origin of signatures that stand for nothing. */
	static final String ORIGIN = "simulator";

	private static final JsonMapper JSON = ReadyMapper.shared();

	private final ChatRequest request;

	private final SimulatedModel model;

	private final Conversation conversation;

	private final ToolCaller tools;

	private long outputTokens;

	private long reasoningTokens;

	Composer(ChatRequest request, SimulatedModel model) {
		this.request = request;
		this.model = model;
		this.conversation = Conversation.of(request);
		this.tools = new ToolCaller(request, this.conversation);
	}

	/**
	 * The answer.
	 * @throws dev.llmproxy.dialect.InvalidRequestException if there can't be one
	 */
	ChatResponse compose(String id, long created) {
		List<ChatResponse.Choice> choices = new ArrayList<>();
		for (int i = 0; i < this.request.n(); i++) {
			choices.add(choice(i));
		}
		Usage usage = new Usage(TokenEstimate.of(this.request), this.outputTokens, 0, 0, this.reasoningTokens, 0, 0,
				false);
		return new ChatResponse(id, this.model.name(), created, choices, usage, null);
	}

	private ChatResponse.Choice choice(int index) {
		switch (this.model.behaviour()) {
			case EMPTY -> {
				return new ChatResponse.Choice(index, List.of(), FinishReason.STOP, null);
			}
			case REFUSAL -> {
				this.outputTokens += Tokens.count(Wording.refusal());
				return new ChatResponse.Choice(index, List.of(new Part.Refusal(Wording.refusal())),
						FinishReason.REFUSAL, null);
			}
			default -> {
				return answer(index);
			}
		}
	}

	private ChatResponse.Choice answer(int index) {
		Integer limit = this.request.maxTokens();
		int left = (limit != null) ? Math.max(0, limit) : Integer.MAX_VALUE;
		List<Part> parts = new ArrayList<>();
		List<Part.ToolCall> calls = this.tools.calls(index);
		left -= think(parts, left);
		return calls.isEmpty() ? text(index, parts, left) : calls(index, parts, calls, left);
	}

	/** Adds thoughts, where they are wanted. */
	private int think(List<Part> parts, int left) {
		ReasoningConfig wish = this.request.reasoning();
		if (wish == null || wish.disabled()) {
			return 0;
		}
		int budget = wish.budgetTokensOr(0);
		String thoughts = Tokens.first(Wording.thoughts(this.conversation), Math.min(left, budget));
		parts.add(new Part.Reasoning(thoughts, new Signature(ORIGIN, "simulated-" + Hash.hex(thoughts))));
		int tokens = Tokens.count(thoughts);
		this.reasoningTokens += tokens;
		this.outputTokens += tokens;
		return tokens;
	}

	/** Calls are whole or not at all: half a call is no JSON. */
	private ChatResponse.Choice calls(int index, List<Part> parts, List<Part.ToolCall> calls, int most) {
		int left = most;
		for (Part.ToolCall call : calls) {
			int tokens = Tokens.count(call.name()) + Tokens.count(call.arguments());
			if (tokens > left) {
				return new ChatResponse.Choice(index, parts, FinishReason.LENGTH, null);
			}
			left -= tokens;
			this.outputTokens += tokens;
			parts.add(call);
		}
		return new ChatResponse.Choice(index, parts, FinishReason.TOOL_CALLS, null);
	}

	private ChatResponse.Choice text(int index, List<Part> parts, int left) {
		String text = text(index);
		FinishReason reason = FinishReason.STOP;
		String stop = firstStop(text);
		if (stop != null) {
			text = text.substring(0, text.indexOf(stop));
		}
		int tokens = Tokens.count(text);
		int most = left;
		if (this.model.behaviour() == Behaviour.CONTENT_FILTER) {
			most = Math.min(left, tokens / 2);
		}
		if (tokens > most) {
			text = Tokens.first(text, most);
			tokens = most;
			stop = null;
			reason = (most < left) ? FinishReason.CONTENT_FILTER : FinishReason.LENGTH;
		}
		this.outputTokens += tokens;
		if (!text.isEmpty()) {
			parts.add(Part.text(text));
		}
		return new ChatResponse.Choice(index, parts, reason, stop);
	}

	private String text(int index) {
		ResponseFormat format = this.request.responseFormat();
		if (format instanceof ResponseFormat.JsonSchema schema) {
			return JSON.writeValueAsString(SchemaSample.of(schema.schema(), this.conversation.quoted()));
		}
		String text = Wording.answer(this.model, this.conversation, index, this.request.n());
		if (format instanceof ResponseFormat.JsonObject) {
			Map<String, Object> object = new LinkedHashMap<>();
			object.put("answer", text);
			object.put("simulated", true);
			return JSON.writeValueAsString(object);
		}
		return text;
	}

	/** The stop sequence that is met first. */
	private @Nullable String firstStop(String text) {
		String first = null;
		int position = Integer.MAX_VALUE;
		for (String stop : this.request.stop()) {
			int found = stop.isEmpty() ? -1 : text.indexOf(stop);
			if (found >= 0 && found < position) {
				first = stop;
				position = found;
			}
		}
		return first;
	}

}
