package dev.llmproxy.observability.call;

import java.time.Instant;
import java.util.List;

import dev.llmproxy.cache.CacheFilter;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.context.ContextFilter;
import dev.llmproxy.gateway.AnswerWatch;
import dev.llmproxy.gateway.FilterOrder;
import dev.llmproxy.gateway.Listeners;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Outcome;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;

/**
 * Tells listeners of calls, refusals of all other filters included. Nobody listens:
 * nothing is done. Thread-safe.
 */
public final class CallObservation implements LlmFilter {

	private final Listeners<CallListener> listeners;

	public CallObservation(List<? extends CallListener> listeners) {
		this.listeners = new Listeners<>(listeners);
	}

	@Override
	public Mono<LlmResponse> filter(LlmRequest request, LlmHandler next) {
		return this.listeners.isEmpty() ? next.handle(request) : new Observed(request, next);
	}

	@Override
	public int getOrder() {
		return FilterOrder.OBSERVATION.order();
	}

	/** A call begins when somebody subscribes to its answer. */
	private final class Observed extends Mono<LlmResponse> {

		private final LlmRequest request;

		private final LlmHandler next;

		Observed(LlmRequest request, LlmHandler next) {
			this.request = request;
			this.next = next;
		}

		@Override
		public void subscribe(CoreSubscriber<? super LlmResponse> actual) {
			Watch watch = new Watch(this.request);
			CallObservation.this.listeners.tell((listener) -> listener.began(this.request));
			watch.subscribe(this.next.handle(this.request), actual);
		}

	}

	private final class Watch extends AnswerWatch {

		private final LlmRequest request;

		private final Instant began = Instant.now();

		private final long start = System.nanoTime();

		private long firstToken = -1;

		private int status;

		private HttpHeaders headers = HttpHeaders.EMPTY;

		Watch(LlmRequest request) {
			this.request = request;
		}

		@Override
		protected LlmResponse begun(LlmResponse response) {
			this.firstToken = System.nanoTime() - this.start;
			this.status = response.status();
			this.headers = response.headers();
			CallObservation.this.listeners.tell((listener) -> listener.answered(this.request, this.firstToken));
			return response;
		}

		@Override
		protected void failed(Throwable failure) {
			LlmException known = LlmException.known(failure);
			this.status = known.status();
			this.headers = known.headers();
			end(CallRecord.End.FAILED, null, known.error());
		}

		@Override
		protected void cancelled(@Nullable Outcome outcome) {
			if (outcome == null) {
				this.status = CallRecord.CLIENT_CLOSED_REQUEST;
			}
			end(CallRecord.End.CANCELLED, outcome, null);
		}

		@Override
		protected void ended(Outcome outcome) {
			LlmError error = outcome.error();
			end((error != null) ? CallRecord.End.BROKEN : CallRecord.End.SUCCEEDED, outcome, error);
		}

		private void end(CallRecord.End end, @Nullable Outcome outcome, @Nullable LlmError error) {
			CallRecord call = record(end, outcome, error);
			CallObservation.this.listeners.tell((listener) -> listener.ended(call));
		}

		private CallRecord record(CallRecord.End end, @Nullable Outcome outcome, @Nullable LlmError error) {
			long duration = System.nanoTime() - this.start;
			LlmRequest request = this.request;
			long untilHead = (this.firstToken >= 0) ? this.firstToken : duration;
			return new CallRecord(request.id(), request.caller(), request.operation(), request.dialect(),
					request.model(), request.stream(), request.trail().route(), request.trace(), this.began, duration,
					this.firstToken, Math.max(0, untilHead - request.trail().waited()), this.status, end,
					request.trail().attempts(), (outcome != null) ? outcome.usage() : null,
					(outcome != null) ? outcome.finish() : null, request.trail().cost(), request.trail().estimated(),
					error, this.headers.getFirst(CacheFilter.HEADER), this.headers.getFirst(ContextFilter.HEADER),
					request.body().length, (outcome != null) ? outcome.producedBytes() : 0);
		}

	}

}
