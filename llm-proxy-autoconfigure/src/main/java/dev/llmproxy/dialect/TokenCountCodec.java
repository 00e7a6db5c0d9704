package dev.llmproxy.dialect;

import dev.llmproxy.chat.ChatRequest;

/**
 * The part of a dialect that asks how many tokens a prompt has, without an answer being
 * generated (Anthropic {@code count_tokens}, Gemini {@code countTokens}). Implementations
 * are stateless and thread-safe; they never block.
 */
public interface TokenCountCodec {

	Dialect dialect();

	/**
	 * Writes the question. What bears on generation only, such as limits and sampling, is
	 * left out.
	 * @throws InvalidRequestException naming the field that the dialect can't express
	 */
	byte[] encodeCountRequest(ChatRequest request);

	/**
	 * Reads a provider's answer.
	 * @return the prompt's tokens, not negative
	 * @throws DecodingException if it is not such an answer
	 */
	long decodeCountResponse(byte[] body);

	/**
	 * Writes the answer for a caller.
	 * @param inputTokens the prompt's tokens, not negative
	 */
	byte[] encodeCountResponse(long inputTokens);

}
