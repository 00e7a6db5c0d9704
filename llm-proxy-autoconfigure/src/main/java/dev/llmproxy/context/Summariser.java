package dev.llmproxy.context;

import java.util.List;
import java.util.function.Supplier;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.gateway.BodyConversion;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Has a model write summaries. Its calls are calls of the same caller, from the same
 * place, and go through everything that others go through but condensing itself: so keys
 * and limits hold for them. What is too long for one call is read in pieces side by side.
 * Thread-safe.
 */
public final class Summariser {

	/** More would be a book, and cost more than it saves. */
	private static final int MOST_PIECES = 64;

	/** A model that disregards how long a summary may be must not make it worse. */
	private static final int LONGEST_TOKEN = 6;

	private final Supplier<LlmHandler> gateway;

	private final Supplier<BodyConversion> conversion;

	/**
	 * Creates one.
	 * @param gateway answers its calls; asked for when the first is made
	 * @param conversion reads the answers
	 */
	public Summariser(Supplier<LlmHandler> gateway, Supplier<BodyConversion> conversion) {
		this.gateway = gateway;
		this.conversion = conversion;
	}

	/**
	 * Writes a summary.
	 * @param origin on whose behalf
	 * @param before a summary of what came before; empty for nothing
	 * @return the summary, or an {@link LlmException}
	 */
	Mono<String> summarise(LlmRequest origin, String before, List<Message> messages, SummaryPolicy policy) {
		return Mono.defer(() -> {
			List<String> pieces = Transcript.pieces(messages, policy.chunkTokens());
			if (pieces.size() > MOST_PIECES) {
				return Mono.error(new LlmException(ErrorKind.CONTEXT_LENGTH, "Too much to be summarised"));
			}
			if (pieces.size() <= 1) {
				return ask(origin, before, String.join("", pieces), policy);
			}
			return Flux.fromIterable(pieces)
				.flatMapSequential((piece) -> ask(origin, "", piece, policy), policy.parallel())
				.collectList()
				.flatMap((parts) -> ask(origin, before, Transcript.harmless(String.join("\n\n", parts)), policy));
		});
	}

	private Mono<String> ask(LlmRequest origin, String before, String text, SummaryPolicy policy) {
		String data = (before.isEmpty() ? "" : "<summary>\n" + Transcript.harmless(before) + "\n</summary>\n")
				+ "<conversation>\n" + text + "\n</conversation>\n\nWrite the summary now, in at most "
				+ Math.max(1, policy.maxTokens() / 2) + " words.";
		ChatRequest request = ChatRequest.builder(policy.model())
			.message(Message.text(Role.SYSTEM, policy.prompt()))
			.message(Message.text(Role.USER, data))
			.maxTokens(policy.maxTokens())
			.build();
		return this.gateway.get()
			.handle(origin.withChat(request))
			.flatMap((response) -> this.conversion.get().whole(response.body()))
			.map((response) -> text(response, policy));
	}

	private static String text(ChatResponse response, SummaryPolicy policy) {
		String text = response.text().strip();
		if (text.isEmpty()) {
			throw new LlmException(ErrorKind.UPSTREAM, "The summary is empty");
		}
		int longest = (int) Math.min(Integer.MAX_VALUE, policy.maxTokens() * (long) LONGEST_TOKEN);
		return (text.length() <= longest) ? text : text.substring(0, longest);
	}

}
