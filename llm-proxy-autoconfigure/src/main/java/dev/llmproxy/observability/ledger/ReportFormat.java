package dev.llmproxy.observability.ledger;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmproxy.dialect.ReadyMapper;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Reports and entries as JSON and as CSV (RFC 4180, with a line of headings). */
public final class ReportFormat {

	private static final JsonMapper JSON = ReadyMapper.shared();

	private static final int NANO_DIGITS = 9;

	private static final List<String> SUMS = List.of("requests", "attempts", "estimated_attempts", "unpriced_attempts",
			"input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens",
			"audio_input_tokens", "audio_output_tokens", "cost_nano_usd", "cost_usd");

	private ReportFormat() {
	}

	/** The report as a JSON object. */
	public static byte[] json(UsageReport report) {
		UsageQuery query = report.query();
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (JsonGenerator json = JSON.createGenerator(out)) {
			json.writeStartObject();
			json.writeStringProperty("object", "usage.report");
			json.writeStringProperty("from", query.filter().from().toString());
			json.writeStringProperty("to", query.filter().to().toString());
			json.writeStringProperty("period", query.period().label());
			for (Map.Entry<Dimension, String> name : query.filter().names().entrySet()) {
				json.writeStringProperty(name.getKey().label(), name.getValue());
			}
			json.writeArrayPropertyStart("data");
			for (UsageReport.Row row : report.rows()) {
				row(json, query, row);
			}
			json.writeEndArray();
			json.writeObjectPropertyStart("total");
			sums(json, report.total());
			json.writeEndObject();
			json.writeBooleanProperty("has_more", report.truncated());
			json.writeEndObject();
		}
		return out.toByteArray();
	}

	private static void row(JsonGenerator json, UsageQuery query, UsageReport.Row row) {
		json.writeStartObject();
		if (row.time() != null) {
			json.writeStringProperty("time", row.time().toString());
		}
		for (int i = 0; i < query.by().size(); i++) {
			json.writeStringProperty(query.by().get(i).label(), row.names().get(i));
		}
		sums(json, row.totals());
		json.writeEndObject();
	}

	private static void sums(JsonGenerator json, Totals totals) {
		long[] sums = sums(totals);
		for (int i = 0; i < sums.length; i++) {
			json.writeNumberProperty(SUMS.get(i), sums[i]);
		}
		json.writeStringProperty("cost_usd", dollars(totals.cost()));
		json.writeNumberProperty("estimated_share", Math.round(totals.estimatedShare() * 10_000) / 10_000.0);
	}

	private static long[] sums(Totals totals) {
		Tokens tokens = totals.tokens();
		return new long[] { totals.requests(), totals.attempts(), totals.estimated(), totals.unpriced(), tokens.input(),
				tokens.output(), tokens.cacheRead(), tokens.cacheWrite(), tokens.reasoning(), tokens.audioInput(),
				tokens.audioOutput(), totals.cost() };
	}

	private static String dollars(long nanos) {
		return BigDecimal.valueOf(nanos, NANO_DIGITS).toPlainString();
	}

	/** The report as CSV. */
	public static byte[] csv(UsageReport report) {
		UsageQuery query = report.query();
		StringBuilder csv = new StringBuilder();
		List<String> fields = new ArrayList<>();
		if (query.period() != Period.TOTAL) {
			fields.add("time");
		}
		query.by().forEach((dimension) -> fields.add(dimension.label()));
		fields.addAll(SUMS);
		line(csv, fields);
		for (UsageReport.Row row : report.rows()) {
			fields.clear();
			if (row.time() != null) {
				fields.add(row.time().toString());
			}
			fields.addAll(row.names());
			for (long sum : sums(row.totals())) {
				fields.add(Long.toString(sum));
			}
			fields.add(dollars(row.totals().cost()));
			line(csv, fields);
		}
		return csv.toString().getBytes(StandardCharsets.UTF_8);
	}

	/** Entries as lines of JSON, as {@link FileLedger} writes them. */
	public static byte[] lines(List<LedgerEntry> entries) {
		return EntryFormat.lines(entries);
	}

	private static void line(StringBuilder csv, List<String> fields) {
		for (int i = 0; i < fields.size(); i++) {
			csv.append((i > 0) ? "," : "").append(field(fields.get(i)));
		}
		csv.append("\r\n");
	}

	/**
	 * Quoted where necessary. A name that a spreadsheet would take for a formula is not
	 * one any more.
	 */
	private static String field(String value) {
		String safe = (!value.isEmpty() && "=+-@".indexOf(value.charAt(0)) >= 0) ? "'" + value : value;
		return (safe.indexOf(',') >= 0 || safe.indexOf('"') >= 0) ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
	}

}
