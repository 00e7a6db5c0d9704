/**
 * OpenAI Chat Completions. It depends on {@code dialect}, {@code framing}, {@code chat}
 * and Jackson. Start with {@link dev.llmproxy.dialect.openai.OpenAiCodec}.
 */
@NullMarked
package dev.llmproxy.dialect.openai;

import org.jspecify.annotations.NullMarked;
