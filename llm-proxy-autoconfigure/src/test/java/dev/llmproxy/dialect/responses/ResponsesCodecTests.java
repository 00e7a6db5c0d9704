package dev.llmproxy.dialect.responses;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.CodecContract;
import dev.llmproxy.dialect.Transcripts;
import dev.llmproxy.dialect.UpstreamCodec;

/** What holds for every codec, for this one. */
class ResponsesCodecTests extends CodecContract {

	@Override
	protected UpstreamCodec upstream() {
		return new ResponsesCodec();
	}

	@Override
	protected Map<String, byte[]> streams() {
		return resources("stream.txt", "stream-refusal.txt", "stream-incomplete.txt", "stream-failed.txt",
				"stream-sparse.txt", "stream-at-the-end.txt");
	}

	@Override
	protected Map<String, byte[]> responses() {
		return resources("response.json", "response-refusal.json", "response-incomplete.json");
	}

	@Override
	protected Map<String, byte[]> requests() {
		return resources("request.json");
	}

	private Map<String, byte[]> resources(String... names) {
		Map<String, byte[]> resources = new LinkedHashMap<>();
		for (String name : names) {
			resources.put(name, Transcripts.resource(getClass(), name));
		}
		return resources;
	}

	/**
	 * Identifiers get a prefix; thoughts of our own are signed, however they came, and a
	 * proof alone closes the thought before it.
	 */
	@Override
	protected ChatResponse sayable(ChatResponse response) {
		List<ChatResponse.Choice> choices = response.choices()
			.stream()
			.map((choice) -> new ChatResponse.Choice(choice.index(), sayable(choice.parts()), choice.finishReason(),
					null))
			.toList();
		return new ChatResponse(ResponseObject.id(response.id()), response.model(), response.created(), choices,
				response.usage(), response.serviceTier());
	}

	private static List<Part> sayable(List<Part> parts) {
		List<Part> sayable = new ArrayList<>();
		for (Part part : parts) {
			if (part instanceof Part.ToolCall call && isHome(call.signature())) {
				Part before = sayable.isEmpty() ? null : sayable.get(sayable.size() - 1);
				if (before instanceof Part.Reasoning open && open.signature() == null && open.redacted() == null) {
					sayable.set(sayable.size() - 1, new Part.Reasoning(open.text(), call.signature()));
				}
				else {
					sayable.add(new Part.Reasoning("", call.signature()));
				}
				sayable.add(new Part.ToolCall(call.id(), call.name(), call.arguments()));
			}
			else if (part instanceof Part.Reasoning reasoning && isHome(reasoning.redacted())) {
				sayable.add(new Part.Reasoning(reasoning.text(), reasoning.redacted()));
			}
			else {
				sayable.add(part);
			}
		}
		return sayable;
	}

	private static boolean isHome(Signature signature) {
		return signature != null && Seal.isHome(signature);
	}

	/** A picture without a wish for detail is one with the default wish. */
	@Override
	protected ChatRequest sayable(ChatRequest request) {
		return request.mutate()
			.messages(request.messages()
				.stream()
				.map((message) -> new Message(message.role(), message.parts().stream().flatMap(this::detailed).toList(),
						message.name()))
				.toList())
			.build();
	}

	private Stream<Part> detailed(Part part) {
		if (part instanceof Part.ToolResult result) {
			return Stream.of(new Part.ToolResult(result.toolCallId(), result.name(),
					result.content().stream().flatMap(this::detailed).toList(), result.error(), result.cacheControl()));
		}
		if (part instanceof Part.Image image && image.detail() == null) {
			return Stream.of(new Part.Image(image.source(), "auto", image.cacheControl()));
		}
		return Stream.of(part);
	}

}
