package dev.llmproxy.dialect;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.LlmError;

/**
 * The half of a dialect that faces providers. Implementations are stateless and
 * thread-safe; they never block.
 */
public interface UpstreamCodec {

	Dialect dialect();

	/** How this dialect streams. */
	default Framing streamFraming() {
		return Framing.SSE;
	}

	/**
	 * Writes a request. Members stand in a fixed order and tools in the caller's, so that
	 * equal prefixes give equal bytes.
	 */
	EncodedRequest encodeRequest(ChatRequest request);

	/**
	 * Reads a whole answer.
	 * @throws DecodingException if it is not one
	 */
	ChatResponse decodeResponse(byte[] body);

	/** A fresh decoder for one streamed answer. */
	StreamDecoder streamDecoder();

	/** Reads the body of a response whose status is not 2xx; never fails. */
	LlmError decodeError(int status, byte[] body);

	/**
	 * Looks at a whole answer that passes through undecoded: by bytes, parsing only the
	 * part that tells the usage.
	 * @param body valid JSON
	 */
	WholeInspection inspect(byte[] body);

	/** A fresh inspector for one streamed answer that passes through undecoded. */
	StreamInspector streamInspector();

}
