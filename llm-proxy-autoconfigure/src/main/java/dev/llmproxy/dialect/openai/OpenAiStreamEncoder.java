package dev.llmproxy.dialect.openai;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.framing.SseWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes {@code chat.completion.chunk}s. */
final class OpenAiStreamEncoder implements StreamEncoder {

	private static final byte[] NOTHING = {};

	private final OpenAiChunks chunks;

	private final Map<Integer, Choice> choices = new TreeMap<>();

	private @Nullable Usage usage;

	private boolean failed;

	OpenAiStreamEncoder(ChatRequest request) {
		this.chunks = new OpenAiChunks("chat.completion.chunk", "chatcmpl-", request);
	}

	@Override
	public byte[] encode(ChatEvent event) {
		if (event instanceof ChatEvent.Started started) {
			this.chunks.start(started);
			return this.choices.isEmpty() ? role(0) : NOTHING;
		}
		if (event instanceof ChatEvent.TextDelta delta) {
			return content(delta.choice(), "content", delta.text());
		}
		if (event instanceof ChatEvent.RefusalDelta delta) {
			choice(delta.choice()).refused = true;
			return content(delta.choice(), "refusal", delta.text());
		}
		if (event instanceof ChatEvent.ReasoningDelta delta) {
			choice(delta.choice()).thought.append(delta.text());
			return content(delta.choice(), OpenAiReasoning.CONTENT, delta.text());
		}
		if (event instanceof ChatEvent.ReasoningSigned signed) {
			return signed(signed.choice(), signed.signature());
		}
		if (event instanceof ChatEvent.ReasoningRedacted redacted) {
			return detail(redacted.choice(), new Part.Reasoning("", null, redacted.data()));
		}
		if (event instanceof ChatEvent.ToolCallStarted call) {
			return delta(call.choice(), call(call));
		}
		if (event instanceof ChatEvent.ToolCallDelta delta) {
			return delta(delta.choice(), arguments(delta));
		}
		if (event instanceof ChatEvent.Finished finished) {
			boolean refused = choice(finished.choice()).refused;
			return frames(finished.choice(),
					this.chunks.delta(finished.choice(), object(), OpenAiFinish.write(finished.reason(), refused)));
		}
		if (event instanceof ChatEvent.UsageReported reported) {
			this.usage = reported.usage();
			return NOTHING;
		}
		this.failed = true;
		return SseWriter.data(OpenAiErrors.encode(((ChatEvent.Failed) event).error(), null));
	}

	@Override
	public byte[] end() {
		return this.failed ? NOTHING : this.chunks.end(this.usage);
	}

	private byte[] content(int choice, String field, String text) {
		return delta(choice, object().put(field, text));
	}

	private byte[] signed(int choice, Signature signature) {
		StringBuilder thought = choice(choice).thought;
		String text = thought.toString();
		thought.setLength(0);
		// A proof of nothing only says where the thoughts came from.
		return ReasoningSeal.isUnsigned(signature) ? NOTHING : detail(choice, new Part.Reasoning(text, signature));
	}

	/** One whole detail, with the text once more, as callers send it back. */
	private byte[] detail(int choice, Part.Reasoning thought) {
		ObjectNode detail = ReasoningSeal.detail(thought, choice(choice).details++);
		ObjectNode delta = object();
		delta.putArray(ReasoningSeal.isBlock(detail) ? OpenAiReasoning.BLOCKS : OpenAiReasoning.DETAILS).add(detail);
		return delta(choice, delta);
	}

	private static ObjectNode call(ChatEvent.ToolCallStarted call) {
		ObjectNode delta = object();
		ObjectNode encoded = delta.putArray("tool_calls").addObject();
		encoded.put("index", call.index()).put("id", call.id()).put("type", "function");
		encoded.putObject("function").put("name", call.name()).put("arguments", "");
		OpenAiToolCalls.sign(encoded, call.signature());
		return delta;
	}

	private static ObjectNode arguments(ChatEvent.ToolCallDelta fragment) {
		ObjectNode delta = object();
		ObjectNode call = delta.putArray("tool_calls").addObject().put("index", fragment.index());
		call.putObject("function").put("arguments", fragment.arguments());
		return delta;
	}

	private byte[] delta(int choice, ObjectNode delta) {
		return frames(choice, this.chunks.delta(choice, delta, null));
	}

	/** The frame, after the one that tells the role if the choice is new. */
	private byte[] frames(int choice, byte[] frame) {
		if (choice(choice).announced) {
			return frame;
		}
		byte[] role = role(choice);
		byte[] both = Arrays.copyOf(role, role.length + frame.length);
		System.arraycopy(frame, 0, both, role.length, frame.length);
		return both;
	}

	private byte[] role(int choice) {
		choice(choice).announced = true;
		return this.chunks.delta(choice, object().put("role", "assistant").put("content", "").putNull("refusal"), null);
	}

	private Choice choice(int index) {
		return this.choices.computeIfAbsent(index, (key) -> new Choice());
	}

	private static ObjectNode object() {
		return OpenAiJson.MAPPER.createObjectNode();
	}

	/** What is known of one choice. */
	private static final class Choice {

		private boolean announced;

		private boolean refused;

		/** How many details of thoughts were told. */
		private int details;

		/** The text of the running block of thoughts. */
		private final StringBuilder thought = new StringBuilder();

	}

}
