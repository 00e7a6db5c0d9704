package dev.llmproxy.observability.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.ResponseBody;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was said, as the OpenTelemetry conventions write it in an attribute. For whoever
 * has chosen to have it: it decodes requests that would have passed undecoded. Pictures,
 * recordings and documents are named and not told. Answers that are streams are left out.
 * Thread-safe.
 */
public final class MessageContent {

	private static final String CUT = "…";

	/** What a cut may have left of a secret is no longer than this. */
	private static final int LONGEST_WORD = 512;

	private final int maxLength;

	private final UnaryOperator<String> masking;

	private final Codecs codecs;

	/**
	 * Creates one.
	 * @param maxLength characters of all texts of an attribute; of long conversations the
	 * end is told
	 * @param masking applied to every text
	 * @throws IllegalArgumentException if the length is less than 1
	 */
	public MessageContent(int maxLength, UnaryOperator<String> masking, Codecs codecs) {
		if (maxLength < 1) {
			throw new IllegalArgumentException("It must be at least 1");
		}
		this.maxLength = maxLength;
		this.masking = masking;
		this.codecs = codecs;
	}

	/** What is asked; {@code null} if it is no conversation, or can't be read. */
	@Nullable String input(LlmRequest request) {
		if (request.operation() != Operation.CHAT) {
			return null;
		}
		try {
			return written(request.chat().messages());
		}
		catch (RuntimeException ex) {
			// It is refused elsewhere.
			return null;
		}
	}

	/** What is answered; {@code null} if it is no whole answer to a conversation. */
	@Nullable String output(LlmRequest request, ResponseBody body) {
		if (request.operation() != Operation.CHAT) {
			return null;
		}
		try {
			ChatResponse response = whole(body);
			return (response != null) ? answered(response.choices()) : null;
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	private @Nullable ChatResponse whole(ResponseBody body) {
		if (body instanceof ResponseBody.Whole whole) {
			return whole.response();
		}
		return (body instanceof ResponseBody.Json json)
				? this.codecs.upstream(json.dialect()).decodeResponse(json.bytes()) : null;
	}

	/** The newest messages count most. */
	private String written(List<Message> messages) {
		Budget budget = new Budget();
		List<ObjectNode> newestFirst = new ArrayList<>();
		for (int i = messages.size() - 1; i >= 0 && budget.left > 0; i--) {
			newestFirst.add(message(messages.get(i).role(), messages.get(i).parts(), budget));
		}
		Collections.reverse(newestFirst);
		return json(newestFirst);
	}

	private String answered(List<ChatResponse.Choice> choices) {
		Budget budget = new Budget();
		List<ObjectNode> messages = new ArrayList<>();
		for (ChatResponse.Choice choice : choices) {
			messages.add(message(Role.ASSISTANT, choice.parts(), budget).put("finish_reason",
					choice.finishReason().name().toLowerCase(Locale.ROOT)));
		}
		return json(messages);
	}

	private static String json(List<ObjectNode> messages) {
		ArrayNode all = JsonNodeFactory.instance.arrayNode();
		messages.forEach(all::add);
		return ReadyMapper.shared().writeValueAsString(all);
	}

	private ObjectNode message(Role role, List<Part> parts, Budget budget) {
		ObjectNode node = JsonNodeFactory.instance.objectNode();
		node.put("role", role.name().toLowerCase(Locale.ROOT));
		ArrayNode told = node.putArray("parts");
		for (Part part : parts) {
			if (budget.left <= 0) {
				break;
			}
			part(told.addObject(), part, budget);
		}
		return node;
	}

	private void part(ObjectNode node, Part part, Budget budget) {
		if (part instanceof Part.Text text) {
			node.put("type", "text").put("content", told(text.text(), budget));
		}
		else if (part instanceof Part.Refusal refusal) {
			node.put("type", "text").put("content", told(refusal.text(), budget));
		}
		else if (part instanceof Part.Reasoning reasoning) {
			node.put("type", "reasoning").put("content", told(reasoning.text(), budget));
		}
		else if (part instanceof Part.ToolCall call) {
			node.put("type", "tool_call")
				.put("id", TraceNames.bounded(call.id()))
				.put("name", TraceNames.bounded(call.name()))
				.put("arguments", told(call.arguments(), budget));
		}
		else if (part instanceof Part.ToolResult result) {
			node.put("type", "tool_call_response")
				.put("id", TraceNames.bounded(result.toolCallId()))
				.put("response", told(Part.textOf(result.content()), budget));
		}
		else {
			node.put("type", part.kind());
		}
	}

	/** Masked, and then cut: the other way round half a secret might be left. */
	private String told(String text, Budget budget) {
		String beginning = beginning(text, budget.left);
		String masked = this.masking.apply(beginning);
		boolean cut = masked.length() > budget.left || beginning.length() < text.length();
		String told = cut ? masked.substring(0, Math.min(masked.length(), budget.left)) + CUT : masked;
		budget.left -= cut ? budget.left : told.length();
		return told;
	}

	/** Megabytes need not be masked to tell of kilobytes. */
	private static String beginning(String text, int length) {
		int enough = length + LONGEST_WORD;
		if (text.length() <= enough) {
			return text;
		}
		int end = enough;
		while (end > 0 && !Character.isWhitespace(text.charAt(end - 1))) {
			end--;
		}
		return text.substring(0, end);
	}

	/** Characters that may still be told. */
	private final class Budget {

		private int left = MessageContent.this.maxLength;

	}

}
