package dev.llmproxy.observability.trace;

import java.net.URI;
import java.util.List;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.AnswerWatch;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.gateway.TraceContext;
import dev.llmproxy.observability.cost.Pricing;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.Provider;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import org.jspecify.annotations.Nullable;

/** The span of one attempt: from its beginning until its answer has ended. */
final class AttemptSpan extends AnswerWatch {

	private final Span span;

	private final Attempt attempt;

	private final Pricing pricing;

	private final @Nullable MessageContent content;

	private final @Nullable CallSpan call;

	private AttemptSpan(Span span, Attempt attempt, Pricing pricing, @Nullable MessageContent content,
			@Nullable CallSpan call) {
		this.span = span;
		this.attempt = attempt;
		this.pricing = pricing;
		this.content = content;
		this.call = call;
	}

	/**
	 * Starts one.
	 * @param call the span of the call; {@code null} where nobody knows it
	 */
	static AttemptSpan start(Tracer tracer, Attempt attempt, TraceContext parent, Pricing pricing,
			@Nullable MessageContent content, @Nullable CallSpan call) {
		LlmRequest request = attempt.request();
		Provider provider = attempt.target().provider();
		SpanBuilder builder = TraceNames.span(tracer, SpanKind.CLIENT, request, attempt.target().model())
			.setParent(Sampling.below(Sampling.local(parent)))
			.setAttribute(TraceNames.VENDOR, provider.vendor())
			.setAttribute(TraceNames.PROVIDER, provider.name())
			.setAttribute(TraceNames.TARGET, attempt.target().id())
			.setAttribute(TraceNames.ROUTE, attempt.route())
			.setAttribute(TraceNames.ATTEMPT, (long) attempt.number())
			.setAttribute(TraceNames.KIND, attempt.kind().label());
		URI address = provider.address();
		if (address != null) {
			builder.setAttribute(TraceNames.ADDRESS, address.getHost());
			builder.setAttribute(TraceNames.PORT, (long) port(address));
		}
		Span span = builder.startSpan();
		if (content != null) {
			set(span, TraceNames.INPUT_MESSAGES, content.input(request));
		}
		return new AttemptSpan(span,
				attempt.withRequest(request.withTrace(parent.withSpan(span.getSpanContext().getSpanId()))), pricing,
				content, call);
	}

	private static int port(URI address) {
		if (address.getPort() >= 0) {
			return address.getPort();
		}
		return "http".equals(address.getScheme()) ? 80 : 443;
	}

	private static void set(Span span, AttributeKey<String> key, @Nullable String value) {
		if (value != null) {
			span.setAttribute(key, value);
		}
	}

	/** The attempt, at its place in the trace. */
	Attempt attempt() {
		return this.attempt;
	}

	@Override
	protected LlmResponse begun(LlmResponse response) {
		this.span.setAttribute(TraceNames.STATUS, response.status());
		if (this.attempt.request().stream()) {
			this.span.addEvent(TraceNames.FIRST_TOKEN);
		}
		if (response.body() instanceof ResponseBody.Whole whole) {
			this.span.setAttribute(TraceNames.RESPONSE_MODEL, TraceNames.bounded(whole.response().model()));
		}
		if (this.content != null) {
			set(this.span, TraceNames.OUTPUT_MESSAGES, this.content.output(this.attempt.request(), response.body()));
		}
		return response;
	}

	@Override
	protected void failed(Throwable failure) {
		LlmException known = LlmException.known(failure);
		if (known.upstream() != null) {
			this.span.setAttribute(TraceNames.STATUS, known.upstream().status());
		}
		end(known.ownRefusal() ? AttemptEnd.refused(this.attempt, known) : AttemptEnd.failed(this.attempt, known));
	}

	@Override
	protected void cancelled(@Nullable Outcome outcome) {
		end(AttemptEnd.cancelled(this.attempt, outcome));
	}

	@Override
	protected void ended(Outcome outcome) {
		end(AttemptEnd.of(this.attempt, outcome));
	}

	private void end(AttemptEnd end) {
		this.span.setAttribute(TraceNames.OUTCOME, end.kind().label());
		LlmError error = end.error();
		if (error != null) {
			failed(error.kind());
		}
		Outcome outcome = end.outcome();
		if (outcome != null && outcome.finish() != null) {
			this.span.setAttribute(TraceNames.FINISH_REASONS, List.of(outcome.finish().label()));
		}
		Usage usage = end.usage();
		if (usage != null) {
			CallSpan.usage(this.span, usage);
			Long cost = this.pricing.cost(this.attempt.target(), usage);
			if (cost != null) {
				this.span.setAttribute(TraceNames.COST, cost);
			}
		}
		this.span.end();
	}

	private void failed(ErrorKind kind) {
		this.span.setAttribute(TraceNames.ERROR, kind.label());
		this.span.setStatus(StatusCode.ERROR);
		if (this.call != null) {
			this.call.failed(kind);
		}
	}

}
