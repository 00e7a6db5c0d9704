package dev.llmproxy.routing;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.TokenCounter;
import dev.llmproxy.provider.TokenCounters;
import dev.llmproxy.provider.TokenEstimate;
import org.jspecify.annotations.Nullable;

/**
 * What a selector may look at while one request is planned. What costs something is found
 * out when somebody asks, and once. Not thread-safe.
 */
public final class RoutingContext {

	private final LlmRequest request;

	private final String route;

	private final boolean rehearsal;

	private final TokenCounters counters;

	/** Who counted last; targets of a family share it. */
	private @Nullable TokenCounter counter;

	private long tokens;

	private @Nullable RequestMetadata metadata;

	/**
	 * Creates one.
	 * @param route the name of the route
	 */
	public RoutingContext(LlmRequest request, String route) {
		this(request, route, false, TokenEstimate.COUNTERS);
	}

	/**
	 * Creates one.
	 * @param rehearsal whether nobody will be called, so that nobody's turn is over
	 * @param counters know the tokens of prompts
	 */
	RoutingContext(LlmRequest request, String route, boolean rehearsal, TokenCounters counters) {
		this.request = request;
		this.route = route;
		this.rehearsal = rehearsal;
		this.counters = counters;
	}

	public LlmRequest request() {
		return this.request;
	}

	public String route() {
		return this.route;
	}

	/** Whether nobody will be called, so that nobody's turn is over. */
	public boolean rehearsal() {
		return this.rehearsal;
	}

	/** What is asked; {@code null} where it is no chat. */
	public @Nullable ChatRequest chat() {
		return switch (this.request.operation()) {
			case CHAT, COUNT_TOKENS -> this.request.chat();
			default -> null;
		};
	}

	/** About how many tokens the prompt has, whichever target serves it. */
	public long estimatedTokens() {
		return tokens(this.counters.of(this.request.model()));
	}

	/** About how many tokens the prompt has for a target. */
	public long estimatedTokens(Target target) {
		return tokens(this.counters.of(target.model()));
	}

	@SuppressWarnings("ReferenceEquality") // the very counter
	private long tokens(TokenCounter counter) {
		if (this.counter != counter) {
			ChatRequest chat = chat();
			this.tokens = (chat != null) ? counter.count(chat)
					: (this.request.operation() == Operation.TRANSCRIPTION) ? 0 : this.request.body().length / 4;
			this.counter = counter;
		}
		return this.tokens;
	}

	/** A label of the request, from its header or its body; {@code null} if not there. */
	public @Nullable String metadata(String name) {
		RequestMetadata known = this.metadata;
		if (known == null) {
			known = RequestMetadata.of(this);
			this.metadata = known;
		}
		return known.get(name);
	}

}
