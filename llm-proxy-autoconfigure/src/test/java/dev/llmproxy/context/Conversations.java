package dev.llmproxy.context;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.provider.TokenCounter;

/** Conversations with tools and images by chance, the same for the same seed. */
final class Conversations {

	static final String SYSTEM = "You are a careful assistant.";

	static final TokenCounter COUNTER = new Letters();

	private final Random random;

	private final List<Message> messages = new ArrayList<>();

	private int calls;

	private int turns;

	Conversations(long seed) {
		this.random = new Random(seed);
		this.messages.add(Message.text(Role.SYSTEM, SYSTEM));
	}

	static ChatRequest of(long seed, int turns) {
		Conversations conversations = new Conversations(seed);
		conversations.grow(turns);
		return conversations.request();
	}

	ChatRequest request() {
		return ChatRequest.builder("chat")
			.messages(this.messages)
			.tool(new Tool.Function("search", "Searches", null, null, null))
			.build();
	}

	/** Adds so many turns; the last is one that a model is to answer. */
	void grow(int more) {
		for (int i = 0; i < more; i++) {
			turn();
		}
		while (!endsOpen()) {
			turn();
		}
	}

	private boolean endsOpen() {
		Role last = this.messages.get(this.messages.size() - 1).role();
		return last == Role.USER || last == Role.TOOL;
	}

	private void turn() {
		this.turns++;
		if (!endsOpen()) {
			user();
		}
		else if (this.random.nextInt(3) == 0) {
			this.messages.add(Message.text(Role.ASSISTANT, words("answer")));
		}
		else {
			tools();
		}
	}

	private void user() {
		List<Part> parts = new ArrayList<>();
		parts.add(Part.text(words("question")));
		if (this.random.nextInt(5) == 0) {
			parts.add(image());
		}
		this.messages.add(new Message(Role.USER, parts, (this.random.nextInt(40) == 0) ? "pin" : null));
	}

	private static Part.Image image() {
		return new Part.Image(new MediaSource.Inline("image/png", "aGVsbG8="), null, null);
	}

	private void tools() {
		int parallel = 1 + this.random.nextInt(3);
		List<Part> said = new ArrayList<>();
		List<Part> results = new ArrayList<>();
		for (int i = 0; i < parallel; i++) {
			String id = "call_" + this.calls++;
			said.add(new Part.ToolCall(id, "search", "{\"q\":\"" + words("find") + "\"}"));
			List<Part> content = new ArrayList<>(List.of(Part.text(words("result"))));
			if (this.random.nextInt(8) == 0) {
				content.add(image());
			}
			results.add(new Part.ToolResult(id, "search", content, false, null));
		}
		this.messages.add(new Message(Role.ASSISTANT, said));
		if (this.random.nextBoolean()) {
			this.messages.add(new Message(Role.TOOL, results));
		}
		else {
			results.forEach((result) -> this.messages.add(new Message(Role.TOOL, List.of(result))));
		}
	}

	private String words(String what) {
		return what + " " + this.turns + " " + "word ".repeat(5 + this.random.nextInt(60)).strip();
	}

	/** Counts letters by four, and an image as many. */
	private static final class Letters implements TokenCounter {

		@Override
		public long count(String text) {
			return (text.length() + 3) / 4;
		}

		@Override
		public long count(Part part) {
			if (part instanceof Part.ToolResult result) {
				return result.content().stream().mapToLong(this::count).sum();
			}
			return (part instanceof Part.Text text) ? count(text.text())
					: (part instanceof Part.ToolCall call) ? count(call.arguments()) : 500;
		}

		@Override
		public boolean exact() {
			return true;
		}

		@Override
		public long count(Message message) {
			return 4 + message.parts().stream().mapToLong(this::count).sum();
		}

		@Override
		public long count(List<Tool> tools) {
			return 10L * tools.size();
		}

	}

}
