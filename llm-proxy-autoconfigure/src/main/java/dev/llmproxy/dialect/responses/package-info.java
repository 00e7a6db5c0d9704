/**
 * OpenAI Responses. It depends on {@code dialect}, {@code framing}, {@code chat} and
 * Jackson. Start with {@link dev.llmproxy.dialect.responses.ResponsesCodec}; what becomes
 * of thoughts is told by {@code Seal}.
 */
@NullMarked
package dev.llmproxy.dialect.responses;

import org.jspecify.annotations.NullMarked;
