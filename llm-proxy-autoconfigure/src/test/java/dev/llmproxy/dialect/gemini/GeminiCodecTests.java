package dev.llmproxy.dialect.gemini;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.CodecContract;
import dev.llmproxy.dialect.Transcripts;
import dev.llmproxy.dialect.UpstreamCodec;

/** What holds for every codec holds for Gemini's. */
class GeminiCodecTests extends CodecContract {

	static final GeminiCodec CODEC = new GeminiCodec(InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)));

	@Override
	protected UpstreamCodec upstream() {
		return CODEC;
	}

	@Override
	protected int choices() {
		return 2;
	}

	@Override
	protected Map<String, byte[]> streams() {
		Map<String, byte[]> streams = resources("stream-text.sse", "stream-calls.sse", "stream-partial-calls.sse",
				"stream-two.sse", "stream-blocked.sse", "stream-error.sse", "stream-late-usage.sse",
				"stream-several-lines.sse");
		// As Google sends them.
		for (String name : List.of("stream-text.sse", "stream-error.sse")) {
			streams.put(name + " with CRLF", crLf(streams.get(name)));
		}
		return streams;
	}

	@Override
	protected Map<String, byte[]> responses() {
		return resources("response-text.json", "response-calls.json", "response-blocked.json", "response-two.json");
	}

	@Override
	protected Map<String, byte[]> requests() {
		return resources("request-tools.json", "request-snake.json", "request-unnamed-calls.json");
	}

	private static byte[] crLf(byte[] stream) {
		return new String(stream, StandardCharsets.UTF_8).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
	}

	private static Map<String, byte[]> resources(String... names) {
		Map<String, byte[]> resources = new LinkedHashMap<>();
		for (String name : names) {
			resources.put(name, Transcripts.resource(GeminiCodecTests.class, name));
		}
		return resources;
	}

	/**
	 * Fields of list elements have no place; thoughts without a proof are not sent back.
	 */
	@Override
	protected ChatRequest sayable(ChatRequest request) {
		Map<String, Object> rest = new LinkedHashMap<>(request.rest());
		rest.keySet().removeIf((path) -> path.indexOf('[') >= 0);
		List<Message> messages = new ArrayList<>();
		for (Message message : request.messages()) {
			List<Part> parts = new ArrayList<>(message.parts());
			parts.removeIf((part) -> part instanceof Part.Reasoning reasoning && reasoning.signature() == null);
			if (message.role() == Role.TOOL) {
				parts.sort(Comparator.comparing((part) -> ((Part.ToolResult) part).toolCallId()));
			}
			messages.add(new Message(message.role(), parts));
		}
		return new ChatRequest(request.model(), messages, request.tools(), request.toolChoice(),
				request.parallelToolCalls(), request.maxTokens(), request.temperature(), request.topP(), request.topK(),
				request.frequencyPenalty(), request.presencePenalty(), request.seed(), request.stop(), request.n(),
				request.responseFormat(), request.reasoning(), request.stream(), request.includeUsage(), request.user(),
				request.metadata(), request.serviceTier(), rest);
	}

	/** Gemini has no refusals and does not tell what it wrote into its cache. */
	@Override
	protected ChatResponse sayable(ChatResponse response) {
		List<ChatResponse.Choice> choices = new ArrayList<>();
		for (ChatResponse.Choice choice : response.choices()) {
			FinishReason reason = choice.finishReason();
			choices.add(new ChatResponse.Choice(choice.index(),
					choice.parts().stream().map(GeminiCodecTests::sayable).toList(),
					(reason == FinishReason.REFUSAL) ? FinishReason.CONTENT_FILTER : reason, choice.stopSequence()));
		}
		Usage usage = response.usage();
		return new ChatResponse(response.id(), response.model(), response.created(), choices,
				(usage != null)
						? new Usage(usage.inputTokens(), usage.outputTokens(), usage.cacheReadTokens(), 0,
								usage.reasoningTokens(), usage.audioInputTokens(), usage.audioOutputTokens(), false)
						: null,
				null);
	}

	private static Part sayable(Part part) {
		if (part instanceof Part.Refusal refusal) {
			return Part.text(refusal.text());
		}
		if (part instanceof Part.Text text) {
			return Part.text(text.text());
		}
		if (part instanceof Part.ToolCall call) {
			return new Part.ToolCall(call.id(), call.name(),
					GeminiJson.MAPPER.writeValueAsString(GeminiJson.parseObject(call.arguments())), call.signature(),
					null);
		}
		return part;
	}

}
