package dev.llmproxy.provider.simulator;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decides which tools to call: those that must be called, and with
 * {@link ToolChoice.Mode#AUTO} those whose name, or a word of whose description, the user
 * mentions.
 */
final class ToolCaller {

	private static final JsonMapper JSON = ReadyMapper.shared();

	/** Words that ask for more than one call. */
	private static final Set<String> SEVERAL = Set.of("parallel", "simultaneously", "both", "several", "multiple",
			"twice");

	/** Words that say nothing about what a tool is for. */
	private static final Set<String> COMMON = Set.of("about", "after", "also", "based", "been", "before", "call",
			"does", "each", "every", "everything", "from", "function", "gets", "give", "given", "gives", "have", "here",
			"into", "just", "like", "list", "make", "more", "most", "must", "need", "only", "over", "please", "return",
			"returns", "should", "some", "string", "such", "tell", "than", "that", "their", "them", "then", "there",
			"these", "they", "this", "tool", "tools", "used", "user", "users", "using", "value", "values", "very",
			"want", "were", "what", "when", "where", "which", "will", "with", "would", "your");

	private final ChatRequest request;

	private final Conversation conversation;

	private final List<Tool.Function> tools;

	ToolCaller(ChatRequest request, Conversation conversation) {
		this.request = request;
		this.conversation = conversation;
		this.tools = request.tools()
			.stream()
			.filter(Tool.Function.class::isInstance)
			.map(Tool.Function.class::cast)
			.toList();
	}

	/**
	 * The calls to make; empty to answer instead.
	 * @throws InvalidRequestException if a tool must be called that there isn't
	 */
	List<Part.ToolCall> calls(int choice) {
		ToolChoice wish = (this.request.toolChoice() != null) ? this.request.toolChoice() : ToolChoice.AUTO;
		check(wish);
		if (this.tools.isEmpty() || !this.conversation.results().isEmpty() || wish.mode() == ToolChoice.Mode.NONE) {
			return List.of();
		}
		List<Tool.Function> chosen = chosen(wish);
		Iterator<String> quoted = this.conversation.quoted();
		List<Part.ToolCall> calls = new ArrayList<>();
		for (Tool.Function tool : chosen) {
			calls.add(call(tool, quoted, choice, calls.size()));
		}
		return calls;
	}

	private void check(ToolChoice wish) {
		boolean known = this.request.tools().stream().anyMatch((tool) -> tool.name().equals(wish.name()));
		if (wish.mode() == ToolChoice.Mode.NAMED && !known) {
			throw new InvalidRequestException("There is no tool '" + wish.name() + "' among the tools.", "tool_choice");
		}
		if (wish.mode() == ToolChoice.Mode.REQUIRED && this.request.tools().isEmpty()) {
			throw new InvalidRequestException("A tool must be called, but there are no tools.", "tool_choice");
		}
	}

	private List<Tool.Function> chosen(ToolChoice wish) {
		List<Tool.Function> mentioned = mentioned();
		List<Tool.Function> wanted = switch (wish.mode()) {
			case NAMED -> this.tools.stream().filter((tool) -> tool.name().equals(wish.name())).limit(1).toList();
			case REQUIRED -> mentioned.isEmpty() ? this.tools.subList(0, 1) : mentioned;
			default -> mentioned;
		};
		if (wanted.isEmpty()) {
			return wanted;
		}
		boolean several = !Boolean.FALSE.equals(this.request.parallelToolCalls())
				&& words(this.conversation.question()).stream().anyMatch(SEVERAL::contains);
		if (!several) {
			return wanted.subList(0, 1);
		}
		return (wanted.size() > 1) ? wanted : List.of(wanted.get(0), wanted.get(0));
	}

	/** The tools that the question is about, the best match first. */
	private List<Tool.Function> mentioned() {
		String question = this.conversation.question().toLowerCase(Locale.ROOT);
		Set<String> asked = words(question);
		record Match(Tool.Function tool, int words) {
		}
		return this.tools.stream()
			.map((tool) -> new Match(tool, matches(tool, question, asked)))
			.filter((match) -> match.words() > 0)
			.sorted((one, other) -> Integer.compare(other.words(), one.words()))
			.map(Match::tool)
			.toList();
	}

	private static int matches(Tool.Function tool, String question, Set<String> asked) {
		if (question.contains(tool.name().toLowerCase(Locale.ROOT))) {
			return Integer.MAX_VALUE;
		}
		Set<String> known = words(tool.name());
		if (tool.description() != null) {
			known.addAll(words(tool.description()));
		}
		known.removeIf((word) -> word.length() < 4 || COMMON.contains(word));
		known.retainAll(asked);
		return known.size();
	}

	/** Lower case words; a name is taken apart at its joints. */
	private static Set<String> words(String text) {
		String apart = text.replaceAll("([a-z0-9])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
		Set<String> words = new LinkedHashSet<>(List.of(apart.split("[^\\p{L}\\p{N}]+")));
		words.remove("");
		return words;
	}

	private Part.ToolCall call(Tool.Function tool, Iterator<String> quoted, int choice, int index) {
		Map<String, @Nullable Object> parameters = tool.parameters();
		Object arguments = (parameters != null) ? SchemaSample.of(parameters, quoted) : null;
		String json = (arguments instanceof Map<?, ?>) ? JSON.writeValueAsString(arguments) : "{}";
		String seed = this.request.messages().size() + "/" + choice + "/" + index + "/" + tool.name() + "/" + json + "/"
				+ this.conversation.question();
		return new Part.ToolCall("call_" + Hash.hex(seed), tool.name(), json);
	}

}
