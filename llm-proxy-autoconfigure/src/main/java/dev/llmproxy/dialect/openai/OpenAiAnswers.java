package dev.llmproxy.dialect.openai;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.InboundCodec;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.UpstreamCodec;
import dev.llmproxy.dialect.WholeInspection;
import dev.llmproxy.dialect.framing.SseWriter;
import org.jspecify.annotations.Nullable;

/**
 * What both kinds of completions have in common: how errors are told, and how providers
 * answer.
 */
abstract sealed class OpenAiAnswers implements InboundCodec, UpstreamCodec permits OpenAiCodec, CompletionsCodec {

	@Override
	public byte[] encodeError(LlmError error, @Nullable String requestId) {
		return OpenAiErrors.encode(error, requestId);
	}

	@Override
	public byte[] encodeStreamError(LlmError error, @Nullable String requestId) {
		return SseWriter.data(OpenAiErrors.encode(error, requestId));
	}

	@Override
	public ChatResponse decodeResponse(byte[] body) {
		return OpenAiResponseDecoder.decode(body);
	}

	@Override
	public StreamDecoder streamDecoder() {
		return new OpenAiStreamDecoder();
	}

	@Override
	public LlmError decodeError(int status, byte[] body) {
		return OpenAiErrors.decode(status, body);
	}

	@Override
	public WholeInspection inspect(byte[] body) {
		return OpenAiInspection.of(body);
	}

	@Override
	public StreamInspector streamInspector() {
		return new OpenAiStreamInspector();
	}

}
