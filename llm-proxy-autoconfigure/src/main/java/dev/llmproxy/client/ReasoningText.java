package dev.llmproxy.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import org.jspecify.annotations.Nullable;

/**
 * A model's thoughts as plain values, for libraries whose messages carry maps. Providers
 * want them back with the results of tools, and signed as they were.
 */
public final class ReasoningText {

	/** Under which key a message has its blocks of thoughts. */
	public static final String BLOCKS = "llm-proxy.reasoning";

	/** Under which key a message has the signatures of its tool calls, by their id. */
	public static final String CALLS = "llm-proxy.signatures";

	private ReasoningText() {
	}

	/** All that can be read of them; empty where there is nothing. */
	public static String of(ChatResponse.Choice choice) {
		StringBuilder text = new StringBuilder();
		for (Part part : choice.parts()) {
			if (part instanceof Part.Reasoning reasoning) {
				text.append(reasoning.text());
			}
		}
		return text.toString();
	}

	/** What a message has to carry so that {@link #parts} and {@link #signature} work. */
	public static Map<String, Object> attributes(ChatResponse.Choice choice) {
		List<Map<String, String>> blocks = new ArrayList<>();
		Map<String, String> calls = new LinkedHashMap<>();
		for (Part part : choice.parts()) {
			if (part instanceof Part.Reasoning reasoning
					&& (reasoning.signature() != null || reasoning.redacted() != null)) {
				blocks.add(block(reasoning));
			}
			else if (part instanceof Part.ToolCall call && call.signature() != null) {
				calls.put(call.id(), text(call.signature()));
			}
		}
		Map<String, Object> attributes = new LinkedHashMap<>();
		if (!blocks.isEmpty()) {
			attributes.put(BLOCKS, List.copyOf(blocks));
		}
		if (!calls.isEmpty()) {
			attributes.put(CALLS, Map.copyOf(calls));
		}
		return attributes;
	}

	private static Map<String, String> block(Part.Reasoning reasoning) {
		Map<String, String> block = new LinkedHashMap<>();
		block.put("text", reasoning.text());
		if (reasoning.signature() != null) {
			block.put("signature", text(reasoning.signature()));
		}
		if (reasoning.redacted() != null) {
			block.put("redacted", text(reasoning.redacted()));
		}
		return Map.copyOf(block);
	}

	/** The blocks that a message carries. */
	public static List<Part> parts(Map<String, ?> attributes) {
		List<Part> parts = new ArrayList<>();
		if (attributes.get(BLOCKS) instanceof List<?> blocks) {
			for (Object block : blocks) {
				if (block instanceof Map<?, ?> map && map.get("text") instanceof String text) {
					parts
						.add(new Part.Reasoning(text, signature(map.get("signature")), signature(map.get("redacted"))));
				}
			}
		}
		return parts;
	}

	/** The signature of a tool call that a message carries; {@code null} for none. */
	public static @Nullable Signature signature(Map<String, ?> attributes, String call) {
		return (attributes.get(CALLS) instanceof Map<?, ?> calls) ? signature(calls.get(call)) : null;
	}

	private static String text(Signature signature) {
		return signature.origin() + ":" + signature.value();
	}

	private static @Nullable Signature signature(@Nullable Object text) {
		if (text instanceof String string) {
			int colon = string.indexOf(':');
			if (colon > 0) {
				return new Signature(string.substring(0, colon), string.substring(colon + 1));
			}
		}
		return null;
	}

}
