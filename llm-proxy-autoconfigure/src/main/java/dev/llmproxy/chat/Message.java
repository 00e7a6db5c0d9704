package dev.llmproxy.chat;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One turn. Consecutive messages of one role are allowed here; encoders merge them where
 * their dialect demands alternation.
 *
 * @param role who speaks
 * @param parts what is said, in order
 * @param name the participant's name, where the dialect has one
 */
public record Message(Role role, List<Part> parts, @Nullable String name) {

	public Message {
		parts = List.copyOf(parts);
	}

	public Message(Role role, List<Part> parts) {
		this(role, parts, null);
	}

	public static Message text(Role role, String text) {
		return new Message(role, List.of(Part.text(text)), null);
	}

	/** All {@link Part.Text} parts, joined without a separator. */
	public String text() {
		return Part.textOf(this.parts);
	}

}
