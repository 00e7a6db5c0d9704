package dev.llmproxy.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.gateway.Operation;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Two nodes and what they share, without what is between them. */
class SharedSemanticsTest {

	private static final CachePolicy POLICY = new CachePolicy(true, Duration.ofMinutes(10), Duration.ofMinutes(30), 0,
			Duration.ofMinutes(5), Duration.ZERO, false, CachePolicy.Tenant.KEY, true);

	private final Questions questions = new Questions();

	private final Answers answers = new Answers();

	private final Asking one = node("one");

	private final Asking two = node("two");

	private Asking node(String name) {
		Asking node = new Asking(POLICY, this.answers, this.questions, MemoryBudget.UNLIMITED,
				new SemanticSettings(0.8, 0, 0.9, 100, Duration.ofSeconds(1)), new Words());
		node.provider = (request) -> Mono.just(Asking.json(Asking.answer(name + " " + node.calls.size())));
		return node;
	}

	private static LlmRequest chat(String text) {
		return Asking.request(Asking.ALICE, Operation.CHAT,
				"{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}");
	}

	@Test
	void aNodeGivesWhatAnotherWasAnswered() {
		assertThat(this.one.text(chat("a b c d"))).isEqualTo("miss: one 1");
		assertThat(this.two.text(chat("d c b a"))).isEqualTo("semantic: one 1");
		// From here on its own memory has it, under the key of the first question.
		this.answers.kept.clear();
		assertThat(this.two.text(chat("d c b a"))).isEqualTo("semantic: one 1");
		assertThat(this.two.text(chat("a b c d"))).isEqualTo("hit: one 1");
		assertThat(this.questions.times).containsExactly(Duration.ofMinutes(35));
		this.two.semantics.forget(AnswerPattern.ALL).block();
		assertThat(this.two.text(chat("b c d a"))).isEqualTo("miss: two 1");
	}

	@Test
	void othersAreAskedOnlyForWhatANodeDoesNotKnow() {
		this.one.text(chat("a b c d"));
		int asked = this.questions.asked;
		assertThat(this.one.text(chat("d c b a"))).isEqualTo("semantic: one 1");
		assertThat(this.questions.asked).isEqualTo(asked);
	}

	@Test
	void anAnswerThatIsGoneIsPassedOver() {
		this.one.text(chat("a b c d"));
		this.one.text(chat("a b c d e f g"));
		CacheKey gone = this.questions.known.keySet().iterator().next();
		this.answers.kept.remove(gone);
		assertThat(this.two.text(chat("d c b a e"))).isEqualTo("semantic: one 2");
		assertThat(this.questions.known).hasSize(1).doesNotContainKey(gone);
	}

	@Test
	void anAnswerWhoseTimeIsOverStaysThereForOthers() {
		this.one.text(chat("a b c d"));
		this.two.now = this.two.now.plus(Duration.ofMinutes(11));
		assertThat(this.two.text(chat("d c b a"))).isEqualTo("miss: two 1");
		assertThat(this.questions.known).hasSize(2);
	}

	@Test
	void nobodyGetsWhatAStoreTakesForHis() {
		this.one.text(chat("a b c d"));
		this.answers.kept.replaceAll((key, answer) -> new KeptAnswer("key:bob", answer.model(), answer.dialect(),
				answer.framing(), answer.mediaType(), answer.dropped(), answer.pieces(), answer.born(), answer.ttl(),
				answer.stale()));
		assertThat(this.two.text(chat("d c b a"))).isEqualTo("miss: two 1");
	}

	@Test
	void vectorsOfOtherMakersAreNotCompared() {
		this.one.text(chat("a b c d"));
		Asking other = new Asking(POLICY, this.answers, this.questions, MemoryBudget.UNLIMITED,
				new SemanticSettings(0.8, 0, 0.9, 100, Duration.ofSeconds(1)), (text) -> new Words().embed(text));
		assertThat(other.text(chat("d c b a"))).isEqualTo("miss: call 1");
	}

	/** The words that a text has, whatever their order. */
	private static final class Words implements Embedder {

		@Override
		public Mono<float[]> embed(String text) {
			float[] vector = new float[256];
			for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
				vector[Math.floorMod(word.hashCode(), vector.length)]++;
			}
			return Mono.just(vector);
		}

		@Override
		public String name() {
			return "words";
		}

	}

	private static final class Questions implements SharedQuestions {

		private final Map<CacheKey, Meaning> known = new LinkedHashMap<>();

		private final List<Duration> times = new ArrayList<>();

		private int asked;

		@Override
		public Mono<List<Match>> find(Meaning meaning, double threshold) {
			this.asked++;
			List<Match> matches = new ArrayList<>();
			this.known.forEach((key, other) -> {
				double similarity = Meaning.similarity(other.vector(), meaning.vector());
				if (other.partition().equals(meaning.partition()) && similarity >= threshold) {
					matches.add(new Match(key, similarity));
				}
			});
			matches.sort((a, b) -> Double.compare(b.similarity(), a.similarity()));
			return Mono.just(matches);
		}

		@Override
		public void add(Meaning meaning, CacheKey key, Duration time) {
			this.known.put(key, meaning);
			this.times.add(time);
		}

		@Override
		public void remove(Meaning meaning, CacheKey key) {
			this.known.remove(key);
		}

		@Override
		public Mono<Void> forget(AnswerPattern which) {
			return Mono.fromRunnable(
					() -> this.known.values().removeIf((known) -> which.matches(known.tenant(), known.model())));
		}

	}

	private static final class Answers implements SharedAnswers {

		private final Map<CacheKey, KeptAnswer> kept = new LinkedHashMap<>();

		@Override
		public Mono<Optional<KeptAnswer>> find(CacheKey key) {
			return Mono.fromSupplier(() -> Optional.ofNullable(this.kept.get(key)));
		}

		@Override
		public void keep(CacheKey key, KeptAnswer answer) {
			this.kept.put(key, answer);
		}

		@Override
		public Mono<Long> forget(AnswerPattern which) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Mono<Boolean> forget(CacheKey key) {
			return Mono.fromSupplier(() -> Objects.nonNull(this.kept.remove(key)));
		}

	}

}
