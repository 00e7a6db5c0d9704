package dev.llmproxy.provider;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.TokenCountCodec;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;

/**
 * A provider that is reached over HTTP. Same dialect in and out: the caller's bytes are
 * forwarded with the model spliced in. Otherwise the request is encoded from its
 * canonical view. Thread-safe.
 */
public final class HttpProvider implements Provider {

	private static final HttpHeaders ESTIMATED = HttpHeaders
		.readOnlyHttpHeaders(MultiValueMap.fromSingleValue(Map.of("llm-proxy-estimated", "true")));

	private final HttpProviderSpec spec;

	private final Codecs codecs;

	private final NettyTransport transport;

	private final RequestPreparation preparation;

	private final ResponseReader reader;

	private final @Nullable Dialect primary;

	private final TokenCounters counters;

	/** Estimates tokens where it has to count them itself. */
	public HttpProvider(HttpProviderSpec spec, Codecs codecs, NettyTransport transport) {
		this(spec, codecs, transport, TokenEstimate.COUNTERS);
	}

	/**
	 * Creates one.
	 * @param counters answer for a provider that can't count tokens
	 */
	public HttpProvider(HttpProviderSpec spec, Codecs codecs, NettyTransport transport, TokenCounters counters) {
		this.counters = counters;
		this.spec = spec;
		this.codecs = codecs;
		this.transport = transport;
		this.preparation = new RequestPreparation(spec, codecs);
		this.reader = new ResponseReader(spec, codecs);
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
	public String type() {
		return this.spec.type();
	}

	@Override
	public String vendor() {
		return this.spec.vendor();
	}

	@Override
	public URI address() {
		return this.spec.baseUrl();
	}

	/** Its address, its headers and its credentials. */
	@Override
	public @Nullable String identity() {
		String credentials = this.spec.authenticator().identity();
		if (credentials == null) {
			return null;
		}
		List<String> parts = new ArrayList<>();
		parts.add(this.spec.baseUrl().toString());
		parts.add(String.valueOf(this.spec.query()));
		new TreeMap<>(this.spec.headers()).forEach((name, value) -> parts.addAll(List.of(name, value)));
		parts.add(credentials);
		return Digest.of(parts);
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
	@Override
	public @Nullable Dialect dialectFor(Operation operation, Dialect dialect) {
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

	/**
	 * Lets go of its connections: idle ones at once, others as their answers end.
	 * Requests that were routed to it before are still served.
	 */
	public void close() {
		this.transport.close();
	}

	@Override
	public Connections connections() {
		return this.transport.connections();
	}

	@Override
	public Mono<LlmResponse> execute(Attempt attempt) {
		long start = System.nanoTime();
		LlmRequest request = attempt.request();
		Dialect dialect = dialectFor(request.operation(), request.dialect());
		if (dialect == null) {
			return (request.operation() == Operation.COUNT_TOKENS) ? estimate(attempt)
					: Mono.error(this.preparation.notOffered(request.operation()));
		}
		RequestPreparation.Prepared prepared;
		try {
			prepared = this.preparation.prepare(attempt, dialect);
		}
		catch (RuntimeException ex) {
			return Mono.error(UpstreamFailures.of(ex, name()));
		}
		if (attempt.kind() != Attempt.Kind.MIRROR) {
			request.trail().sent(System.nanoTime());
		}
		Timeouts timeouts = attempt.timeoutsOr(this.spec.timeouts());
		Duration untilHead = request.stream() ? timeouts.responseHeaders() : timeouts.total();
		return this.spec.authenticator()
			.authenticate(prepared.outbound())
			.flatMap((outbound) -> this.transport.exchange(outbound, untilHead,
					(response) -> this.reader.read(new ResponseReader.Call(request, prepared, dialect, outbound, start,
							this.spec.authenticator(), timeouts), response),
					(answer) -> answer.body().discard()))
			.onErrorMap((failure) -> UpstreamFailures.of(failure, name()));
	}

	/** For providers that can't count: an estimate that says it is one. */
	private Mono<LlmResponse> estimate(Attempt attempt) {
		LlmRequest request = attempt.request();
		return Mono.fromSupplier(() -> {
			TokenCountCodec codec = this.codecs.tokenCounts(request.dialect());
			if (codec == null) {
				throw this.preparation.notOffered(request.operation());
			}
			return new LlmResponse(200, ESTIMATED,
					new ResponseBody.Json(request.dialect(),
							codec
								.encodeCountResponse(this.counters.of(attempt.target().model()).count(request.chat()))),
					new Outcome());
		}).onErrorMap((failure) -> UpstreamFailures.of(failure, name()));
	}

	@Override
	public Flux<Model> models() {
		if (!this.spec.models().isEmpty()) {
			return Flux.fromIterable(this.spec.models()).map((id) -> new Model(id, 0));
		}
		return discover(Duration.ofSeconds(5)).onErrorComplete().flatMapIterable((models) -> models);
	}

	@Override
	public boolean discovers() {
		return this.spec.models().isEmpty();
	}

	@Override
	public Mono<List<Model>> discover(Duration patience) {
		String path = this.spec.modelsPath();
		if (path == null) {
			return Mono.empty();
		}
		return this.spec.authenticator()
			.authenticate(this.preparation.get(path))
			.flatMap((outbound) -> this.transport.exchange(outbound, patience,
					(response) -> this.reader.readModels(response, patience), (models) -> {
						// On the heap.
					}))
			.onErrorMap((failure) -> UpstreamFailures.of(failure, name()));
	}

}
