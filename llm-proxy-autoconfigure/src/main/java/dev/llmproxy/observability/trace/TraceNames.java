package dev.llmproxy.observability.trace;

import java.util.List;

import dev.llmproxy.gateway.LlmRequest;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;

/**
 * The attributes and events of spans. Those of the OpenTelemetry conventions keep their
 * names; what these have no name for begins with {@code llm.}.
 */
final class TraceNames {

	static final AttributeKey<String> OPERATION = AttributeKey.stringKey("gen_ai.operation.name");

	static final AttributeKey<String> VENDOR = AttributeKey.stringKey("gen_ai.provider.name");

	static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");

	static final AttributeKey<List<String>> FINISH_REASONS = AttributeKey
		.stringArrayKey("gen_ai.response.finish_reasons");

	static final AttributeKey<String> RESPONSE_MODEL = AttributeKey.stringKey("gen_ai.response.model");

	static final AttributeKey<String> CONVERSATION = AttributeKey.stringKey("gen_ai.conversation.id");

	static final AttributeKey<Long> INPUT = AttributeKey.longKey("gen_ai.usage.input_tokens");

	static final AttributeKey<Long> OUTPUT = AttributeKey.longKey("gen_ai.usage.output_tokens");

	static final AttributeKey<Long> CACHE_READ = AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");

	static final AttributeKey<Long> CACHE_CREATION = AttributeKey.longKey("gen_ai.usage.cache_creation.input_tokens");

	static final AttributeKey<Long> REASONING = AttributeKey.longKey("gen_ai.usage.reasoning.output_tokens");

	static final AttributeKey<String> INPUT_MESSAGES = AttributeKey.stringKey("gen_ai.input.messages");

	static final AttributeKey<String> OUTPUT_MESSAGES = AttributeKey.stringKey("gen_ai.output.messages");

	static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

	static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");

	static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("server.address");

	static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");

	static final AttributeKey<String> REQUEST = AttributeKey.stringKey("llm.request.id");

	static final AttributeKey<String> CALLER = AttributeKey.stringKey("llm.caller");

	static final AttributeKey<String> DIALECT = AttributeKey.stringKey("llm.dialect");

	static final AttributeKey<Boolean> STREAM = AttributeKey.booleanKey("llm.stream");

	static final AttributeKey<String> ROUTE = AttributeKey.stringKey("llm.route");

	static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("llm.provider");

	static final AttributeKey<String> TARGET = AttributeKey.stringKey("llm.target");

	static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("llm.attempts");

	static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("llm.attempt.number");

	static final AttributeKey<String> KIND = AttributeKey.stringKey("llm.attempt.kind");

	static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("llm.outcome");

	static final AttributeKey<Long> COST = AttributeKey.longKey("llm.cost.nano_usd");

	static final AttributeKey<Boolean> ESTIMATED = AttributeKey.booleanKey("llm.usage.estimated");

	static final AttributeKey<String> CACHE = AttributeKey.stringKey("llm.cache");

	static final AttributeKey<String> CONTEXT = AttributeKey.stringKey("llm.context");

	/** The first token of a stream is there. */
	static final String FIRST_TOKEN = "llm.first_token";

	/** Longer names are no names. */
	private static final int MOST = 128;

	private TraceNames() {
	}

	/** A span of a request, with what all of them tell. */
	static SpanBuilder span(Tracer tracer, SpanKind kind, LlmRequest request, String requested) {
		String operation = request.operation().operationName();
		String model = bounded(requested);
		SpanBuilder builder = tracer.spanBuilder(model.isEmpty() ? operation : operation + " " + model)
			.setSpanKind(kind)
			.setAttribute(OPERATION, operation)
			.setAttribute(STREAM, request.stream());
		if (!model.isEmpty()) {
			builder.setAttribute(MODEL, model);
		}
		String conversation = request.hint("llm-proxy-session");
		if (conversation != null) {
			builder.setAttribute(CONVERSATION, bounded(conversation));
		}
		return builder;
	}

	/** What a caller wrote, cut where it is no name any more. */
	static String bounded(String text) {
		return (text.length() <= MOST) ? text : text.substring(0, MOST);
	}

}
