package dev.llmproxy.dialect.bedrock;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.dialect.CodecContract;
import dev.llmproxy.dialect.Transcripts;
import dev.llmproxy.dialect.UpstreamCodec;

/** What every codec keeps, for Bedrock's. */
class BedrockCodecContractTest extends CodecContract {

	@Override
	protected UpstreamCodec upstream() {
		return new BedrockCodec();
	}

	@Override
	protected Map<String, byte[]> streams() {
		Map<String, byte[]> streams = new LinkedHashMap<>();
		for (String name : new String[] { "text", "tools", "thinking", "answer-tool", "no-usage", "error-first",
				"error-late", "error-headers" }) {
			streams.put(name, BedrockStreams.resource("stream-" + name + ".jsonl"));
		}
		return streams;
	}

	@Override
	protected Map<String, byte[]> responses() {
		Map<String, byte[]> responses = new LinkedHashMap<>();
		for (String name : new String[] { "text", "tools", "answer-tool", "cited", "blocked" }) {
			responses.put(name, Transcripts.resource(getClass(), "response-" + name + ".json"));
		}
		return responses;
	}

	/** A call that stands for the answer looks like any other. */
	@Override
	protected List<FinishReason> seenAs(FinishReason reason) {
		return (reason == FinishReason.STOP) ? List.of(reason, FinishReason.TOOL_CALLS) : super.seenAs(reason);
	}

}
