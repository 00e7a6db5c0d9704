package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.llmproxy.testkit.fake.Answer.Finish;
import dev.llmproxy.testkit.fake.Answer.ToolCall;
import dev.llmproxy.testkit.fake.Conversation.Role;
import dev.llmproxy.testkit.fake.Conversation.Tool;
import dev.llmproxy.testkit.fake.Conversation.ToolChoice;
import dev.llmproxy.testkit.fake.Conversation.ToolResult;
import org.jspecify.annotations.Nullable;

/**
 * Answers so that a test can see what arrived at the model. Tool results are quoted:
 * {@code "get_time returned noon."}. A request with tools and without new tool results is
 * answered with a tool call, with arguments made up from the tool's schema. A wanted JSON
 * schema is conformed to. Otherwise the model says {@code "You said: "} and the user's
 * last text, and what it saw: {@code "I saw image image/png 68 bytes."}. Words in the
 * user's last text change that:
 * <ul>
 * <li>{@code parallel}: calls up to three tools at once, if it may</li>
 * <li>{@code two steps}: calls tools once more after the first results</li>
 * <li>{@code no tools}: does not call a tool unless it must</li>
 * <li>{@code say and call}: says something before it calls a tool</li>
 * <li>{@code 50 words}: answers with so many words</li>
 * <li>{@code repeat system}: answers with the system prompt</li>
 * <li>{@code recite}: answers with the whole conversation</li>
 * <li>{@code unicode}: puts emoji, quotes and line ends into answers and arguments</li>
 * <li>{@code refuse}: refuses</li>
 * </ul>
 * A token is a word: an answer of more words than allowed is cut and ends for its length.
 */
final class StandardBehaviour implements Behaviour {

	static final String UNICODE = "Grüße, 世界! \"quoted\" \\ back\tslash\n👩‍👩‍👧 e\u0301 \u2028 end";

	private static final Pattern WORDS = Pattern.compile("(\\d+) words");

	private static final int MOST_PARALLEL = 3;

	@Override
	public Answer answer(Conversation conversation) {
		String prompt = conversation.lastUserText().toLowerCase(Locale.ROOT);
		String reasoning = conversation.reasoning() ? "Let me think about this: " + conversation.lastUserText() : null;
		if (prompt.contains("refuse")) {
			return new Answer(reasoning, "I can not help with that.", List.of(), Finish.REFUSAL, null);
		}
		List<ToolCall> calls = calls(conversation, prompt);
		if (!calls.isEmpty()) {
			String text = prompt.contains("say and call") ? "I will look that up." : "";
			return new Answer(reasoning, text, calls, Finish.TOOL_CALLS, null);
		}
		return finished(conversation, reasoning, text(conversation, prompt));
	}

	private static List<ToolCall> calls(Conversation conversation, String prompt) {
		ToolChoice choice = conversation.toolChoice();
		boolean must = choice.mode() == ToolChoice.Mode.REQUIRED;
		if (conversation.tools().isEmpty() || choice.mode() == ToolChoice.Mode.NONE) {
			return List.of();
		}
		boolean again = prompt.contains("two steps") && conversation.toolRounds() == 1;
		if (!must && (prompt.contains("no tools") || (!conversation.newToolResults().isEmpty() && !again))) {
			return List.of();
		}
		int first = again ? 1 % conversation.tools().size() : 0;
		boolean several = prompt.contains("parallel") && conversation.parallel();
		List<ToolCall> calls = new ArrayList<>();
		for (Tool tool : conversation.tools().subList(first, conversation.tools().size())) {
			boolean wanted = choice.name() == null || choice.name().equals(tool.name());
			if (wanted && calls.size() < (several ? MOST_PARALLEL : 1)) {
				calls.add(new ToolCall(tool.name(), SchemaSample.of(tool.schema(), prompt.contains("unicode"))));
			}
		}
		return calls;
	}

	private static String text(Conversation conversation, String prompt) {
		if (conversation.schema() != null) {
			return Json.write(SchemaSample.of(conversation.schema(), prompt.contains("unicode")));
		}
		if (conversation.json()) {
			return Json.write(Json.object("said", conversation.lastUserText()));
		}
		if (!conversation.newToolResults().isEmpty()) {
			return conversation.newToolResults()
				.stream()
				.map(StandardBehaviour::quote)
				.collect(Collectors.joining(" "));
		}
		Matcher words = WORDS.matcher(prompt);
		if (words.find()) {
			return "word " + "and ".repeat(Math.max(0, Integer.parseInt(words.group(1)) - 2)) + "end";
		}
		if (prompt.contains("repeat system")) {
			return conversation.system();
		}
		if (prompt.contains("recite")) {
			return conversation.turns()
				.stream()
				.map((turn) -> ((turn.role() == Role.USER) ? "user: " : "assistant: ") + turn.text())
				.collect(Collectors.joining(" | "));
		}
		if (prompt.contains("unicode")) {
			return UNICODE;
		}
		StringBuilder text = new StringBuilder("You said: ").append(conversation.lastUserText());
		conversation.newAttachments().forEach((seen) -> text.append(" I saw ").append(seen).append('.'));
		return text.toString();
	}

	private static String quote(ToolResult result) {
		return result.name() + (result.error() ? " failed with " : " returned ") + result.text() + ".";
	}

	private static Answer finished(Conversation conversation, @Nullable String reasoning, String text) {
		String said = text;
		String stop = null;
		for (String candidate : conversation.stopSequences()) {
			int at = said.indexOf(candidate);
			if (at >= 0) {
				said = said.substring(0, at);
				stop = candidate;
			}
		}
		Integer limit = conversation.maxTokens();
		List<String> words = Pieces.words(said);
		if (limit != null && words.size() > limit) {
			return new Answer(reasoning, String.join("", words.subList(0, limit)), List.of(), Finish.LENGTH, null);
		}
		return new Answer(reasoning, said, List.of(), (stop != null) ? Finish.STOP_SEQUENCE : Finish.STOP, stop);
	}

}
