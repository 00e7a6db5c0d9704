package dev.llmproxy.dialect;

import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a glance at a whole answer tells.
 *
 * @param usage if the provider told
 * @param error if the answer is an error in spite of its status
 */
public record WholeInspection(@Nullable Usage usage, @Nullable LlmError error) {

	public static final WholeInspection NOTHING = new WholeInspection(null, null);

}
