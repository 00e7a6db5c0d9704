package dev.llmproxy.cache;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.BodyConversion;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Finds answers to questions of the same meaning. Only the last words of the user are
 * compared by their meaning; tenant, model, system prompt, tools, parameters and all that
 * was said before must be the same. Thread-safe.
 */
public final class Semantics {

	/** Longer questions are seldom asked twice, and cost more to compare. */
	private static final int LONGEST_TEXT = 8192;

	private static final String NOTHING = "";

	private final SemanticSettings settings;

	private final Embedder embedder;

	private final SemanticIndex index;

	private final LocalAnswers answers;

	private final BodyConversion conversion;

	private final InstantSource clock;

	private final AtomicLong verified = new AtomicLong();

	private final AtomicLong agreed = new AtomicLong();

	public Semantics(SemanticSettings settings, Embedder embedder, LocalAnswers answers, Codecs codecs) {
		this.settings = settings;
		this.embedder = embedder;
		this.index = new SemanticIndex(settings.maxQuestions());
		this.answers = answers;
		this.conversion = new BodyConversion(codecs);
		this.clock = answers.clock();
	}

	/**
	 * What a request means; empty where that can't be compared, or is not known in time.
	 * @param asker digest of whoever asks, to which the rest is added
	 */
	Mono<Optional<Meaning>> meaning(LlmRequest request, Canonical asker) {
		if (request.operation() != Operation.CHAT) {
			return Mono.just(Optional.empty());
		}
		ChatRequest chat = request.chat();
		String text = lastWords(chat);
		if (text == null) {
			return Mono.just(Optional.empty());
		}
		CacheKey partition = asker.value(withoutLastWords(chat)).key();
		return this.embedder.embed(text)
			.timeout(this.settings.deadline())
			.map((vector) -> Optional.of(new Meaning(partition, Meaning.normalized(vector))))
			.onErrorReturn(Optional.empty())
			.defaultIfEmpty(Optional.empty());
	}

	/** {@code null} where the last is no text of the user. */
	private static @Nullable String lastWords(ChatRequest chat) {
		if (chat.messages().isEmpty()) {
			return null;
		}
		Message last = chat.messages().get(chat.messages().size() - 1);
		boolean words = last.role() == Role.USER && last.parts().stream().allMatch((part) -> part instanceof Part.Text);
		String text = last.text();
		return (words && !text.isBlank() && text.length() <= LONGEST_TEXT) ? text : null;
	}

	private static ChatRequest withoutLastWords(ChatRequest chat) {
		List<Message> messages = new ArrayList<>(chat.messages());
		Message last = messages.remove(messages.size() - 1);
		messages.add(new Message(last.role(), List.of(Part.text(NOTHING)), last.name()));
		return chat.mutate().messages(messages).stream(false).includeUsage(false).build();
	}

	/** An answer to a similar question, if its time is not over. */
	@Nullable Similar find(Meaning meaning) {
		SemanticIndex.Match match = this.index.find(meaning, this.settings.threshold());
		if (match == null) {
			return null;
		}
		KeptAnswer answer = this.answers.peek(match.key());
		if (answer == null) {
			this.index.remove(meaning.partition(), match.key());
			return null;
		}
		return (answer.age(this.clock.instant()).compareTo(answer.ttl()) < 0)
				? new Similar(match.key(), answer, match.similarity()) : null;
	}

	/** Remembers what was asked. */
	void learn(Meaning meaning, CacheKey key) {
		this.index.add(meaning, key);
	}

	/** Whether this one is to be compared with what the model says. */
	boolean drawn() {
		return this.settings.verifyPercent() > 0
				&& ThreadLocalRandom.current().nextDouble(100) < this.settings.verifyPercent();
	}

	/**
	 * Compares an answer that was given with what the model says.
	 * @return whether they agree; empty if that could not be told
	 */
	Mono<Boolean> verify(KeptAnswer given, Mono<LlmResponse> model) {
		Mono<float[]> before = vector(this.conversion.whole(given.response().body()));
		Mono<float[]> now = vector(model.flatMap((response) -> this.conversion.whole(response.body())));
		return Mono.zip(before, now, (one, other) -> Meaning.similarity(one, other) >= this.settings.agreement())
			.doOnNext((agree) -> {
				this.verified.incrementAndGet();
				if (agree) {
					this.agreed.incrementAndGet();
				}
			});
	}

	private Mono<float[]> vector(Mono<ChatResponse> answer) {
		return answer.map(ChatResponse::text)
			.filter((text) -> !text.isBlank())
			.flatMap((text) -> this.embedder.embed(text.substring(0, Math.min(text.length(), LONGEST_TEXT))))
			.map(Meaning::normalized);
	}

	/** How it does. */
	public Stats stats() {
		long all = this.verified.get();
		return new Stats(this.index.questions(), all, this.agreed.get(),
				(all > 0) ? (double) this.agreed.get() / all : null);
	}

	/**
	 * How it does.
	 *
	 * @param questions that are remembered
	 * @param verified answers that were compared with what the model said
	 * @param agreed how many of those said the same
	 * @param precision their share; {@code null} where none was compared
	 */
	public record Stats(long questions, long verified, long agreed, @Nullable Double precision) {
	}

	/** An answer to a similar question. */
	record Similar(CacheKey key, KeptAnswer answer, double similarity) {
	}

}
