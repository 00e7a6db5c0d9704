package dev.llmproxy.observability.ledger;

import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

import dev.llmproxy.dialect.ReadyMapper;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Entries as lines of JSON. What is zero, false or not known is left out. */
final class EntryFormat {

	private static final JsonMapper JSON = ReadyMapper.shared();

	private EntryFormat() {
	}

	static byte[] lines(List<LedgerEntry> entries) {
		ByteArrayOutputStream lines = new ByteArrayOutputStream(entries.size() * 400);
		for (LedgerEntry entry : entries) {
			try (JsonGenerator json = JSON.createGenerator(lines)) {
				write(json, entry);
			}
			lines.write('\n');
		}
		return lines.toByteArray();
	}

	/** As one object. */
	static void write(JsonGenerator json, LedgerEntry entry) {
		json.writeStartObject();
		json.writeStringProperty("id", entry.id());
		json.writeStringProperty("time", entry.time().toString());
		json.writeStringProperty("request", entry.request());
		json.writeNumberProperty("attempt", entry.attempt());
		json.writeStringProperty("kind", entry.kind());
		json.writeStringProperty("caller", entry.caller());
		if (entry.team() != null) {
			json.writeStringProperty("team", entry.team());
		}
		json.writeStringProperty("operation", entry.operation());
		json.writeStringProperty("route", entry.route());
		json.writeStringProperty("provider", entry.provider());
		json.writeStringProperty("vendor", entry.vendor());
		json.writeStringProperty("target", entry.target());
		json.writeStringProperty("model", entry.model());
		tokens(json, entry.tokens());
		if (entry.cost() != null) {
			json.writeNumberProperty("cost_nano_usd", entry.cost());
		}
		flag(json, "estimated", entry.estimated());
		flag(json, "first", entry.first());
		json.writeEndObject();
	}

	private static void tokens(JsonGenerator json, Tokens tokens) {
		count(json, "input_tokens", tokens.input());
		count(json, "output_tokens", tokens.output());
		count(json, "cache_read_tokens", tokens.cacheRead());
		count(json, "cache_write_tokens", tokens.cacheWrite());
		count(json, "reasoning_tokens", tokens.reasoning());
		count(json, "audio_input_tokens", tokens.audioInput());
		count(json, "audio_output_tokens", tokens.audioOutput());
	}

	private static void count(JsonGenerator json, String name, long count) {
		if (count != 0) {
			json.writeNumberProperty(name, count);
		}
	}

	private static void flag(JsonGenerator json, String name, boolean flag) {
		if (flag) {
			json.writeBooleanProperty(name, true);
		}
	}

	/** An entry; {@code null} if the line is none. */
	static @Nullable LedgerEntry read(byte[] line) {
		try {
			JsonNode json = JSON.readTree(line);
			if (!json.isObject() || !json.hasNonNull("id") || !json.hasNonNull("time")) {
				return null;
			}
			JsonNode cost = json.path("cost_nano_usd");
			return new LedgerEntry(json.path("id").asString(), text(json, "request"), json.path("attempt").asInt(0),
					text(json, "kind"), Instant.parse(json.path("time").asString()), text(json, "caller"),
					json.path("team").asString(null), text(json, "operation"), text(json, "route"),
					text(json, "provider"), text(json, "vendor"), text(json, "target"), text(json, "model"),
					new Tokens(count(json, "input_tokens"), count(json, "output_tokens"),
							count(json, "cache_read_tokens"), count(json, "cache_write_tokens"),
							count(json, "reasoning_tokens"), count(json, "audio_input_tokens"),
							count(json, "audio_output_tokens")),
					cost.isNumber() ? cost.asLong() : null, json.path("estimated").asBoolean(false),
					json.path("first").asBoolean(false));
		}
		catch (JacksonException | DateTimeException ex) {
			return null;
		}
	}

	private static String text(JsonNode json, String name) {
		return json.path(name).asString("");
	}

	private static long count(JsonNode json, String name) {
		return json.path(name).asLong(0);
	}

}
