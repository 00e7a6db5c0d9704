package dev.llmproxy.observability.trace;

import java.util.List;

import dev.llmproxy.cache.CacheFilter;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.context.ContextFilter;
import dev.llmproxy.gateway.AnswerWatch;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.TraceContext;
import dev.llmproxy.gateway.Trail;
import dev.llmproxy.observability.call.CallRecord;
import dev.llmproxy.provider.Attempt;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/** The span of a call: from when it came in until its answer has ended. */
final class CallSpan extends AnswerWatch {

	private final Span span;

	private final LlmRequest request;

	private int status;

	private HttpHeaders headers = HttpHeaders.EMPTY;

	private volatile @Nullable ErrorKind lastFailure;

	private CallSpan(Span span, LlmRequest request) {
		this.span = span;
		this.request = request;
	}

	/**
	 * Starts one.
	 * @param parent {@code null} for the beginning of a trace
	 */
	static CallSpan start(Tracer tracer, LlmRequest request, @Nullable TraceContext parent) {
		Span span = TraceNames.span(tracer, SpanKind.SERVER, request, request.model())
			.setParent((parent != null) ? Sampling.below(Sampling.remote(parent)) : Sampling.root())
			.setAttribute(TraceNames.REQUEST, request.id())
			.setAttribute(TraceNames.CALLER, request.caller().id())
			.setAttribute(TraceNames.DIALECT, request.dialect().name())
			.startSpan();
		SpanContext place = span.getSpanContext();
		return new CallSpan(span, request.withTrace(new TraceContext(place.getTraceId(), place.getSpanId(),
				place.isSampled(), (parent != null) ? parent.state() : null)));
	}

	/** The request, at its place in the trace. */
	LlmRequest request() {
		return this.request;
	}

	/** An attempt other than the first begins. */
	void again(Attempt attempt) {
		AttributesBuilder attributes = Attributes.builder()
			.put(TraceNames.ATTEMPT, (long) attempt.number())
			.put(TraceNames.TARGET, attempt.target().id());
		ErrorKind failure = this.lastFailure;
		if (failure != null) {
			attributes.put(TraceNames.ERROR, failure.label());
		}
		this.span.addEvent("llm." + attempt.kind().label(), attributes.build());
	}

	/** An attempt had no success. */
	void failed(ErrorKind kind) {
		this.lastFailure = kind;
	}

	@Override
	protected LlmResponse begun(LlmResponse response) {
		this.status = response.status();
		this.headers = response.headers();
		if (this.request.stream()) {
			this.span.addEvent(TraceNames.FIRST_TOKEN);
		}
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

	private void end(CallRecord.End how, @Nullable Outcome outcome, @Nullable LlmError error) {
		this.span.setAttribute(TraceNames.OUTCOME, how.label());
		this.span.setAttribute(TraceNames.STATUS, this.status);
		if (error != null) {
			this.span.setAttribute(TraceNames.ERROR, error.kind().label());
			// A mistake of the caller is no failure of the server.
			if (outcome != null || this.status >= 500) {
				this.span.setStatus(StatusCode.ERROR);
			}
		}
		header(TraceNames.CACHE.getKey(), CacheFilter.HEADER);
		header(TraceNames.CONTEXT.getKey(), ContextFilter.HEADER);
		trail(this.request.trail());
		if (outcome != null && outcome.usage() != null) {
			usage(this.span, outcome.usage());
		}
		if (outcome != null && outcome.finish() != null) {
			this.span.setAttribute(TraceNames.FINISH_REASONS, List.of(outcome.finish().label()));
		}
		this.span.end();
	}

	private void header(String attribute, String header) {
		String value = this.headers.getFirst(header);
		if (value != null) {
			this.span.setAttribute(attribute, value);
		}
	}

	private void trail(Trail trail) {
		String route = trail.route();
		if (route != null) {
			this.span.setAttribute(TraceNames.ROUTE, route);
		}
		this.span.setAttribute(TraceNames.ATTEMPTS, (long) trail.attempts().size());
		Long cost = trail.cost();
		if (cost != null) {
			this.span.setAttribute(TraceNames.COST, cost);
		}
	}

	/** Tokens, and those of them that there are none of only where everybody tells. */
	static void usage(Span span, Usage usage) {
		span.setAttribute(TraceNames.INPUT, usage.inputTokens());
		span.setAttribute(TraceNames.OUTPUT, usage.outputTokens());
		if (usage.cacheReadTokens() > 0) {
			span.setAttribute(TraceNames.CACHE_READ, usage.cacheReadTokens());
		}
		if (usage.cacheWriteTokens() > 0) {
			span.setAttribute(TraceNames.CACHE_CREATION, usage.cacheWriteTokens());
		}
		if (usage.reasoningTokens() > 0) {
			span.setAttribute(TraceNames.REASONING, usage.reasoningTokens());
		}
		if (usage.estimated()) {
			span.setAttribute(TraceNames.ESTIMATED, true);
		}
	}

}
