package dev.llmproxy.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.observability.ledger.LedgerWriter;
import dev.llmproxy.observability.ledger.ReportFormat;
import dev.llmproxy.observability.ledger.UsageParameters;
import dev.llmproxy.observability.ledger.UsageQuery;
import dev.llmproxy.observability.ledger.UsageReports;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/** Shows what all callers have spent, and how the ledger does. */
@Endpoint(id = "llmusage")
final class UsageEndpoint {

	private static final MimeType CSV = new MimeType("text", "csv", StandardCharsets.UTF_8);

	private static final MimeType LINES = new MimeType("application", "x-ndjson");

	private final UsageReports reports;

	private final UsageParameters parameters;

	private final LedgerWriter writer;

	UsageEndpoint(UsageReports reports, UsageParameters parameters, LedgerWriter writer) {
		this.reports = reports;
		this.parameters = parameters;
		this.writer = writer;
	}

	/**
	 * What was spent.
	 * @param from a day or a time; by default 30 days ago
	 * @param to a day, all of it, or a time; by default now
	 * @param period total, day or hour
	 * @param by any of caller, team, model, provider and route, with commas between them
	 * @param limit of the rows
	 * @param format json or csv
	 */
	@ReadOperation(produces = { "application/json", "text/csv" })
	Mono<WebEndpointResponse<Object>> usage(@Nullable String from, @Nullable String to, @Nullable String period,
			@Nullable String by, @Nullable String limit, @Nullable String caller, @Nullable String team,
			@Nullable String model, @Nullable String provider, @Nullable String route, @Nullable String format) {
		return Mono.defer(() -> {
			boolean csv = "csv".equals(format);
			if (!csv && format != null && !format.equals("json")) {
				throw UsageParameters.wrong("format", "'format' is json or csv.");
			}
			return this.reports.report(query(from, to, period, by, limit, caller, team, model, provider, route))
				.map((report) -> csv ? text(ReportFormat.csv(report), CSV)
						: text(ReportFormat.json(report), MimeTypeUtils.APPLICATION_JSON));
		}).onErrorResume(LlmException.class, (failure) -> Mono.just(problem(failure)));
	}

	/**
	 * The entries themselves, one JSON object a line, or how writing goes.
	 * @param what entries or writer
	 */
	@ReadOperation(produces = { "application/json", "application/x-ndjson" })
	Mono<WebEndpointResponse<Object>> part(@Selector String what, @Nullable String from, @Nullable String to,
			@Nullable String limit, @Nullable String caller, @Nullable String team, @Nullable String model,
			@Nullable String provider, @Nullable String route) {
		return switch (what) {
			case "writer" -> Mono.just(new WebEndpointResponse<>((Object) this.writer.stats()));
			case "entries" -> Mono.defer(() -> {
				UsageQuery query = query(from, to, null, null, limit, caller, team, model, provider, route);
				return this.reports.entries(query.filter(), query.limit())
					.map((entries) -> text(ReportFormat.lines(entries), LINES));
			}).onErrorResume(LlmException.class, (failure) -> Mono.just(problem(failure)));
			default -> Mono.just(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
		};
	}

	private UsageQuery query(@Nullable String from, @Nullable String to, @Nullable String period, @Nullable String by,
			@Nullable String limit, @Nullable String caller, @Nullable String team, @Nullable String model,
			@Nullable String provider, @Nullable String route) {
		Map<String, @Nullable String> given = new HashMap<>();
		given.put("from", from);
		given.put("to", to);
		given.put("period", period);
		given.put("by", by);
		given.put("limit", limit);
		given.put("caller", caller);
		given.put("team", team);
		given.put("model", model);
		given.put("provider", provider);
		given.put("route", route);
		return this.parameters.query(given, Map.of());
	}

	private static WebEndpointResponse<Object> text(byte[] bytes, MimeType type) {
		return new WebEndpointResponse<>(new String(bytes, StandardCharsets.UTF_8), WebEndpointResponse.STATUS_OK,
				type);
	}

	private static WebEndpointResponse<Object> problem(LlmException failure) {
		String parameter = failure.error().param();
		return new WebEndpointResponse<>(
				(parameter != null) ? Map.of("error", failure.error().message(), "parameter", parameter)
						: Map.of("error", failure.error().message()),
				failure.status());
	}

}
