package dev.llmproxy.context;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.context.ContextPolicy.Budget;
import dev.llmproxy.provider.TokenCounter;

/**
 * A conversation that was counted, and where it would be cut. Counting and cutting take
 * time in proportion to it, and wait for nothing.
 *
 */
record Draft(ChatRequest chat, ContextPolicy policy, Budget budget, TokenCounter counter, Turns turns, Weights weights,
		Cut cut) {

	private static final String LEFT_OUT = "[Earlier parts of this conversation have been left out here, because it "
			+ "had become too long.]";

	private static final String SUMMARY = "[Earlier parts of this conversation have been left out here, because it "
			+ "had become too long. This is a summary of them:]\n\n";

	private static final String SUMMARY_END = "\n\n[End of the summary. The conversation goes on:]";

	static Draft of(ChatRequest chat, ContextPolicy policy, Budget budget, TokenCounter counter) {
		Turns turns = Turns.of(chat.messages(), policy.pinnedNames());
		Weights weights = Weights.of(chat, turns, counter, policy.dropOldMedia());
		SummaryPolicy summary = policy.summary();
		TrimOrder order = (summary != null) ? TrimOrder.OLDEST_FIRST : policy.order();
		long overhead = counter.count(Message.text(Role.USER, (summary != null) ? SUMMARY + SUMMARY_END : LEFT_OUT))
				+ ((summary != null) ? summary.maxTokens() : 0);
		Cut cut = new Cut.Maker(turns, weights, budget, policy).make(order, overhead);
		return new Draft(chat, policy, budget, counter, turns, weights, cut);
	}

	/** Tokens of the prompt as it came. */
	long before() {
		return this.weights.total();
	}

	/** Tokens of what was made of it; what has stayed as it was is not counted again. */
	long after(ChatRequest changed) {
		IdentityHashMap<Message, Long> known = new IdentityHashMap<>();
		for (int i = 0; i < this.chat.messages().size(); i++) {
			known.put(this.chat.messages().get(i), this.weights.messages()[i]);
		}
		long tokens = this.counter.count(changed.tools());
		for (Message message : changed.messages()) {
			Long before = known.get(message);
			tokens += (before != null) ? before : this.counter.count(message);
		}
		return tokens;
	}

	/** Whether it is as long as it may be. */
	boolean fits() {
		return before() <= this.budget.trigger();
	}

	/** Whether nothing has to go but old media. */
	boolean fitsWithoutMedia() {
		return this.cut.removesNothing() && this.cut.after() <= this.budget.trigger();
	}

	ChatRequest trimmed() {
		return rewritten(LEFT_OUT);
	}

	ChatRequest summarised(String summary) {
		return rewritten(SUMMARY + summary + SUMMARY_END);
	}

	private ChatRequest rewritten(String instead) {
		List<Message> messages = Rewriting.of(this.chat.messages(), this.turns, this.cut, instead);
		return this.chat.mutate().messages(messages).build();
	}

	/** What has been said in each step that is gone. */
	List<List<Message>> gone() {
		return this.cut.steps().stream().map(this.turns::messages).toList();
	}

	/** The same once the next step is gone too; empty if that is not complete yet. */
	Optional<List<List<Message>>> soon() {
		if (this.cut.next().isEmpty()) {
			return Optional.empty();
		}
		List<List<Message>> steps = new ArrayList<>(gone());
		steps.add(this.turns.messages(this.cut.next()));
		return Optional.of(steps);
	}

}
