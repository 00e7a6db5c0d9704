/**
 * Byte parsers and writers for the two framings that streamed answers come in:
 * server-sent events and the AWS event stream. The package depends on the JDK alone.
 * Start at {@link dev.llmproxy.dialect.framing.SseDecoder} for reading events, at
 * {@link dev.llmproxy.dialect.framing.SseFrames} for relaying them unread, and at
 * {@link dev.llmproxy.dialect.framing.EventStreamDecoder} for Amazon Bedrock.
 */
@NullMarked
package dev.llmproxy.dialect.framing;

import org.jspecify.annotations.NullMarked;
