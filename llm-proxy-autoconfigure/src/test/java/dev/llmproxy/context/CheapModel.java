package dev.llmproxy.context;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.BodyConversion;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;

/** Writes summaries that tell which call wrote them, and remembers what it was asked. */
final class CheapModel implements LlmHandler {

	static final SummarySettings SETTINGS = new SummarySettings(1 << 20, Duration.ofHours(1), Duration.ofSeconds(30),
			2);

	final List<LlmRequest> asked = new CopyOnWriteArrayList<>();

	final List<ContextListener.SummaryEvent> events = new CopyOnWriteArrayList<>();

	final AtomicInteger cancelled = new AtomicInteger();

	volatile Function<Integer, Mono<String>> answer = (call) -> Mono.just("Summary " + call);

	@Override
	public Mono<LlmResponse> handle(LlmRequest request) {
		this.asked.add(request);
		return this.answer.apply(this.asked.size())
			.map(CheapModel::response)
			.doOnCancel(this.cancelled::incrementAndGet);
	}

	String prompt(int call) {
		return this.asked.get(call - 1).chat().messages().get(1).text();
	}

	static LlmResponse response(String text) {
		ChatResponse.Choice choice = new ChatResponse.Choice(0, List.of(Part.text(text)), FinishReason.STOP, null);
		return new LlmResponse(200, HttpHeaders.EMPTY,
				new ResponseBody.Whole(new ChatResponse("id", "cheap", 0, List.of(choice), null, null)), new Outcome());
	}

	Summaries summaries(SummarySettings settings, MemoryBudget memory) {
		BodyConversion conversion = new BodyConversion(new Codecs(List.of(), List.of(), List.of(), List.of()));
		return new Summaries(new Summariser(() -> this, () -> conversion), settings, memory, new ContextListener() {

			@Override
			public void done(ContextAction action, long before, long after) {
				// Of no interest here.
			}

			@Override
			public void summary(SummaryEvent event) {
				CheapModel.this.events.add(event);
			}

		});
	}

	Summaries summaries() {
		return summaries(SETTINGS, MemoryBudget.UNLIMITED);
	}

	static LlmRequest request(String caller) {
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.id("req_1")
			.caller(new Caller(caller, List.of()))
			.body(new byte[0], Envelope.none())
			.build();
	}

	/** So many steps of a conversation, each a question and its answer. */
	static List<List<Message>> steps(int count) {
		return IntStream.range(0, count)
			.mapToObj((i) -> List.of(Message.text(Role.USER, "question " + i),
					Message.text(Role.ASSISTANT, "answer " + i)))
			.toList();
	}

}
