/**
 * The canonical model of a conversation: what any dialect can be decoded to and encoded
 * from. It depends on the JDK only. Start with {@link dev.llmproxy.chat.ChatRequest},
 * {@link dev.llmproxy.chat.ChatResponse} and {@link dev.llmproxy.chat.ChatEvent}.
 */
@NullMarked
package dev.llmproxy.chat;

import org.jspecify.annotations.NullMarked;
