package dev.llmproxy.dialect.responses;

import dev.llmproxy.chat.ChatEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One output item of a stream, as far as it has been passed on. Not thread-safe. */
final class StreamedItem {

	private static final int NO_CALL = -1;

	private final AnswerEvents answer;

	private boolean told;

	private int call = NO_CALL;

	private @Nullable Boolean summary;

	private int paragraph;

	StreamedItem(AnswerEvents answer) {
		this.answer = answer;
	}

	void added(JsonNode item) {
		if (item.path("type").asString("").equals("function_call")) {
			startCall(item);
		}
	}

	/** Some servers announce a call before they know its name. */
	private void startCall(JsonNode item) {
		String name = item.path("name").asString("");
		if (this.call == NO_CALL && !name.isEmpty()) {
			this.call = this.answer.call(ResponseDecoder.callId(item), name);
		}
	}

	void said(ChatEvent delta) {
		this.told = true;
		this.answer.emit(delta);
	}

	/** A server that shows thoughts and their summary tells the same twice. */
	void thought(boolean summary, int paragraph, String delta) {
		if (this.summary == null) {
			this.summary = summary;
			this.paragraph = paragraph;
			if (this.answer.isThinking()) {
				thought("\n\n");
			}
		}
		if (this.summary != summary) {
			return;
		}
		if (paragraph != this.paragraph) {
			this.paragraph = paragraph;
			thought("\n\n");
		}
		thought(delta);
	}

	private void thought(String text) {
		said(new ChatEvent.ReasoningDelta(0, text));
	}

	void arguments(String delta) {
		if (this.call != NO_CALL) {
			said(new ChatEvent.ToolCallDelta(0, this.call, delta));
		}
	}

	void done(JsonNode item) {
		switch (item.path("type").asString("")) {
			case "message" -> {
				if (!this.told) {
					item.path("content").forEach(this::content);
				}
			}
			case "function_call" -> {
				startCall(item);
				if (!this.told) {
					arguments(item.path("arguments").asString(""));
				}
			}
			case "reasoning" -> reasoned(item);
			default -> {
				// Traces of hosted tools.
			}
		}
	}

	private void content(JsonNode part) {
		String text = ResponsesJson.text(part.path("text"));
		String refusal = ResponsesJson.text(part.path("refusal"));
		if (refusal != null) {
			said(new ChatEvent.RefusalDelta(0, refusal));
		}
		else if (text != null) {
			said(new ChatEvent.TextDelta(0, text));
		}
	}

	private void reasoned(JsonNode item) {
		String text = Seal.text(item);
		if (!this.told && !text.isEmpty()) {
			thought(true, 0, text);
		}
		String encrypted = ResponsesJson.text(item.path("encrypted_content"));
		if (encrypted == null) {
			return;
		}
		Seal seal = Seal.read(encrypted, this.told);
		switch (seal.kind()) {
			case THOUGHT -> this.answer.emit(new ChatEvent.ReasoningSigned(0, seal.signature()));
			case REDACTED -> this.answer.emit(new ChatEvent.ReasoningRedacted(0, seal.signature()));
			case CALL_OR_THOUGHT -> this.answer.undecided(seal.signature());
		}
	}

}
