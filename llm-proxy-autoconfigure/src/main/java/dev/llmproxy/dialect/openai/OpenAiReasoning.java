package dev.llmproxy.dialect.openai;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Thoughts in chat completions, which OpenAI does not show and every vendor shows in its
 * own way. Text is in {@code reasoning_content} (DeepSeek, and what callers get from us)
 * or {@code reasoning} (OpenRouter, Groq); proofs and encrypted thoughts are in
 * {@code reasoning_details} (OpenRouter) or {@code thinking_blocks} (LiteLLM), which then
 * repeat the text.
 * <p>
 * Several vendors want thoughts back in the field they came in, unsigned ones too.
 * {@link ReasoningSeal} keeps track of it.
 */
final class OpenAiReasoning {

	static final String CONTENT = "reasoning_content";

	static final String PLAIN = "reasoning";

	static final String DETAILS = "reasoning_details";

	static final String BLOCKS = "thinking_blocks";

	private OpenAiReasoning() {
	}

	/** The thoughts of a whole message, in order. */
	static List<Part.Reasoning> read(JsonNode message) {
		String content = OpenAiJson.nonEmpty(message.path(CONTENT));
		String plain = (content != null) ? content : OpenAiJson.nonEmpty(message.path(PLAIN));
		List<Part.Reasoning> thoughts = new ArrayList<>();
		JsonNode previous = MissingNode.getInstance();
		for (JsonNode detail : details(message)) {
			add(thoughts, detail, previous);
			previous = detail;
		}
		if (plain != null && thoughts.stream().allMatch((thought) -> thought.text().isEmpty())) {
			addText(thoughts, plain, (content != null) ? ReasoningSeal.UNSIGNED : ReasoningSeal.UNSIGNED_PLAIN);
		}
		return thoughts;
	}

	/** The details of a message or of a delta, whichever vendor's they are. */
	static JsonNode details(JsonNode message) {
		JsonNode details = message.path(DETAILS);
		return (details.isArray() && !details.isEmpty()) ? details : message.path(BLOCKS);
	}

	private static void add(List<Part.Reasoning> thoughts, JsonNode detail, JsonNode previous) {
		Signature seal = ReasoningSeal.of(detail);
		if (ReasoningSeal.isEncrypted(detail)) {
			if (!ReasoningSeal.isUnsigned(seal)) {
				thoughts.add(new Part.Reasoning("", null, seal));
			}
			return;
		}
		String text = ReasoningSeal.text(detail);
		Part.Reasoning last = thoughts.isEmpty() ? null : thoughts.get(thoughts.size() - 1);
		// Callers who collect the details of a stream have the text of one in many
		// pieces.
		boolean goesOn = previous.path("index").equals(detail.path("index"));
		if (goesOn && last != null && last.signature() != null && ReasoningSeal.isUnsigned(last.signature())) {
			thoughts.set(thoughts.size() - 1, new Part.Reasoning(last.text() + text, seal));
		}
		else if (!text.isEmpty() || !ReasoningSeal.isUnsigned(seal)) {
			thoughts.add(new Part.Reasoning(text, seal));
		}
	}

	/** Details without their text: it belongs to the first that could have one. */
	private static void addText(List<Part.Reasoning> thoughts, String text, Signature unsigned) {
		for (int i = 0; i < thoughts.size(); i++) {
			Part.Reasoning thought = thoughts.get(i);
			if (thought.redacted() == null) {
				thoughts.set(i, new Part.Reasoning(text, thought.signature()));
				return;
			}
		}
		thoughts.add(0, new Part.Reasoning(text, unsigned));
	}

	/** Shows thoughts to a caller, whichever dialect they come from. */
	static void show(List<Part.Reasoning> thoughts, ObjectNode message) {
		write(thoughts, CONTENT, message);
	}

	/** Gives a provider its own thoughts back. */
	static void giveBack(List<Part.Reasoning> thoughts, ObjectNode message) {
		boolean plain = thoughts.stream()
			.anyMatch((thought) -> ReasoningSeal.UNSIGNED_PLAIN.equals(thought.signature()));
		write(thoughts, plain ? PLAIN : CONTENT, message);
	}

	private static void write(List<Part.Reasoning> thoughts, String field, ObjectNode message) {
		StringBuilder text = new StringBuilder();
		boolean signed = false;
		for (Part.Reasoning thought : thoughts) {
			text.append(thought.text());
			signed |= thought.redacted() != null
					|| (thought.signature() != null && !ReasoningSeal.isUnsigned(thought.signature()));
		}
		if (!text.isEmpty()) {
			message.put(field, text.toString());
		}
		if (signed) {
			for (int i = 0; i < thoughts.size(); i++) {
				ObjectNode detail = ReasoningSeal.detail(thoughts.get(i), i);
				message.withArray(ReasoningSeal.isBlock(detail) ? BLOCKS : DETAILS).add(detail);
			}
		}
	}

}
