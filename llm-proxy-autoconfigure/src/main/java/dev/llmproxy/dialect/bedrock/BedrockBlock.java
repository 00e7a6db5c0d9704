package dev.llmproxy.dialect.bedrock;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.function.Consumer;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.dialect.DecodingException;
import tools.jackson.databind.JsonNode;

/**
 * A content block of a stream while it is open. Proofs and encrypted thoughts are
 * collected until it ends, since each is worth something as a whole only.
 */
final class BedrockBlock {

	/** The call's number, or one of the constants below. */
	private final int call;

	private static final int NO_CALL = -1;

	/** Its arguments are the answer. */
	private static final int ANSWER = -2;

	/** It means nothing to a caller. */
	private static final int SILENT = -3;

	private boolean empty = true;

	private final StringBuilder signature = new StringBuilder();

	private final ByteArrayOutputStream redacted = new ByteArrayOutputStream(0);

	private BedrockBlock(int call) {
		this.call = call;
	}

	static BedrockBlock content() {
		return new BedrockBlock(NO_CALL);
	}

	static BedrockBlock call(int index) {
		return new BedrockBlock(index);
	}

	static BedrockBlock answer() {
		return new BedrockBlock(ANSWER);
	}

	static BedrockBlock silent() {
		return new BedrockBlock(SILENT);
	}

	void delta(JsonNode delta, Consumer<ChatEvent> sink) {
		if (delta.has("text")) {
			String text = BedrockJson.stringOrEmpty(delta.path("text"));
			if (!text.isEmpty()) {
				sink.accept(new ChatEvent.TextDelta(0, text));
			}
		}
		else if (delta.has("toolUse")) {
			arguments(BedrockJson.stringOrEmpty(delta.path("toolUse").path("input")), sink);
		}
		else if (delta.has("reasoningContent")) {
			reasoning(delta.path("reasoningContent"), sink);
		}
	}

	private void arguments(String fragment, Consumer<ChatEvent> sink) {
		if (fragment.isEmpty() || this.call == SILENT) {
			return;
		}
		this.empty = false;
		if (this.call >= 0) {
			sink.accept(new ChatEvent.ToolCallDelta(0, this.call, fragment));
		}
		else if (this.call == ANSWER) {
			sink.accept(new ChatEvent.TextDelta(0, fragment));
		}
	}

	private void reasoning(JsonNode content, Consumer<ChatEvent> sink) {
		String text = BedrockJson.stringOrEmpty(content.path("text"));
		if (!text.isEmpty()) {
			sink.accept(new ChatEvent.ReasoningDelta(0, text));
		}
		this.signature.append(BedrockJson.stringOrEmpty(content.path("signature")));
		try {
			this.redacted
				.writeBytes(Base64.getDecoder().decode(BedrockJson.stringOrEmpty(content.path("redactedContent"))));
		}
		catch (IllegalArgumentException ex) {
			throw new DecodingException("redacted thoughts that are not Base64");
		}
	}

	/** The block ended. */
	void stop(Consumer<ChatEvent> sink) {
		if (this.signature.length() > 0) {
			sink.accept(new ChatEvent.ReasoningSigned(0, BedrockResponseDecoder.signature(this.signature.toString())));
		}
		if (this.redacted.size() > 0) {
			String data = Base64.getEncoder().encodeToString(this.redacted.toByteArray());
			sink.accept(new ChatEvent.ReasoningRedacted(0, BedrockResponseDecoder.signature(data)));
		}
		if (this.empty && this.call != NO_CALL) {
			// A call without arguments comes without a delta.
			arguments("{}", sink);
		}
	}

}
