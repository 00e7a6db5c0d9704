package dev.llmproxy.chat;

import java.util.ArrayList;
import java.util.List;

/** Whole answers as the events of a stream. */
public final class ChatEvents {

	private ChatEvents() {
	}

	/**
	 * The events that {@link ChatResponseAssembler} would put together to this answer.
	 */
	public static List<ChatEvent> of(ChatResponse response) {
		List<ChatEvent> events = new ArrayList<>();
		events.add(new ChatEvent.Started(response.id(), response.model(), response.created()));
		for (ChatResponse.Choice choice : response.choices()) {
			int calls = 0;
			for (Part part : choice.parts()) {
				if (part instanceof Part.ToolCall call) {
					events.add(new ChatEvent.ToolCallStarted(choice.index(), calls, call.id(), call.name(),
							call.signature()));
					events.add(new ChatEvent.ToolCallDelta(choice.index(), calls++, call.arguments()));
				}
				else {
					add(events, choice.index(), part);
				}
			}
			events.add(new ChatEvent.Finished(choice.index(), choice.finishReason(), choice.stopSequence()));
		}
		if (response.usage() != null) {
			events.add(new ChatEvent.UsageReported(response.usage()));
		}
		return events;
	}

	private static void add(List<ChatEvent> events, int choice, Part part) {
		if (part instanceof Part.Text text) {
			events.add(new ChatEvent.TextDelta(choice, text.text()));
		}
		else if (part instanceof Part.Refusal refusal) {
			events.add(new ChatEvent.RefusalDelta(choice, refusal.text()));
		}
		else if (part instanceof Part.Reasoning reasoning) {
			if (reasoning.redacted() != null) {
				events.add(new ChatEvent.ReasoningRedacted(choice, reasoning.redacted()));
				return;
			}
			events.add(new ChatEvent.ReasoningDelta(choice, reasoning.text()));
			if (reasoning.signature() != null) {
				events.add(new ChatEvent.ReasoningSigned(choice, reasoning.signature()));
			}
		}
	}

}
