package dev.llmproxy.provider;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EmbeddingsCodec;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.TokenCountCodec;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.TraceContext;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * Makes what is sent to a provider of what a caller asked: the caller's own bytes with
 * the model spliced in where the dialect is the same, and else the request as the codec
 * writes it. Thread-safe.
 */
final class RequestPreparation {

	private final HttpProviderSpec spec;

	private final Codecs codecs;

	private final QuirkEditor quirks;

	private final HttpHeaders baseHeaders;

	/** Addresses of endpoints whose path does not depend on the model. */
	private final Map<Endpoint, URI> fixedUris = new ConcurrentHashMap<>();

	RequestPreparation(HttpProviderSpec spec, Codecs codecs) {
		this.spec = spec;
		this.codecs = codecs;
		this.quirks = new QuirkEditor(spec.quirks());
		this.baseHeaders = new DefaultHttpHeaders().set("user-agent", "llm-proxy");
		spec.headers().forEach(this.baseHeaders::set);
	}

	/**
	 * What to send for an attempt.
	 * @param dialect to speak
	 */
	Prepared prepare(Attempt attempt, Dialect dialect) {
		LlmRequest request = attempt.request();
		return (request.operation() == Operation.PASS_THROUGH) ? passThrough(request)
				: prepare(request, attempt.target().model(), dialect);
	}

	private Prepared prepare(LlmRequest request, String model, Dialect dialect) {
		// Gemini has two paths for embeddings; the upstream one is always that for many.
		boolean same = dialect.equals(request.dialect()) && !request.edited()
				&& !(request.operation() == Operation.EMBEDDINGS && dialect.equals(Dialect.GEMINI));
		boolean hideUsage = false;
		EncodedRequest encoded;
		if (same) {
			byte[] body = request.body(model);
			if (this.spec.requestStreamUsage() && dialect.equals(Dialect.OPENAI)
					&& request.operation() == Operation.CHAT && request.stream()
					&& !request.envelope().includeUsage()) {
				body = request.envelope().edit(request.body(), model, true);
				hideUsage = true;
			}
			encoded = new EncodedRequest(body, List.of());
		}
		else {
			encoded = translate(request, dialect, model);
			// The codec asks for it always; who speaks this dialect sees the frames as
			// they are.
			hideUsage = dialect.equals(Dialect.OPENAI) && dialect.equals(request.dialect())
					&& request.operation() == Operation.CHAT && request.stream() && !request.chat().includeUsage();
		}
		if (!this.spec.quirks().none()) {
			encoded = this.quirks.apply(encoded);
		}
		if (request.strict() && !encoded.dropped().isEmpty()) {
			throw new LlmException(new LlmError(ErrorKind.INVALID_REQUEST,
					"Provider '" + this.spec.name() + "' can't take: " + String.join(", ", encoded.dropped())
							+ ". Leave it out, or allow it to be dropped.",
					"unsupported_parameter", encoded.dropped().get(0)));
		}
		Endpoint endpoint = this.spec.endpoints().get(new HttpProviderSpec.Key(request.operation(), dialect));
		if (endpoint == null) {
			throw notOffered(request.operation());
		}
		OutboundRequest outbound = new OutboundRequest("POST", uri(endpoint, model, request.stream()),
				headers(request, dialect, same), encoded.body(), null);
		return new Prepared(outbound, encoded.dropped(), hideUsage);
	}

	/** The caller's own headers mean something in its own dialect only. */
	private HttpHeaders headers(LlmRequest request, Dialect dialect, boolean same) {
		HttpHeaders headers = this.baseHeaders.copy();
		headers.set("content-type", contentType(request));
		headers.set("accept", accept(request, dialect));
		if (same) {
			request.headers().forEach((name, values) -> {
				if (!name.equalsIgnoreCase("content-type")) {
					headers.set(name, values);
				}
			});
		}
		setTrace(headers, request);
		return headers;
	}

	/** A third party is told of our traces only if the operator says so. */
	private void setTrace(HttpHeaders headers, LlmRequest request) {
		TraceContext trace = this.spec.propagateTrace() ? request.trace() : null;
		if (trace != null) {
			headers.set("traceparent", trace.traceparent());
			if (trace.state() != null) {
				headers.set("tracestate", trace.state());
			}
		}
	}

	private EncodedRequest translate(LlmRequest request, Dialect dialect, String model) {
		switch (request.operation()) {
			case EMBEDDINGS -> {
				EmbeddingsCodec from = Objects.requireNonNull(this.codecs.embeddings(request.dialect()));
				EmbeddingsCodec to = Objects.requireNonNull(this.codecs.embeddings(dialect));
				return new EncodedRequest(
						to.encodeRequest(from.decodeRequest(request.body(), request.envelope()).withModel(model)),
						List.of());
			}
			case COUNT_TOKENS -> {
				TokenCountCodec to = Objects.requireNonNull(this.codecs.tokenCounts(dialect));
				return new EncodedRequest(to.encodeCountRequest(request.chat().withModel(model)), List.of());
			}
			default -> {
				return this.codecs.upstream(dialect).encodeRequest(request.chat().withModel(model));
			}
		}
	}

	/** The caller's request as it is, with our credentials. */
	private Prepared passThrough(LlmRequest request) {
		HttpHeaders headers = this.baseHeaders.copy();
		request.headers().forEach((name, values) -> headers.set(name, values));
		setTrace(headers, request);
		OutboundRequest outbound = new OutboundRequest(request.method(),
				PassThroughPath.below(this.spec, request.path()), headers, request.body(), null);
		return new Prepared(outbound, List.of(), false);
	}

	/** What to send to read a path of the provider. */
	OutboundRequest get(String path) {
		return new OutboundRequest("GET", build(path), this.baseHeaders.copy(), new byte[0], null);
	}

	private static String contentType(LlmRequest request) {
		String given = request.headers().getFirst("content-type");
		return (request.operation() == Operation.TRANSCRIPTION && given != null) ? given : "application/json";
	}

	private String accept(LlmRequest request, Dialect dialect) {
		if (request.operation() != Operation.CHAT) {
			return "*/*";
		}
		if (!request.stream()) {
			return "application/json";
		}
		return switch (this.codecs.upstream(dialect).streamFraming()) {
			case AWS_EVENT_STREAM -> "application/vnd.amazon.eventstream";
			default -> "text/event-stream";
		};
	}

	private URI uri(Endpoint endpoint, String model, boolean stream) {
		String template = stream ? endpoint.streamPath() : endpoint.path();
		if (template.contains("{model}")) {
			return build(endpoint.resolve(model, stream));
		}
		return this.fixedUris.computeIfAbsent(stream ? new Endpoint(endpoint.streamPath()) : endpoint,
				(fixed) -> build(fixed.resolve(model, stream)));
	}

	private URI build(String path) {
		String base = this.spec.baseUrl().toString();
		StringBuilder address = new StringBuilder(base);
		if (base.endsWith("/")) {
			address.setLength(base.length() - 1);
		}
		address.append(path);
		if (this.spec.query() != null) {
			address.append((path.indexOf('?') < 0) ? '?' : '&').append(this.spec.query());
		}
		return URI.create(address.toString());
	}

	/** The failure to tell of what the provider has no endpoint for. */
	LlmException notOffered(Operation operation) {
		return new LlmException(new LlmError(
				ErrorKind.INVALID_REQUEST, "Provider '" + this.spec.name() + "' does not offer "
						+ operation.operationName().replace('_', ' ') + ". Choose a model of another provider.",
				"unsupported_operation", "model"));
	}

	/**
	 * A request ready to be sent.
	 *
	 * @param dropped what the target can't take
	 * @param hideUsage whether the usage frame is ours to keep
	 */
	record Prepared(OutboundRequest outbound, List<String> dropped, boolean hideUsage) {
	}

}
