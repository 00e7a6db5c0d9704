package dev.llmproxy.web;

import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.llmproxy.gateway.Caller;
import dev.llmproxy.observability.ledger.Dimension;
import dev.llmproxy.observability.ledger.ReportFormat;
import dev.llmproxy.observability.ledger.UsageParameters;
import dev.llmproxy.observability.ledger.UsageReport;
import dev.llmproxy.observability.ledger.UsageReports;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;

/**
 * {@code GET /v1/usage}: what the caller, and nobody else, has spent; as JSON, or as CSV
 * where the caller asks for that.
 */
public final class UsageHandler {

	private static final String PATH = "/v1/usage";

	private static final String FORMAT = "format";

	private static final MediaType CSV = new MediaType("text", "csv");

	/** What SDKs add to every path. */
	private static final Set<String> IGNORED = Set.of("key", "alt", "prettyPrint", "$alt", "$prettyPrint", "beta",
			"api-version");

	private final UsageReports reports;

	private final UsageParameters parameters;

	public UsageHandler(UsageReports reports, InstantSource clock) {
		this.reports = reports;
		this.parameters = new UsageParameters(EnumSet.of(Dimension.MODEL, Dimension.PROVIDER, Dimension.ROUTE), clock);
	}

	boolean handles(String path) {
		return path.equals(PATH);
	}

	Mono<Void> handle(ServerWebExchange exchange) {
		Caller caller = Exchanges.caller(exchange);
		Exchanges.requestId(exchange);
		return Mono.defer(() -> {
			Map<String, @Nullable String> given = given(exchange.getRequest().getQueryParams());
			boolean csv = csv(given.remove(FORMAT), exchange.getRequest().getHeaders().getAccept());
			return this.reports.report(this.parameters.query(given, Map.of(Dimension.CALLER, caller.id())))
				.flatMap((report) -> write(exchange, report, csv));
		});
	}

	private Map<String, @Nullable String> given(MultiValueMap<String, String> query) {
		Set<String> known = new TreeSet<>(this.parameters.names());
		known.add(FORMAT);
		Map<String, @Nullable String> given = new HashMap<>();
		query.forEach((name, values) -> {
			if (known.contains(name)) {
				if (values.size() > 1) {
					throw UsageParameters.wrong(name, "'" + name + "' may be given once only.");
				}
				given.put(name, values.get(0));
			}
			else if (!IGNORED.contains(name)) {
				throw UsageParameters.wrong(ModelQuery.shown(name),
						"There is no parameter of this name; there are " + String.join(", ", known) + ".");
			}
		});
		return given;
	}

	private static boolean csv(@Nullable String format, List<MediaType> accepted) {
		if (format == null) {
			return accepted.stream().anyMatch((type) -> type.isConcrete() && CSV.isCompatibleWith(type));
		}
		return switch (format) {
			case "csv" -> true;
			case "json" -> false;
			default -> throw UsageParameters.wrong(FORMAT, "'format' is json or csv.");
		};
	}

	private static Mono<Void> write(ServerWebExchange exchange, UsageReport report, boolean csv) {
		ServerHttpResponse response = exchange.getResponse();
		byte[] bytes = csv ? ReportFormat.csv(report) : ReportFormat.json(report);
		response.getHeaders().setContentType(csv ? CSV : MediaType.APPLICATION_JSON);
		response.getHeaders().setContentLength(bytes.length);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
	}

}
