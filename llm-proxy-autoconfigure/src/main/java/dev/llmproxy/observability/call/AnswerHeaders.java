package dev.llmproxy.observability.call;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.FilterOrder;
import dev.llmproxy.gateway.HeaderFields;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.TraceContext;
import dev.llmproxy.provider.NanoUsd;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;

/**
 * Has answers, and errors, say in headers where they come from. Without headers to set
 * nothing is done. Thread-safe.
 */
public final class AnswerHeaders implements LlmFilter {

	private static final int LONGEST = 256;

	private final Set<AnswerHeader> wanted;

	public AnswerHeaders(Collection<AnswerHeader> wanted) {
		this.wanted = wanted.isEmpty() ? EnumSet.noneOf(AnswerHeader.class) : EnumSet.copyOf(wanted);
	}

	@Override
	public int getOrder() {
		// Within the observation, so that the trace is known.
		return FilterOrder.OBSERVATION.order() + 100;
	}

	@Override
	public Mono<LlmResponse> filter(LlmRequest request, LlmHandler next) {
		if (this.wanted.isEmpty()) {
			return next.handle(request);
		}
		long start = System.nanoTime();
		return next.handle(request)
			.map((response) -> response.withHeaders(headers(response.headers(), request, start)))
			.onErrorMap(LlmException.class,
					(failure) -> failure.withHeaders(headers(failure.headers(), request, start)));
	}

	private HttpHeaders headers(HttpHeaders known, LlmRequest request, long start) {
		HttpHeaders headers = HeaderFields.copy(known);
		List<AttemptRecord> attempts = request.trail().attempts();
		AttemptRecord last = attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
		for (AnswerHeader header : this.wanted) {
			switch (header) {
				case PROVIDER -> set(headers, header, (last != null) ? last.provider() : "");
				case MODEL -> set(headers, header, (last != null) ? last.model() : "");
				case ATTEMPTS -> set(headers, header, Integer.toString(attempts.size()));
				case COST -> set(headers, header, cost(request.trail().cost()));
				case OVERHEAD_MS -> set(headers, header, millis(System.nanoTime() - start - request.trail().waited()));
				case TRACE_ID -> set(headers, header, trace(request.trace()));
			}
		}
		return headers;
	}

	private static String cost(@Nullable Long nanoUsd) {
		return (nanoUsd != null) ? NanoUsd.dollars(nanoUsd).toPlainString() : "";
	}

	private static String millis(long nanos) {
		return BigDecimal.valueOf(Math.max(0, nanos / 1000), 3).toPlainString();
	}

	private static String trace(@Nullable TraceContext trace) {
		return (trace != null) ? trace.traceId() : "";
	}

	private static void set(HttpHeaders headers, AnswerHeader header, String value) {
		if (isFit(value)) {
			headers.set(header.headerName(), value);
		}
	}

	/** A model's name may be the caller's, who may have put anything into it. */
	private static boolean isFit(String value) {
		if (value.isEmpty() || value.length() > LONGEST) {
			return false;
		}
		for (int i = 0; i < value.length(); i++) {
			if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
				return false;
			}
		}
		return true;
	}

}
