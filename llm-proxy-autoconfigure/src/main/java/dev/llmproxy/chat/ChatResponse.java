package dev.llmproxy.chat;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A whole answer.
 *
 * @param id the provider's identifier
 * @param model the model that answered, in the provider's words
 * @param created seconds since the epoch
 * @param choices one, or {@link ChatRequest#n()}
 * @param usage {@code null} where the provider did not say
 * @param serviceTier the tier that served the call
 */
public record ChatResponse(String id, String model, long created, List<Choice> choices, @Nullable Usage usage,
		@Nullable String serviceTier) {

	public ChatResponse {
		choices = List.copyOf(choices);
	}

	/**
	 * One of the answers.
	 *
	 * @param index its number, from 0
	 * @param parts what was generated, in order
	 * @param stopSequence the stop sequence that was met, where the dialect tells
	 */
	public record Choice(int index, List<Part> parts, FinishReason finishReason, @Nullable String stopSequence) {

		public Choice {
			parts = List.copyOf(parts);
		}

		public String text() {
			return Part.textOf(this.parts);
		}

	}

	/** The first choice's text; empty where there is none. */
	public String text() {
		return this.choices.isEmpty() ? "" : this.choices.get(0).text();
	}

}
