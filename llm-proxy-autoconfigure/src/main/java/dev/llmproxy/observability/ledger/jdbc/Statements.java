package dev.llmproxy.observability.ledger.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.llmproxy.observability.ledger.Dimension;
import dev.llmproxy.observability.ledger.Period;
import dev.llmproxy.observability.ledger.UsageFilter;
import dev.llmproxy.observability.ledger.UsageQuery;

/** The SQL. What comes from outside is a parameter, always. */
final class Statements {

	private static final String TABLE = "llm_proxy_usage";

	private static final List<String> COLUMNS = List.of("id", "request_id", "attempt", "kind", "charged_at",
			"charged_hour", "caller", "team", "operation", "route", "provider", "vendor", "target", "model",
			"input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens",
			"audio_input_tokens", "audio_output_tokens", "cost_nano_usd", "estimated", "first_charge");

	private static final String SUMS = "sum(case when first_charge then 1 else 0 end), count(*), "
			+ "sum(case when estimated then 1 else 0 end), sum(case when cost_nano_usd is null then 1 else 0 end), "
			+ "sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_write_tokens), "
			+ "sum(reasoning_tokens), sum(audio_input_tokens), sum(audio_output_tokens), "
			+ "coalesce(sum(cost_nano_usd), 0)";

	private Statements() {
	}

	/** Adds a row unless there is one of its id. */
	static String insert(boolean h2) {
		String columns = String.join(", ", COLUMNS);
		String values = COLUMNS.stream().map((column) -> "?").collect(Collectors.joining(", "));
		return h2 ? "merge into " + TABLE + " (" + columns + ") key (id) values (" + values + ")"
				: "insert into " + TABLE + " (" + columns + ") values (" + values + ") on conflict (id) do nothing";
	}

	static Statement read(UsageFilter filter, long limit) {
		Statement where = where(filter);
		where.parameters().add(limit);
		return new Statement("select " + String.join(", ", COLUMNS) + " from " + TABLE + where.sql()
				+ " order by charged_hour, charged_at, id limit ?", where.parameters());
	}

	static Statement total(UsageFilter filter) {
		Statement where = where(filter);
		return new Statement("select " + SUMS + " from " + TABLE + where.sql(), where.parameters());
	}

	/** One row more than asked for, if there is one. */
	static Statement rows(UsageQuery query) {
		Statement where = where(query.filter());
		List<String> keys = Stream
			.concat(Stream.of(time(query.period())).filter((time) -> !time.isEmpty()),
					query.by().stream().map(Dimension::label))
			.toList();
		String grouped = String.join(", ", keys);
		where.parameters().add(query.limit() + 1);
		return new Statement(
				"select " + SUMS + (keys.isEmpty() ? "" : ", " + grouped) + " from " + TABLE + where.sql()
						+ (keys.isEmpty() ? "" : " group by " + grouped + " order by " + grouped) + " limit ?",
				where.parameters());
	}

	/** The pieces of time, as a number of them since 1970; empty where there is one. */
	private static String time(Period period) {
		return switch (period) {
			case TOTAL -> "";
			case DAY -> "charged_hour / 24";
			case HOUR -> "charged_hour";
		};
	}

	private static Statement where(UsageFilter filter) {
		StringBuilder sql = new StringBuilder(" where charged_hour >= ? and charged_hour < ?");
		List<Object> parameters = new ArrayList<>(List.of(hour(filter.from()), hour(filter.to())));
		for (Map.Entry<Dimension, String> name : filter.names().entrySet()) {
			sql.append(" and ").append(name.getKey().label()).append(" = ?");
			parameters.add(name.getValue());
		}
		return new Statement(sql.toString(), parameters);
	}

	static int hour(Instant time) {
		return (int) Math.floorDiv(time.getEpochSecond(), Duration.ofHours(1).toSeconds());
	}

	/**
	 * SQL and what belongs in the place of its question marks.
	 *
	 * @param parameters may be added to
	 */
	record Statement(String sql, List<Object> parameters) {
	}

}
