package dev.llmproxy.observability.conversation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.FilterOrder;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.ResponseBody;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * Keeps what was said in the chats that an operator wants written down, until they are
 * complete, and hands them to the {@link ConversationWriter}. Nothing is decoded here.
 * Thread-safe.
 */
public final class ConversationFilter implements LlmFilter {

	/** Roughly what an event takes, beside its text. */
	private static final int PER_EVENT = 64;

	private final ConversationSettings settings;

	private final ConversationWriter writer;

	private final Answers answers;

	public ConversationFilter(ConversationSettings settings, ConversationWriter writer, Codecs codecs) {
		this.settings = settings;
		this.writer = writer;
		this.answers = new Answers(codecs);
	}

	@Override
	public int getOrder() {
		// Callers who are refused have said nothing that anybody answered.
		return FilterOrder.GUARDRAIL.order() - 1;
	}

	@Override
	public Mono<LlmResponse> filter(LlmRequest request, LlmHandler next) {
		Mono<LlmResponse> answer = next.handle(request);
		if (request.operation() != Operation.CHAT || !this.settings.wantsCaller(request.caller().id())) {
			return answer;
		}
		return answer
			.map((response) -> this.settings.wantsRoute(request.trail().route()) ? kept(request, response) : response);
	}

	private LlmResponse kept(LlmRequest request, LlmResponse response) {
		Reservation reservation = this.writer.reservation();
		if (!reservation.grow(request.body().length)) {
			return response;
		}
		ResponseBody body = response.body();
		if (body instanceof ResponseBody.Wire wire) {
			List<byte[]> pieces = new ArrayList<>();
			return response.withBody(new ResponseBody.Wire(wire.dialect(), wire.framing(), wire.mediaType(),
					recorded(wire.content(), (buffer) -> record(buffer, pieces, reservation), request, response,
							reservation, () -> this.answers.streamed(wire.dialect(), pieces))));
		}
		if (body instanceof ResponseBody.Events events) {
			List<ChatEvent> pieces = new ArrayList<>();
			return response.withBody(new ResponseBody.Events(recorded(events.events(), (event) -> {
				if (reservation.grow(PER_EVENT)) {
					pieces.add(event);
				}
			}, request, response, reservation, () -> this.answers.of(pieces))));
		}
		if (body instanceof ResponseBody.Json json && !reservation.grow(json.bytes().length)) {
			return response;
		}
		this.writer.add(new Conversation(request, () -> this.answers.whole(body), reservation.taken()));
		return response;
	}

	private static void record(DataBuffer buffer, List<byte[]> pieces, Reservation reservation) {
		int length = buffer.readableByteCount();
		if (reservation.grow(length)) {
			byte[] piece = new byte[length];
			buffer.toByteBuffer(buffer.readPosition(), ByteBuffer.wrap(piece), 0, length);
			pieces.add(piece);
		}
	}

	private <T> Flux<T> recorded(Flux<T> content, Consumer<T> record, LlmRequest request, LlmResponse response,
			Reservation reservation, Supplier<ChatResponse> answer) {
		return content.doOnNext(record).doOnComplete(() -> {
			if (reservation.isWhole() && response.outcome().error() == null) {
				this.writer.add(new Conversation(request, answer, reservation.taken()));
			}
		}).doFinally((end) -> reservation.release());
	}

}
