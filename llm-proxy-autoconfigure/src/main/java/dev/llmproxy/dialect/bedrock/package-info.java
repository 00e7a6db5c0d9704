/**
 * Amazon Bedrock's Converse and ConverseStream, as a provider only. It depends on
 * {@code dialect}, {@code framing}, {@code chat} and Jackson. Start with
 * {@link dev.llmproxy.dialect.bedrock.BedrockCodec}.
 */
@NullMarked
package dev.llmproxy.dialect.bedrock;

import org.jspecify.annotations.NullMarked;
