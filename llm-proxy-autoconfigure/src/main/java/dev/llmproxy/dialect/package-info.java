/**
 * Dialects of LLM APIs and the codecs between them and the canonical model. It depends on
 * {@code chat} and Jackson only; there are N codecs, never N² translators. Start with
 * {@link dev.llmproxy.dialect.InboundCodec} and
 * {@link dev.llmproxy.dialect.UpstreamCodec}.
 */
@NullMarked
package dev.llmproxy.dialect;

import org.jspecify.annotations.NullMarked;
