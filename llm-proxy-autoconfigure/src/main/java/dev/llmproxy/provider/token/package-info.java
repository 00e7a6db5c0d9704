/**
 * Counts tokens as families of models do: with OpenAI's own vocabularies where they are
 * there and wanted, else by estimates whose error is known. It depends on
 * {@code provider}. Start with {@link dev.llmproxy.provider.token.FamilyCounters}.
 */
@NullMarked
package dev.llmproxy.provider.token;

import org.jspecify.annotations.NullMarked;
