package dev.llmproxy.dialect.bedrock;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.UpstreamCodec;
import dev.llmproxy.dialect.WholeInspection;

/**
 * Amazon Bedrock's Converse and ConverseStream; see the
 * <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/">API reference</a>.
 * The model, and whether to stream, are in the path of a request. Stateless and
 * thread-safe.
 */
public final class BedrockCodec implements UpstreamCodec {

	@Override
	public Dialect dialect() {
		return Dialect.BEDROCK;
	}

	@Override
	public Framing streamFraming() {
		return Framing.AWS_EVENT_STREAM;
	}

	@Override
	public EncodedRequest encodeRequest(ChatRequest request) {
		return new BedrockRequestEncoder(request).encode();
	}

	@Override
	public ChatResponse decodeResponse(byte[] body) {
		return BedrockResponseDecoder.decode(body);
	}

	@Override
	public StreamDecoder streamDecoder() {
		return new BedrockStreamDecoder();
	}

	@Override
	public LlmError decodeError(int status, byte[] body) {
		return BedrockErrors.decode(status, body);
	}

	@Override
	public WholeInspection inspect(byte[] body) {
		return BedrockInspection.inspect(body);
	}

	@Override
	public StreamInspector streamInspector() {
		return new BedrockStreamInspector();
	}

}
