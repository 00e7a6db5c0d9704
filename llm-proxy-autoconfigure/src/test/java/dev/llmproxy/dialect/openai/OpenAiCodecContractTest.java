package dev.llmproxy.dialect.openai;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.dialect.CodecContract;
import dev.llmproxy.dialect.Transcripts;
import dev.llmproxy.dialect.UpstreamCodec;

/** The laws of all codecs, for chat completions. */
class OpenAiCodecContractTest extends CodecContract {

	@Override
	protected UpstreamCodec upstream() {
		return new OpenAiCodec();
	}

	@Override
	protected Map<String, byte[]> streams() {
		return read("streams/", ".sse", "text", "tools", "tools-gemini", "tools-without-index", "tools-late-name",
				"tools-custom", "function-call", "reasoning-deepseek", "reasoning-openrouter", "reasoning-litellm",
				"reasoning-mistral", "azure", "choices", "refusal", "without-done", "without-finish-reason", "folded",
				"failed", "failed-at-once", "failed-vllm");
	}

	@Override
	protected Map<String, byte[]> responses() {
		return read("responses/", ".json", "text", "tools", "reasoning", "refusal", "image");
	}

	@Override
	protected Map<String, byte[]> requests() {
		return read("requests/", ".json", "everything", "extensions", "thinking", "functions", "allowed-tools");
	}

	private Map<String, byte[]> read(String folder, String extension, String... names) {
		Map<String, byte[]> contents = new LinkedHashMap<>();
		List.of(names)
			.forEach((name) -> contents.put(name, Transcripts.resource(getClass(), folder + name + extension)));
		return contents;
	}

	@Override
	protected int choices() {
		return 2;
	}

	@Override
	protected ChatResponse sayable(ChatResponse response) {
		return Sayable.of(response);
	}

	@Override
	protected ChatRequest sayable(ChatRequest request) {
		return Sayable.of(request);
	}

}
