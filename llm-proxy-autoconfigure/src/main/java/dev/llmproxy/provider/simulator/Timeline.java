package dev.llmproxy.provider.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatEvents;
import dev.llmproxy.chat.ChatResponse;

/**
 * An answer as events, each with the time when it is due, counted from the first token.
 * Choices take turns, as they do when a model generates them at once.
 */
final class Timeline {

	private final Pace pace;

	private final List<Step> steps = new ArrayList<>();

	private long tokens;

	private Timeline(Pace pace) {
		this.pace = pace;
	}

	static List<Step> of(ChatResponse response, Pace pace) {
		Timeline timeline = new Timeline(pace);
		timeline.add(response);
		return timeline.steps;
	}

	/** The beginning of an answer that does not end: half of its content. */
	static List<Step> firstHalf(List<Step> steps) {
		List<Step> content = steps.stream().filter((step) -> !isEnd(step.event())).toList();
		return content.subList(0, (content.size() + 2) / 2);
	}

	private static boolean isEnd(ChatEvent event) {
		return event instanceof ChatEvent.Finished || event instanceof ChatEvent.UsageReported;
	}

	private void add(ChatResponse response) {
		List<List<ChatEvent>> choices = new ArrayList<>();
		response.choices().forEach((choice) -> choices.add(new ArrayList<>()));
		List<ChatEvent> usage = new ArrayList<>();
		for (ChatEvent event : ChatEvents.of(response)) {
			if (event instanceof ChatEvent.Started) {
				this.steps.add(new Step(event, Duration.ZERO));
			}
			else if (event instanceof ChatEvent.UsageReported) {
				usage.add(event);
			}
			else {
				choices.get(((ChatEvent.OfChoice) event).choice()).addAll(split(event));
			}
		}
		int longest = choices.stream().mapToInt(List::size).max().orElse(0);
		for (int i = 0; i < longest; i++) {
			for (List<ChatEvent> choice : choices) {
				if (i < choice.size()) {
					this.steps.add(new Step(choice.get(i), this.pace.due(this.tokens)));
				}
			}
			this.tokens++;
		}
		usage.forEach((event) -> this.steps.add(new Step(event, this.pace.due(Math.max(0, this.tokens - 1)))));
	}

	/** An event as one for each token. */
	private static List<ChatEvent> split(ChatEvent event) {
		List<ChatEvent> split = new ArrayList<>();
		if (event instanceof ChatEvent.TextDelta delta) {
			Tokens.of(delta.text()).forEach((token) -> split.add(new ChatEvent.TextDelta(delta.choice(), token)));
		}
		else if (event instanceof ChatEvent.RefusalDelta delta) {
			Tokens.of(delta.text()).forEach((token) -> split.add(new ChatEvent.RefusalDelta(delta.choice(), token)));
		}
		else if (event instanceof ChatEvent.ReasoningDelta delta) {
			Tokens.of(delta.text()).forEach((token) -> split.add(new ChatEvent.ReasoningDelta(delta.choice(), token)));
		}
		else if (event instanceof ChatEvent.ToolCallDelta delta) {
			Tokens.of(delta.arguments())
				.forEach((token) -> split.add(new ChatEvent.ToolCallDelta(delta.choice(), delta.index(), token)));
		}
		else {
			split.add(event);
		}
		return split;
	}

	/**
	 * An event in its time.
	 *
	 * @param due counted from the first token
	 */
	record Step(ChatEvent event, Duration due) {
	}

}
