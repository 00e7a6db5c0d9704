/**
 * The gateway as Spring AI's {@code ChatModel} and {@code EmbeddingModel}. It depends on
 * {@code client} and what is above that, and on Spring AI's model module. Start with
 * {@link dev.llmproxy.client.springai.GatewayChatModel}.
 */
@NullMarked
package dev.llmproxy.client.springai;

import org.jspecify.annotations.NullMarked;
