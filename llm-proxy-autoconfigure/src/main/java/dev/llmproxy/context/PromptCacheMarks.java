package dev.llmproxy.context;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.CacheControl;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.provider.AttemptHandler;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Marks for the prompt cache of providers that cache nothing unless they are told to,
 * where the policy wants it and the caller set none: the last tool, the instructions and
 * the last message. That is three, and four are allowed. It is asked for each attempt,
 * because only there the target is known. Thread-safe.
 */
public final class PromptCacheMarks implements AttemptFilter {

	/** What a caller of Anthropic's dialect says instead of marking anything itself. */
	private static final String AUTOMATIC = "cache_control";

	private final CurrentPolicies policies;

	/**
	 * Creates the filter.
	 * @param live where the {@link ContextPolicies} are
	 */
	public PromptCacheMarks(LiveSnapshot live) {
		this.policies = new CurrentPolicies(live);
	}

	@Override
	public Mono<LlmResponse> filter(Attempt attempt, AttemptHandler next) {
		LlmRequest request = attempt.request();
		if (request.operation() != Operation.CHAT) {
			return next.execute(attempt);
		}
		ContextPolicy policy = this.policies.of(request);
		if (policy == null || !policy.promptCacheMarks() || !needsMarks(attempt)) {
			return next.execute(attempt);
		}
		ChatRequest marked = marked(request);
		return next.execute((marked == null) ? attempt : attempt.withRequest(request.withChat(marked)));
	}

	private static boolean needsMarks(Attempt attempt) {
		Dialect dialect = attempt.target().provider().dialectFor(Operation.CHAT, attempt.request().dialect());
		return Dialect.ANTHROPIC.equals(dialect)
				|| (Dialect.BEDROCK.equals(dialect) && attempt.target().model().contains("claude"));
	}

	private static @Nullable ChatRequest marked(LlmRequest request) {
		ChatRequest chat;
		try {
			chat = request.chat();
		}
		catch (InvalidRequestException ex) {
			// Who forwards the bytes, or decodes them for a reason, will say so.
			return null;
		}
		if (chat.rest().containsKey(AUTOMATIC) || Marks.isAnyMarked(chat)) {
			return null;
		}
		return chat.mutate().tools(tools(chat.tools())).messages(messages(chat.messages())).build();
	}

	private static List<Tool> tools(List<Tool> tools) {
		int last = tools.size() - 1;
		if (last < 0 || !(tools.get(last) instanceof Tool.Function tool)) {
			return tools;
		}
		List<Tool> marked = new ArrayList<>(tools);
		marked.set(last, new Tool.Function(tool.name(), tool.description(), tool.parameters(), tool.strict(),
				CacheControl.EPHEMERAL));
		return marked;
	}

	private static List<Message> messages(List<Message> messages) {
		List<Message> marked = new ArrayList<>(messages);
		int leading = 0;
		while (leading < marked.size() && isInstruction(marked.get(leading))) {
			leading++;
		}
		if (leading > 0) {
			mark(marked, leading - 1);
		}
		int last = marked.size() - 1;
		if (last >= leading && !isInstruction(marked.get(last))) {
			mark(marked, last);
		}
		return marked;
	}

	private static boolean isInstruction(Message message) {
		return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
	}

	/** Marks its last part that can have a mark. */
	private static void mark(List<Message> messages, int index) {
		Message message = messages.get(index);
		List<Part> parts = new ArrayList<>(message.parts());
		for (int i = parts.size() - 1; i >= 0; i--) {
			Part marked = Marks.marked(parts.get(i));
			if (!marked.equals(parts.get(i))) {
				parts.set(i, marked);
				messages.set(index, new Message(message.role(), parts, message.name()));
				return;
			}
		}
	}

}
