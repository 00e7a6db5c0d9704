package dev.llmproxy.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

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

	private final SharedQuestions sharedQuestions;

	private final SharedAnswers sharedAnswers;

	private final BodyConversion conversion;

	private final AtomicLong verified = new AtomicLong();

	private final AtomicLong agreed = new AtomicLong();

	/** One that remembers the questions of this process. */
	public Semantics(SemanticSettings settings, Embedder embedder, LocalAnswers answers, Codecs codecs) {
		this(settings, embedder, answers, SharedQuestions.NONE, SharedAnswers.NONE, codecs);
	}

	/**
	 * One that is asked those of other nodes too.
	 * @param sharedQuestions whose answers are among the shared ones
	 */
	public Semantics(SemanticSettings settings, Embedder embedder, LocalAnswers answers,
			SharedQuestions sharedQuestions, SharedAnswers sharedAnswers, Codecs codecs) {
		this.settings = settings;
		this.embedder = embedder;
		this.index = new SemanticIndex(settings.maxQuestions());
		this.answers = answers;
		this.sharedQuestions = sharedQuestions;
		this.sharedAnswers = sharedAnswers;
		this.conversion = new BodyConversion(codecs);
	}

	/**
	 * What a request means; empty where that can't be compared, or is not known in time.
	 * @param tenant whom answers are for
	 * @param asker digest of whoever asks, to which the rest is added
	 */
	Mono<Optional<Meaning>> meaning(LlmRequest request, String tenant, Canonical asker) {
		if (request.operation() != Operation.CHAT) {
			return Mono.just(Optional.empty());
		}
		ChatRequest chat = request.chat();
		String text = lastWords(chat);
		if (text == null) {
			return Mono.just(Optional.empty());
		}
		CacheKey partition = asker.value(withoutLastWords(chat)).text(this.embedder.name()).key();
		return this.embedder.embed(text)
			.timeout(this.settings.deadline())
			.map((vector) -> Optional.of(new Meaning(partition, tenant, request.model(), Meaning.normalized(vector))))
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

	/**
	 * An answer to a similar question. Other nodes' questions are asked for only where
	 * this one knows none.
	 * @param wanted whether an answer will do
	 */
	Mono<Optional<Similar>> find(Meaning meaning, Predicate<KeptAnswer> wanted) {
		Similar known = known(meaning, wanted);
		if (known != null) {
			return Mono.just(Optional.of(known));
		}
		return this.sharedQuestions.find(meaning, this.settings.threshold())
			.flatMapIterable((matches) -> matches)
			.concatMap((match) -> shared(meaning, match, wanted), 0)
			.next()
			.map(Optional::of)
			.defaultIfEmpty(Optional.empty());
	}

	private @Nullable Similar known(Meaning meaning, Predicate<KeptAnswer> wanted) {
		SharedQuestions.Match match = this.index.find(meaning, this.settings.threshold());
		if (match == null) {
			return null;
		}
		KeptAnswer answer = this.answers.peek(match.key());
		if (answer == null) {
			this.index.remove(meaning.partition(), match.key());
			return null;
		}
		return wanted.test(answer) ? new Similar(match.key(), answer, match.similarity()) : null;
	}

	/** The answer to another node's question, which is kept here too from now on. */
	private Mono<Similar> shared(Meaning meaning, SharedQuestions.Match match, Predicate<KeptAnswer> wanted) {
		CacheKey key = match.key();
		KeptAnswer here = this.answers.peek(key);
		if (here != null && good(here, meaning, wanted)) {
			return Mono.just(new Similar(key, here, match.similarity()));
		}
		return this.sharedAnswers.find(key).flatMap((found) -> {
			if (found.isEmpty()) {
				this.sharedQuestions.remove(meaning, key);
			}
			return Mono.justOrEmpty(found)
				.filter((answer) -> good(answer, meaning, wanted))
				.doOnNext((answer) -> this.answers.keep(key, answer))
				.map((answer) -> new Similar(key, answer, match.similarity()));
		});
	}

	/** Whatever a store says: nobody gets what is another's. */
	private static boolean good(KeptAnswer answer, Meaning meaning, Predicate<KeptAnswer> wanted) {
		return answer.tenant().equals(meaning.tenant()) && answer.model().equals(meaning.model())
				&& wanted.test(answer);
	}

	/**
	 * Remembers what was asked.
	 * @param time for which the answer may be given
	 */
	void learn(Meaning meaning, CacheKey key, Duration time) {
		this.index.add(meaning, key);
		this.sharedQuestions.add(meaning, key, time);
	}

	/**
	 * Forgets what tenants asked models, where nodes share it. Here a question is
	 * forgotten when its answer is seen to be gone.
	 */
	public Mono<Void> forget(AnswerPattern which) {
		return this.sharedQuestions.forget(which);
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
