package dev.llmproxy.context;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.context.ContextListener.SummaryEvent;
import dev.llmproxy.context.ContextWindows.Window;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.InboundCodec;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Tag("once")
class ContextFilterTest {

	private final CheapModel cheap = new CheapModel();

	private final List<LlmRequest> sent = new ArrayList<>();

	private final AtomicInteger decoded = new AtomicInteger();

	private long window;

	@Test
	void whatIsShortIsNotDecoded() {
		ContextFilter filter = filter(Policies.trim(3000, TrimOrder.MIDDLE_OUT, false));
		LlmRequest request = request(plain(3), "x".repeat(2500));
		assertThat(ask(filter, request).headers()).isEqualTo(HttpHeaders.EMPTY);
		assertThat(this.sent).containsExactly(request);
		assertThat(this.decoded).hasValue(0);
		ask(filter, request(plain(3), "x".repeat(2600) + "\",\"image_url\":\"https://example.org/a.png"));
		assertThat(this.decoded).hasValue(1);
	}

	@Test
	void whatCannotBeDecodedIsLeftToOthers() {
		ContextFilter filter = filter(Policies.trim(100, TrimOrder.MIDDLE_OUT, false));
		LlmRequest request = request(null, "x".repeat(5000));
		assertThat(ask(filter, request).headers()).isEqualTo(HttpHeaders.EMPTY);
		assertThat(this.sent).containsExactly(request);
	}

	@Test
	void whereNobodyKnowsTheWindowNothingHappens() {
		ContextFilter filter = filter(Policies.of(ContextStrategy.REJECT, 0, null));
		LlmRequest request = request(plain(500), "x".repeat(100_000));
		ask(filter, request);
		assertThat(this.sent).containsExactly(request);
		assertThat(this.decoded).hasValue(0);
	}

	@Test
	void otherModelsAreLeftAlone() {
		ContextFilter filter = new ContextFilter(
				live(new ContextPolicies(Map.of("other", Policies.trim(100, TrimOrder.MIDDLE_OUT, false)), null)),
				(request) -> new Window(0, "m"), (model) -> Conversations.COUNTER, this.cheap.summaries(),
				ContextListener.NONE);
		LlmRequest request = request(plain(500), "x".repeat(100_000));
		ask(filter, request);
		assertThat(this.sent).containsExactly(request);
		assertThat(this.decoded).hasValue(0);
	}

	@Test
	void refusesWithNumbers() {
		this.window = 1100;
		ContextFilter filter = filter(Policies.of(ContextStrategy.REJECT, 0, null));
		assertThatExceptionOfType(LlmException.class).isThrownBy(() -> ask(filter, request(plain(100), "")))
			.satisfies((refusal) -> {
				assertThat(refusal.status()).isEqualTo(400);
				assertThat(refusal.error().code()).isEqualTo("context_length_exceeded");
				assertThat(refusal.getMessage()).isEqualTo("The prompt has " + Conversations.COUNTER.count(plain(100))
						+ " tokens, and 'chat' takes prompts of at most 1000: its context window has 1100 tokens, of "
						+ "which 100 are kept for the answer. Shorten the conversation, ask for a shorter answer, or "
						+ "choose another model.");
			});
		assertThat(this.sent).isEmpty();
	}

	@Test
	void theAnswerThatIsAskedForHasItsPlaceInTheWindow() {
		this.window = 4000;
		ContextFilter filter = filter(Policies.of(ContextStrategy.REJECT, 0, null));
		ChatRequest chat = plain(100);
		ask(filter, request(chat, "x".repeat(4000)));
		assertThatExceptionOfType(LlmException.class)
			.isThrownBy(() -> ask(filter, request(chat.mutate().maxTokens(2500).build(), "x".repeat(4000))));
	}

	@Test
	void trimsAndTells() {
		ContextFilter filter = filter(Policies.trim(1000, TrimOrder.OLDEST_FIRST, false));
		ChatRequest chat = plain(200);
		String told = ask(filter, request(chat, "")).headers().getFirst(ContextFilter.HEADER);
		ChatRequest changed = this.sent.get(0).chat();
		assertThat(told).isEqualTo("trimmed; before=" + Conversations.COUNTER.count(chat) + "; after="
				+ Conversations.COUNTER.count(changed));
		assertThat(Conversations.COUNTER.count(changed)).isLessThanOrEqualTo(1000);
	}

	@Test
	void goesToAnotherModel() {
		ContextFilter filter = filter(Policies.of(ContextStrategy.FALLBACK, 1000, "larger"));
		String told = ask(filter, request(plain(200), "")).headers().getFirst(ContextFilter.HEADER);
		assertThat(told).startsWith("fallback; before=");
		assertThat(this.sent.get(0).model()).isEqualTo("larger");
		assertThat(this.sent.get(0).chat().messages()).isEqualTo(plain(200).messages());
	}

	@Test
	void summarisesAndGoesOnWithTheSameSummary() {
		ContextFilter filter = filter(Policies.summarise(1000, 0));
		String told = ask(filter, request(plain(200), "")).headers().getFirst(ContextFilter.HEADER);
		assertThat(told).startsWith("summarised; before=");
		assertThat(this.sent.get(0).chat().messages().get(0).text()).contains("Summary 1", "a summary of them");
		assertThat(Conversations.COUNTER.count(this.sent.get(0).chat())).isLessThanOrEqualTo(1000);
		ask(filter, request(plain(202), ""));
		assertThat(this.sent.get(1).chat().messages())
			.startsWith(this.sent.get(0).chat().messages().toArray(Message[]::new));
		assertThat(this.cheap.asked).hasSize(1);
	}

	@Test
	void trimsWhereNoSummaryCanBeHad() {
		this.cheap.answer = (call) -> Mono.never();
		ContextFilter filter = filter(Policies.summarise(1000, 0, 8000, Duration.ofMillis(30)));
		String told = ask(filter, request(plain(200), "")).headers().getFirst(ContextFilter.HEADER);
		assertThat(told).startsWith("trimmed-instead; before=");
		assertThat(this.sent.get(0).chat().messages().get(0).text()).contains("left out").doesNotContain("summary");
	}

	@Test
	void theNextSummaryIsThereWhenItIsNeeded() {
		ContextFilter filter = filter(Policies.summarise(1000, 0.7));
		int turns = 1;
		while (Conversations.COUNTER.count(plain(turns)) <= 700) {
			turns += 2;
		}
		assertThat(ask(filter, request(plain(turns), "x".repeat(1000))).headers()).isEqualTo(HttpHeaders.EMPTY);
		Awaitility.await().until(() -> this.cheap.events.contains(SummaryEvent.MADE));
		while (Conversations.COUNTER.count(plain(turns)) <= 900) {
			turns += 2;
		}
		this.cheap.answer = (call) -> Mono.never();
		assertThat(ask(filter, request(plain(turns), "x".repeat(1000))).headers().getFirst(ContextFilter.HEADER))
			.startsWith("summarised");
	}

	private static ChatRequest plain(int messages) {
		ChatRequest.Builder chat = ChatRequest.builder("chat");
		for (int i = 0; i < messages; i++) {
			chat.message(Message.text((i % 2 == 0) ? Role.USER : Role.ASSISTANT, i + " " + "word ".repeat(12)));
		}
		return chat.build();
	}

	private LlmResponse ask(ContextFilter filter, LlmRequest request) {
		return filter.filter(request, (changed) -> {
			this.sent.add(changed);
			return Mono.just(CheapModel.response("fine"));
		}).blockOptional().orElseThrow();
	}

	private ContextFilter filter(ContextPolicy policy) {
		return new ContextFilter(live(new ContextPolicies(Map.of(), policy)), (request) -> new Window(this.window, "m"),
				(model) -> Conversations.COUNTER, this.cheap.summaries(), ContextListener.NONE);
	}

	private static LiveSnapshot live(ContextPolicies policies) {
		LiveSnapshot live = new LiveSnapshot();
		live.add(ContextPolicies.class, policies);
		return live;
	}

	/** A request that decodes to this, whatever its bytes say; or can't be decoded. */
	private LlmRequest request(@Nullable ChatRequest chat, String filling) {
		String text = filling.isEmpty() ? "x".repeat(20_000) : filling;
		byte[] body = ("{\"model\":\"chat\",\"messages\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.body(body, EnvelopeScanner.scan(body, JsonLimits.DEFAULT))
			.codec(new Prepared(chat))
			.build();
	}

	private final class Prepared implements InboundCodec {

		private final @Nullable ChatRequest chat;

		Prepared(@Nullable ChatRequest chat) {
			this.chat = chat;
		}

		@Override
		public Dialect dialect() {
			return Dialect.OPENAI;
		}

		@Override
		public ChatRequest decodeRequest(byte[] body, Envelope envelope) {
			ContextFilterTest.this.decoded.incrementAndGet();
			if (this.chat == null) {
				throw new InvalidRequestException("No", "messages");
			}
			return this.chat;
		}

		@Override
		public byte[] encodeResponse(ChatResponse response) {
			throw new UnsupportedOperationException();
		}

		@Override
		public StreamEncoder streamEncoder(ChatRequest request) {
			throw new UnsupportedOperationException();
		}

		@Override
		public byte[] encodeError(LlmError error, @Nullable String requestId) {
			throw new UnsupportedOperationException();
		}

		@Override
		public byte[] encodeStreamError(LlmError error, @Nullable String requestId) {
			throw new UnsupportedOperationException();
		}

	}

}
