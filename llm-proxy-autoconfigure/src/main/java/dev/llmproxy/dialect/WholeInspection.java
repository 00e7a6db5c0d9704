package dev.llmproxy.dialect;

import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a glance at a whole answer tells.
 *
 * @param usage if the provider told
 * @param finish why it ended, if it says so
 * @param error if the answer is an error in spite of its status
 */
public record WholeInspection(@Nullable Usage usage, @Nullable FinishReason finish, @Nullable LlmError error) {

	public static final WholeInspection NOTHING = new WholeInspection(null, null, null);

}
