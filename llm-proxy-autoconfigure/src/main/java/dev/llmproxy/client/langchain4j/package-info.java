/**
 * The gateway as LangChain4j's chat and embedding models. It depends on {@code client}
 * and what is above that, and on LangChain4j's core. Start with
 * {@link dev.llmproxy.client.langchain4j.GatewayChatModel}.
 */
@NullMarked
package dev.llmproxy.client.langchain4j;

import org.jspecify.annotations.NullMarked;
