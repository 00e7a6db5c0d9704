package dev.llmproxy.dialect.responses;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.InboundCodec;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.UpstreamCodec;
import dev.llmproxy.dialect.WholeInspection;
import dev.llmproxy.dialect.framing.SseWriter;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI Responses, in both directions, without a memory: a request that refers to what a
 * provider has stored ({@code previous_response_id}, {@code conversation},
 * {@code prompt}, {@code item_reference} …) can be forwarded but not decoded. Thoughts
 * travel encrypted in the items themselves. Stateless and thread-safe.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses">API reference
 * of Responses</a>
 */
public final class ResponsesCodec implements InboundCodec, UpstreamCodec {

	@Override
	public Dialect dialect() {
		return Dialect.RESPONSES;
	}

	@Override
	public ChatRequest decodeRequest(byte[] body, Envelope envelope) {
		return RequestDecoder.decode(body, envelope);
	}

	/** Tells nothing of what was asked; see the other method for an answer that does. */
	@Override
	public byte[] encodeResponse(ChatResponse response) {
		return ResponseEncoder.encode(response, null);
	}

	/**
	 * Writes an answer that repeats what was asked (limits, tools, format …), as OpenAI's
	 * does.
	 * @param request the request as the caller sent it
	 */
	public byte[] encodeResponse(ChatResponse response, ChatRequest request) {
		return ResponseEncoder.encode(response, request);
	}

	@Override
	public StreamEncoder streamEncoder(ChatRequest request) {
		return new ResponsesStreamEncoder(request);
	}

	@Override
	public byte[] encodeError(LlmError error, @Nullable String requestId) {
		return ResponsesErrors.encode(error, requestId);
	}

	/** Numbers the event 0, as how many came before it is not known here. */
	@Override
	public byte[] encodeStreamError(LlmError error, @Nullable String requestId) {
		return SseWriter.event("error", ResponsesJson.write(ResponsesErrors.event(error, 0, requestId)));
	}

	@Override
	public EncodedRequest encodeRequest(ChatRequest request) {
		return RequestEncoder.encode(request);
	}

	@Override
	public ChatResponse decodeResponse(byte[] body) {
		return ResponseDecoder.decode(body);
	}

	@Override
	public StreamDecoder streamDecoder() {
		return new ResponsesStreamDecoder();
	}

	@Override
	public LlmError decodeError(int status, byte[] body) {
		return ResponsesErrors.decode(status, body);
	}

	@Override
	public WholeInspection inspect(byte[] body) {
		return ResponseInspection.of(body);
	}

	@Override
	public StreamInspector streamInspector() {
		return new ResponsesStreamInspector();
	}

}
