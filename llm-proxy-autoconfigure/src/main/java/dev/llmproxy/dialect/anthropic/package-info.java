/**
 * Anthropic Messages, and the counting of its tokens. It depends on {@code dialect},
 * {@code framing}, {@code chat} and Jackson. Start with
 * {@link dev.llmproxy.dialect.anthropic.AnthropicCodec}.
 */
@NullMarked
package dev.llmproxy.dialect.anthropic;

import org.jspecify.annotations.NullMarked;
