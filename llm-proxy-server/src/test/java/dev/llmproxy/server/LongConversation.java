package dev.llmproxy.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.dialect.anthropic.AnthropicCodec;
import dev.llmproxy.dialect.gemini.GeminiCodec;
import dev.llmproxy.dialect.openai.OpenAiCodec;
import dev.llmproxy.dialect.responses.ResponsesCodec;
import dev.llmproxy.testkit.fake.Fakes;

/** A long conversation with tools and images, and how callers of each dialect send it. */
final class LongConversation {

	private final Random random = new Random(7);

	private final List<Message> messages = new ArrayList<>(
			List.of(Message.text(Role.SYSTEM, "You look things up and remember them.")));

	private int calls;

	/** Adds so many rounds of a question, what tools found, and an answer. */
	LongConversation grow(int rounds) {
		for (int i = 0; i < rounds; i++) {
			round(i);
		}
		return this;
	}

	private void round(int number) {
		List<Part> question = new ArrayList<>(List.of(Part.text("Question " + number + ": " + words())));
		if (this.random.nextInt(6) == 0) {
			question.add(image());
		}
		this.messages.add(new Message(Role.USER, question));
		for (int step = this.random.nextInt(3); step > 0; step--) {
			tools();
		}
		this.messages.add(Message.text(Role.ASSISTANT, "Answer " + number + ": " + words()));
	}

	private void tools() {
		List<Part> said = new ArrayList<>();
		List<Part> results = new ArrayList<>();
		for (int i = 0; i <= this.random.nextInt(2); i++) {
			String id = "call_" + this.calls++;
			said.add(new Part.ToolCall(id, "search", "{\"query\":\"" + words() + "\"}"));
			List<Part> content = new ArrayList<>(List.of(Part.text("Found " + words())));
			if (this.random.nextInt(10) == 0) {
				content.add(image());
			}
			results.add(new Part.ToolResult(id, null, content, false, null));
		}
		this.messages.add(new Message(Role.ASSISTANT, said));
		this.messages.add(new Message(Role.TOOL, results));
	}

	private static Part image() {
		return new Part.Image(new MediaSource.Inline("image/png", Fakes.PIXEL_BASE64), null, null);
	}

	private String words() {
		return "word ".repeat(10 + this.random.nextInt(40)).strip();
	}

	private ChatRequest request(String model, boolean stream) {
		List<Message> all = new ArrayList<>(this.messages);
		all.add(Message.text(Role.USER, "And the last question, no tools please?"));
		Tool tool = new Tool.Function("search", "Looks something up",
				Map.of("type", "object", "properties", Map.of("query", Map.of("type", "string"))), null, null);
		return ChatRequest.builder(model).messages(all).tool(tool).maxTokens(500).stream(stream).build();
	}

	byte[] in(String dialect, String model) {
		ChatRequest request = request(model, false);
		return switch (dialect) {
			case "openai" -> new OpenAiCodec().encodeRequest(request).body();
			case "responses" -> new ResponsesCodec().encodeRequest(request).body();
			case "anthropic" -> new AnthropicCodec().encodeRequest(request).body();
			default -> new GeminiCodec().encodeRequest(request).body();
		};
	}

	static String path(String dialect, String model) {
		return switch (dialect) {
			case "openai" -> "/v1/chat/completions";
			case "responses" -> "/v1/responses";
			case "anthropic" -> "/v1/messages";
			default -> "/v1beta/models/" + model + ":generateContent";
		};
	}

}
