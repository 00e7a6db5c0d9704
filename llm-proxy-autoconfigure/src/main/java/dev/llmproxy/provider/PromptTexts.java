package dev.llmproxy.provider;

import java.util.List;
import java.util.function.Consumer;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;

/** The texts of a prompt that may be long. */
final class PromptTexts {

	private PromptTexts() {
	}

	static long characters(ChatRequest request) {
		Length length = new Length();
		forEach(request, length);
		return length.sum;
	}

	static void forEach(ChatRequest request, Consumer<String> visitor) {
		for (Message message : request.messages()) {
			forEach(message.parts(), visitor);
		}
	}

	private static void forEach(List<Part> parts, Consumer<String> visitor) {
		for (Part part : parts) {
			if (part instanceof Part.Text text) {
				visitor.accept(text.text());
			}
			else if (part instanceof Part.ToolCall call) {
				visitor.accept(call.arguments());
			}
			else if (part instanceof Part.ToolResult result) {
				forEach(result.content(), visitor);
			}
			else if (part instanceof Part.Reasoning reasoning) {
				visitor.accept(reasoning.text());
			}
			else if (part instanceof Part.Document document
					&& document.source() instanceof MediaSource.PlainText text) {
				visitor.accept(text.text());
			}
		}
	}

	private static final class Length implements Consumer<String> {

		private long sum;

		@Override
		public void accept(String text) {
			this.sum += text.length();
		}

	}

}
