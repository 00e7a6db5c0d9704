/**
 * Gemini API and Vertex AI {@code generateContent}, token counting and embeddings. It
 * depends on {@code dialect}, {@code framing}, {@code chat} and Jackson. Start with
 * {@link dev.llmproxy.dialect.gemini.GeminiCodec}.
 */
@NullMarked
package dev.llmproxy.dialect.gemini;

import org.jspecify.annotations.NullMarked;
