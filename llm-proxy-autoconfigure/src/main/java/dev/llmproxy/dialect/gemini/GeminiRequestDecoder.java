package dev.llmproxy.dialect.gemini;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code GenerateContentRequest}; for one request. */
final class GeminiRequestDecoder {

	private final ChatRequest.Builder request;

	private final GeminiLeftovers rest = GeminiLeftovers.kept();

	private final GeminiContentDecoder contents = new GeminiContentDecoder(this.rest);

	private final GeminiToolDecoder tools = new GeminiToolDecoder(this.rest);

	private @Nullable Message system;

	private @Nullable List<Message> conversation;

	private GeminiRequestDecoder(ChatRequest.Builder request) {
		this.request = request;
	}

	static ChatRequest decode(byte[] body, Envelope envelope) {
		String model = envelope.model();
		if (model == null) {
			throw new InvalidRequestException("The path names no model.", "model");
		}
		// Every chunk of a stream tells the usage here.
		ChatRequest.Builder request = ChatRequest.builder(model).stream(envelope.stream()).includeUsage(true);
		return new GeminiRequestDecoder(request).decode(GeminiJson.parseRequest(body));
	}

	private ChatRequest decode(JsonNode root) {
		JsonNode whole = wrapped(root);
		GeminiJson.members((whole != null) ? whole : root, "", this::member);
		if (this.conversation == null || this.conversation.isEmpty()) {
			throw new InvalidRequestException("The request has no contents.", "contents");
		}
		List<Message> messages = new ArrayList<>();
		if (this.system != null) {
			messages.add(this.system);
		}
		messages.addAll(this.conversation);
		this.rest.into(this.request);
		return this.request.messages(messages).build();
	}

	/** A call of {@code countTokens} may hold the whole request in place of contents. */
	private static @Nullable JsonNode wrapped(JsonNode root) {
		JsonNode[] whole = new JsonNode[1];
		GeminiJson.members(root, "", (name, value) -> {
			if (name.equals("generateContentRequest")) {
				whole[0] = value;
			}
		});
		if (whole[0] != null && root.hasNonNull("contents")) {
			throw new InvalidRequestException("Either contents or generateContentRequest may be given.", "contents");
		}
		return whole[0];
	}

	private void member(String name, JsonNode value) {
		switch (name) {
			case "model" -> {
				// Repeats the path.
			}
			case "contents" -> this.conversation = this.contents.conversation(value, name);
			case "systemInstruction" -> this.system = this.contents.system(value, name);
			case "tools" -> this.request.tools(this.tools.tools(value, name));
			case "toolConfig" -> this.request.toolChoice(this.tools.choice(value, name));
			case "generationConfig" -> new GeminiConfigDecoder(this.request, this.rest).decode(value, name);
			case "serviceTier" -> serviceTier(GeminiJson.text(value, name));
			default -> this.rest.add(name, value);
		}
	}

	private void serviceTier(String tier) {
		String word = tier.toLowerCase(Locale.ROOT).replace("service_tier_", "");
		if (!word.equals("unspecified")) {
			this.request.serviceTier(word.equals("standard") ? "default" : word);
		}
	}

}
