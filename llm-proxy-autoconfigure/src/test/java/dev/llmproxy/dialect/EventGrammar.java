package dev.llmproxy.dialect;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.ChatEvent;

import static org.assertj.core.api.Assertions.assertThat;

/** Checks that events stand in the order that {@link ChatEvent} promises. */
final class EventGrammar {

	private boolean started;

	private boolean over;

	private final Set<Integer> choices = new HashSet<>();

	private final Set<Integer> finished = new HashSet<>();

	private final Map<Integer, Integer> calls = new HashMap<>();

	private EventGrammar() {
	}

	static void check(List<ChatEvent> events) {
		EventGrammar grammar = new EventGrammar();
		events.forEach(grammar::accept);
		boolean failed = !events.isEmpty() && events.get(events.size() - 1) instanceof ChatEvent.Failed;
		if (!failed) {
			assertThat(grammar.finished).as("choices that finish").isNotEmpty().isEqualTo(grammar.choices);
		}
	}

	/** Whether there is a finished answer or a failure, so that nothing is missing. */
	static boolean complete(List<ChatEvent> events) {
		EventGrammar grammar = new EventGrammar();
		events.forEach(grammar::accept);
		boolean failed = !events.isEmpty() && events.get(events.size() - 1) instanceof ChatEvent.Failed;
		return failed || (!grammar.finished.isEmpty() && grammar.finished.equals(grammar.choices));
	}

	private void accept(ChatEvent event) {
		assertThat(this.over).as("nothing follows the usage or a failure, but %s does", event).isFalse();
		if (event instanceof ChatEvent.Started) {
			assertThat(this.started).as("starts once").isFalse();
			this.started = true;
			return;
		}
		if (event instanceof ChatEvent.Failed) {
			this.over = true;
			return;
		}
		assertThat(this.started).as("starts before %s", event).isTrue();
		if (event instanceof ChatEvent.UsageReported) {
			this.over = true;
			return;
		}
		int choice = choice(event);
		this.choices.add(choice);
		assertThat(this.finished).as("choice is open for %s", event).doesNotContain(choice);
		if (event instanceof ChatEvent.ToolCallStarted call) {
			assertThat(call.index()).as("calls are numbered from 0").isEqualTo(this.calls.getOrDefault(choice, 0));
			assertThat(call.id()).as("calls have identifiers").isNotEmpty();
			assertThat(call.name()).as("calls have names").isNotEmpty();
			this.calls.put(choice, call.index() + 1);
		}
		else if (event instanceof ChatEvent.ToolCallDelta delta) {
			assertThat(delta.index()).as("call was started").isLessThan(this.calls.getOrDefault(choice, 0));
		}
		else if (event instanceof ChatEvent.Finished) {
			this.finished.add(choice);
		}
	}

	private static int choice(ChatEvent event) {
		if (event instanceof ChatEvent.TextDelta delta) {
			return delta.choice();
		}
		if (event instanceof ChatEvent.RefusalDelta delta) {
			return delta.choice();
		}
		if (event instanceof ChatEvent.ReasoningDelta delta) {
			return delta.choice();
		}
		if (event instanceof ChatEvent.ReasoningSigned signed) {
			return signed.choice();
		}
		if (event instanceof ChatEvent.ReasoningRedacted redacted) {
			return redacted.choice();
		}
		if (event instanceof ChatEvent.ToolCallStarted call) {
			return call.choice();
		}
		if (event instanceof ChatEvent.ToolCallDelta delta) {
			return delta.choice();
		}
		return ((ChatEvent.Finished) event).choice();
	}

}
