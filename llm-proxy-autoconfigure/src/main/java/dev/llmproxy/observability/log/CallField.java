package dev.llmproxy.observability.log;

import java.math.BigDecimal;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.TraceContext;
import dev.llmproxy.observability.call.CallRecord;
import dev.llmproxy.observability.call.CallRecord.End;
import dev.llmproxy.provider.NanoUsd;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the event of a call. Names are the Elastic Common Schema's or
 * OpenTelemetry's where these have one, and begin with {@code llm_proxy} where they
 * don't. What is not known is left out.
 */
public enum CallField {

	REQUEST_ID("http.request.id", CallRecord::id),

	TRACE_ID("trace.id", (call) -> trace(call, TraceContext::traceId)),

	SPAN_ID("span.id", (call) -> trace(call, TraceContext::spanId)),

	START("event.start", (call) -> call.began().toString()),

	OUTCOME("event.outcome", (call) -> switch (call.end()) {
		case SUCCEEDED -> "success";
		case FAILED, BROKEN -> "failure";
		case CANCELLED -> "unknown";
	}),

	CALLER("llm_proxy.caller", (call) -> LogText.clean(call.caller().id())),

	TEAM("llm_proxy.team", (call) -> LogText.clean(call.caller().team())),

	OPERATION("gen_ai.operation.name", (call) -> call.operation().operationName()),

	DIALECT("llm_proxy.dialect", (call) -> call.dialect().toString()),

	STREAM("llm_proxy.stream", CallRecord::stream),

	REQUEST_MODEL("gen_ai.request.model", (call) -> LogText.clean(call.model())),

	ROUTE("llm_proxy.route", (call) -> LogText.clean(call.route())),

	PROVIDER("llm_proxy.provider", (call) -> last(call, AttemptRecord::provider)),

	TARGET("llm_proxy.target", (call) -> last(call, AttemptRecord::target)),

	MODEL("llm_proxy.model", (call) -> last(call, AttemptRecord::model)),

	ATTEMPTS("llm_proxy.attempts", (call) -> call.attempts().isEmpty() ? null : call.attempts()),

	STATUS("http.response.status_code", CallRecord::status),

	END("llm_proxy.end", (call) -> call.end().label()),

	FINISH("gen_ai.response.finish_reason", (call) -> (call.finish() != null) ? call.finish().label() : null),

	ERROR_TYPE("error.type", (call) -> (call.error() != null) ? call.error().kind().label() : null),

	ERROR_CODE("error.code", (call) -> code(call.error())),

	DURATION("llm_proxy.duration_ms", (call) -> millis(call.duration())),

	FIRST_TOKEN("llm_proxy.first_token_ms", (call) -> (call.firstToken() >= 0) ? millis(call.firstToken()) : null),

	OVERHEAD("llm_proxy.overhead_ms", (call) -> millis(call.overhead())),

	INPUT_TOKENS("gen_ai.usage.input_tokens", (call) -> tokens(call, Usage::inputTokens, true)),

	OUTPUT_TOKENS("gen_ai.usage.output_tokens", (call) -> tokens(call, Usage::outputTokens, true)),

	CACHE_READ_TOKENS("gen_ai.usage.cache_read.input_tokens", (call) -> tokens(call, Usage::cacheReadTokens, false)),

	CACHE_WRITE_TOKENS("gen_ai.usage.cache_creation.input_tokens",
			(call) -> tokens(call, Usage::cacheWriteTokens, false)),

	REASONING_TOKENS("gen_ai.usage.reasoning.output_tokens", (call) -> tokens(call, Usage::reasoningTokens, false)),

	AUDIO_INPUT_TOKENS("gen_ai.usage.audio.input_tokens", (call) -> tokens(call, Usage::audioInputTokens, false)),

	AUDIO_OUTPUT_TOKENS("gen_ai.usage.audio.output_tokens", (call) -> tokens(call, Usage::audioOutputTokens, false)),

	TOKENS_ESTIMATED("llm_proxy.tokens_estimated", (call) -> (call.usage() != null) ? call.usage().estimated() : null),

	COST("llm_proxy.cost_usd", (call) -> (call.cost() != null) ? NanoUsd.dollars(call.cost()) : null),

	COST_ESTIMATED("llm_proxy.cost_estimated", (call) -> (call.cost() != null) ? call.estimated() : null),

	CACHE("llm_proxy.cache", (call) -> LogText.clean(call.cache())),

	CONTEXT("llm_proxy.context", (call) -> LogText.clean(call.context())),

	REQUEST_BYTES("http.request.body.bytes", CallRecord::requestBytes),

	RESPONSE_BYTES("http.response.body.bytes", (call) -> (call.responseBytes() > 0) ? call.responseBytes() : null);

	private final String fieldName;

	@SuppressWarnings("ImmutableEnumChecker") // none of them has a state
	private final Function<CallRecord, @Nullable Object> value;

	CallField(String fieldName, Function<CallRecord, @Nullable Object> value) {
		this.fieldName = fieldName;
		this.value = value;
	}

	/** As it stands in the event. */
	public String fieldName() {
		return this.fieldName;
	}

	@Nullable Object of(CallRecord call) {
		return this.value.apply(call);
	}

	private static @Nullable String trace(CallRecord call, Function<TraceContext, String> part) {
		TraceContext trace = call.trace();
		return (trace != null) ? part.apply(trace) : null;
	}

	private static @Nullable String last(CallRecord call, Function<AttemptRecord, String> part) {
		AttemptRecord last = call.last();
		return (last != null) ? LogText.clean(part.apply(last)) : null;
	}

	private static @Nullable Object tokens(CallRecord call, ToLongFunction<Usage> part, boolean always) {
		Usage usage = call.usage();
		if (usage == null) {
			return null;
		}
		long tokens = part.applyAsLong(usage);
		return (tokens > 0 || always) ? tokens : null;
	}

	static @Nullable String code(@Nullable LlmError error) {
		return (error != null) ? LogText.word(error.code()) : null;
	}

	/** With microseconds. */
	static BigDecimal millis(long nanos) {
		return BigDecimal.valueOf(nanos / 1000, 3);
	}

	/** Whether a call ended as everybody wished. */
	static boolean isSuccess(CallRecord call) {
		return call.end() == End.SUCCEEDED;
	}

}
