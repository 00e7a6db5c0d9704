package dev.llmproxy.dialect;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.LlmError;

import org.jspecify.annotations.Nullable;

/**
 * The half of a dialect that faces callers. Implementations are stateless and
 * thread-safe; they never block.
 */
public interface InboundCodec {

	Dialect dialect();

	/**
	 * Reads a request.
	 * @param body JSON that {@link EnvelopeScanner} accepted
	 * @param envelope its top-level fields; the model and the stream flag are taken from
	 * here, because some dialects carry them in the path
	 * @throws InvalidRequestException naming the offending field
	 */
	ChatRequest decodeRequest(byte[] body, Envelope envelope);

	byte[] encodeResponse(ChatResponse response);

	/** A fresh encoder for one streamed answer to {@code request}. */
	StreamEncoder streamEncoder(ChatRequest request);

	/**
	 * Renders an error as the dialect's own API does.
	 * @param requestId also put into the body, where the dialect has a place for it
	 */
	byte[] encodeError(LlmError error, @Nullable String requestId);

	/** Renders an error as the last frame of a stream that has begun. */
	byte[] encodeStreamError(LlmError error, @Nullable String requestId);

}
