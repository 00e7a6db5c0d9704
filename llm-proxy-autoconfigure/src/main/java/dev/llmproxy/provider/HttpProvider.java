package dev.llmproxy.provider;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EmbeddingsCodec;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.TokenCountCodec;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A provider that is reached over HTTP. Same dialect in and out: the caller's bytes are
 * forwarded with the model spliced in. Otherwise the request is encoded from its
 * canonical view. Thread-safe.
 */
public final class HttpProvider implements Provider {

	private static final org.springframework.http.HttpHeaders ESTIMATED = org.springframework.http.HttpHeaders
		.readOnlyHttpHeaders(
				org.springframework.util.MultiValueMap.fromSingleValue(Map.of("llm-proxy-estimated", "true")));

	private final HttpProviderSpec spec;

	private final Codecs codecs;

	private final NettyTransport transport;

	private final ResponseReader reader;

	private final QuirkEditor quirks;

	private final HttpHeaders baseHeaders;

	private final @Nullable Dialect primary;

	/** Addresses of endpoints whose path does not depend on the model. */
	private final Map<Endpoint, URI> fixedUris = new ConcurrentHashMap<>();

	public HttpProvider(HttpProviderSpec spec, Codecs codecs, NettyTransport transport) {
		this.spec = spec;
		this.codecs = codecs;
		this.transport = transport;
		this.reader = new ResponseReader(spec, codecs);
		this.quirks = new QuirkEditor(spec.quirks());
		this.baseHeaders = new DefaultHttpHeaders().set("user-agent", "llm-proxy");
		spec.headers().forEach(this.baseHeaders::set);
		this.primary = spec.endpoints()
			.keySet()
			.stream()
			.filter((key) -> key.operation() == Operation.CHAT && !key.dialect().equals(Dialect.COMPLETIONS))
			.map(HttpProviderSpec.Key::dialect)
			.findFirst()
			.orElse(null);
	}

	@Override
	public String name() {
		return this.spec.name();
	}

	@Override
	public String vendor() {
		return this.spec.vendor();
	}

	@Override
	public List<String> modelPrefixes() {
		return this.spec.modelPrefixes();
	}

	@Override
	public boolean hasFreshCredential() {
		return this.spec.authenticator().hasFresh();
	}

	@Override
	public boolean supports(Operation operation, Dialect dialect) {
		return operation == Operation.PASS_THROUGH || operation == Operation.COUNT_TOKENS
				|| dialectFor(operation, dialect) != null;
	}

	/** The dialect to speak for a request: the caller's own where offered. */
	private @Nullable Dialect dialectFor(Operation operation, Dialect dialect) {
		if (this.spec.endpoints().containsKey(new HttpProviderSpec.Key(operation, dialect))) {
			return dialect;
		}
		return switch (operation) {
			case CHAT -> this.primary;
			case PASS_THROUGH -> dialect;
			case EMBEDDINGS -> offered(operation, (candidate) -> this.codecs.embeddings(candidate) != null
					&& this.codecs.embeddings(dialect) != null);
			case COUNT_TOKENS -> offered(operation, (candidate) -> this.codecs.tokenCounts(candidate) != null
					&& this.codecs.tokenCounts(dialect) != null);
			default -> null;
		};
	}

	private @Nullable Dialect offered(Operation operation, Predicate<Dialect> translatable) {
		return this.spec.endpoints()
			.keySet()
			.stream()
			.filter((key) -> key.operation() == operation)
			.map(HttpProviderSpec.Key::dialect)
			.filter(translatable)
			.findFirst()
			.orElse(null);
	}

	@Override
	public Mono<LlmResponse> execute(Attempt attempt) {
		long start = System.nanoTime();
		LlmRequest request = attempt.request();
		Dialect dialect = dialectFor(request.operation(), request.dialect());
		if (dialect == null) {
			return (request.operation() == Operation.COUNT_TOKENS) ? estimate(request)
					: Mono.error(notOffered(request.operation()));
		}
		Prepared prepared;
		try {
			prepared = (request.operation() == Operation.PASS_THROUGH) ? passThrough(request)
					: prepare(attempt, dialect);
		}
		catch (RuntimeException ex) {
			return Mono.error(UpstreamFailures.of(ex, name()));
		}
		Timeouts timeouts = attempt.timeoutsOr(this.spec.timeouts());
		Duration untilHead = request.stream() ? timeouts.responseHeaders() : timeouts.total();
		return this.spec.authenticator()
			.authenticate(prepared.outbound())
			.flatMap((outbound) -> this.transport.exchange(outbound, untilHead,
					(response) -> this.reader.read(new ResponseReader.Call(request, prepared, dialect, outbound, start,
							this.spec.authenticator(), timeouts), response)))
			.onErrorMap((failure) -> UpstreamFailures.of(failure, name()));
	}

	private LlmException notOffered(Operation operation) {
		return new LlmException(new LlmError(
				ErrorKind.INVALID_REQUEST, "Provider '" + name() + "' does not offer "
						+ operation.operationName().replace('_', ' ') + ". Choose a model of another provider.",
				"unsupported_operation", "model"));
	}

	private Prepared prepare(Attempt attempt, Dialect dialect) {
		LlmRequest request = attempt.request();
		String model = attempt.target().model();
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
		}
		if (!this.spec.quirks().none()) {
			encoded = this.quirks.apply(encoded);
		}
		if (request.strict() && !encoded.dropped().isEmpty()) {
			throw new LlmException(new LlmError(ErrorKind.INVALID_REQUEST,
					"Provider '" + name() + "' can't take: " + String.join(", ", encoded.dropped())
							+ ". Leave it out, or allow it to be dropped.",
					"unsupported_parameter", encoded.dropped().get(0)));
		}
		Endpoint endpoint = this.spec.endpoints().get(new HttpProviderSpec.Key(request.operation(), dialect));
		if (endpoint == null) {
			throw notOffered(request.operation());
		}
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
		OutboundRequest outbound = new OutboundRequest("POST", uri(endpoint, model, request.stream()), headers,
				encoded.body(), null);
		return new Prepared(outbound, encoded.dropped(), hideUsage);
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

	/** For providers that can't count: an estimate that says it is one. */
	private Mono<LlmResponse> estimate(LlmRequest request) {
		return Mono.fromSupplier(() -> {
			TokenCountCodec codec = this.codecs.tokenCounts(request.dialect());
			if (codec == null) {
				throw notOffered(request.operation());
			}
			return new LlmResponse(200, ESTIMATED, new ResponseBody.Json(request.dialect(),
					codec.encodeCountResponse(TokenEstimate.of(request.chat()))), new Outcome());
		}).onErrorMap((failure) -> UpstreamFailures.of(failure, name()));
	}

	/** The caller's request as it is, with our credentials. */
	private Prepared passThrough(LlmRequest request) {
		HttpHeaders headers = this.baseHeaders.copy();
		request.headers().forEach((name, values) -> headers.set(name, values));
		OutboundRequest outbound = new OutboundRequest(request.method(),
				PassThroughPath.below(this.spec, request.path()), headers, request.body(), null);
		return new Prepared(outbound, List.of(), false);
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

	@Override
	public Flux<Model> models() {
		if (!this.spec.models().isEmpty()) {
			return Flux.fromIterable(this.spec.models()).map((id) -> new Model(id, 0));
		}
		String path = this.spec.modelsPath();
		if (path == null) {
			return Flux.empty();
		}
		OutboundRequest request = new OutboundRequest("GET", build(path), this.baseHeaders.copy(), new byte[0], null);
		return this.spec.authenticator()
			.authenticate(request)
			.flatMap((outbound) -> this.transport.exchange(outbound, Duration.ofSeconds(5), this.reader::readModels))
			.onErrorComplete()
			.flatMapIterable((models) -> models);
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
