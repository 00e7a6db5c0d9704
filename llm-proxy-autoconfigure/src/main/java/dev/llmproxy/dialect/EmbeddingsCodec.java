package dev.llmproxy.dialect;

import dev.llmproxy.chat.EmbeddingsRequest;
import dev.llmproxy.chat.EmbeddingsResponse;

/**
 * Embeddings of one dialect, towards callers and providers. Implementations are stateless
 * and thread-safe; they never block. Errors have the shape that the dialect's chat codec
 * gives them.
 */
public interface EmbeddingsCodec {

	Dialect dialect();

	/**
	 * Reads a caller's request.
	 * @param body JSON that {@link EnvelopeScanner} accepted
	 * @param envelope its top-level fields; the model is taken from here
	 * @throws InvalidRequestException naming the offending field
	 */
	EmbeddingsRequest decodeRequest(byte[] body, Envelope envelope);

	/** Writes a request to a provider, members in a fixed order. */
	byte[] encodeRequest(EmbeddingsRequest request);

	/**
	 * Reads a provider's answer.
	 * @throws DecodingException if it is not one
	 */
	EmbeddingsResponse decodeResponse(byte[] body);

	/**
	 * Writes an answer to a caller.
	 * @param request what it answers, which says how vectors shall be written
	 */
	byte[] encodeResponse(EmbeddingsResponse response, EmbeddingsRequest request);

}
