package dev.llmproxy.observability.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.RefusalListener;
import dev.llmproxy.gateway.RefusalRecord;
import dev.llmproxy.observability.call.CallListener;
import dev.llmproxy.observability.call.CallRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs one event for each call, and for each request that was refused before it became
 * one: a line for people, and key-values for the formats that render them. Threads that
 * serve calls only hand over the record; what is written, and how long that takes, is the
 * business of a thread of the log's own. Nothing is logged of what was said. Thread-safe.
 */
public final class AccessLog implements CallListener, RefusalListener, AutoCloseable {

	/** The name of the logger, whose level switches the log off at run time. */
	public static final String LOGGER = "llm-proxy.access";

	private static final Logger logger = LoggerFactory.getLogger(LOGGER);

	private final CallField[] fields;

	private final double sampling;

	private final long slow;

	private final boolean flat;

	private final LogTarget target;

	private final LogQueue queue;

	/**
	 * Creates the log and begins to write it.
	 */
	public AccessLog(AccessLogSettings settings, LogTarget target) {
		this.fields = settings.fields().stream().sorted().toArray(CallField[]::new);
		this.sampling = settings.sampling();
		this.slow = (settings.slow() != null) ? settings.slow().toNanos() : Long.MAX_VALUE;
		this.flat = settings.flat();
		this.queue = LogQueue.start(settings.queue(), settings.patience(), target);
		this.target = target;
	}

	@Override
	public void ended(CallRecord call) {
		if (logger.isInfoEnabled() && isLogged(call)) {
			this.queue.offer(() -> write(call));
		}
	}

	@Override
	public void refused(RefusalRecord refusal) {
		if (logger.isInfoEnabled()) {
			this.queue.offer(() -> write(refusal));
		}
	}

	/**
	 * Events that were lost since it began: there was no room, or writing them failed.
	 */
	public long dropped() {
		return this.queue.dropped();
	}

	LogQueue queue() {
		return this.queue;
	}

	private boolean isLogged(CallRecord call) {
		return this.sampling >= 1 || !CallField.isSuccess(call) || call.duration() >= this.slow
				|| ThreadLocalRandom.current().nextDouble() < this.sampling;
	}

	private void write(CallRecord call) {
		if (!this.target.showsFields()) {
			logger.info(CallLine.of(call));
			return;
		}
		LoggingEventBuilder event = logger.atInfo();
		for (CallField field : this.fields) {
			Object value = field.of(call);
			if (value != null) {
				event = event.addKeyValue(field.fieldName(),
						(field == CallField.ATTEMPTS) ? attempts(call) : plain(value));
			}
		}
		if (call.duration() >= this.slow) {
			event = event.addKeyValue("llm_proxy.slow", plain(true));
		}
		event.setMessage(CallLine.of(call)).log();
	}

	private void write(RefusalRecord refusal) {
		Map<CallField, Object> values = new LinkedHashMap<>();
		values.put(CallField.REQUEST_ID, refusal.id());
		values.put(CallField.OUTCOME, "failure");
		if (refusal.caller() != null) {
			put(values, CallField.CALLER, refusal.caller().id());
			put(values, CallField.TEAM, refusal.caller().team());
		}
		values.put(CallField.DIALECT, refusal.dialect().toString());
		values.put(CallField.STATUS, refusal.status());
		values.put(CallField.END, "refused");
		values.put(CallField.ERROR_TYPE, refusal.error().kind().label());
		put(values, CallField.ERROR_CODE, CallField.code(refusal.error()));
		LoggingEventBuilder event = logger.atInfo();
		for (CallField field : this.fields) {
			Object value = values.get(field);
			if (value != null) {
				event = event.addKeyValue(field.fieldName(), value);
			}
		}
		event.addKeyValue("llm_proxy.place", refusal.place().label()).setMessage(CallLine.of(refusal)).log();
	}

	private static void put(Map<CallField, Object> values, CallField field, @Nullable String value) {
		String clean = LogText.clean(value);
		if (clean != null) {
			values.put(field, clean);
		}
	}

	private Object plain(Object value) {
		return (this.flat && value instanceof Boolean) ? value.toString() : value;
	}

	private Object attempts(CallRecord call) {
		if (this.flat) {
			return call.attempts().stream().map(CallLine::text).collect(Collectors.joining("; "));
		}
		List<Map<String, Object>> attempts = new ArrayList<>(call.attempts().size());
		for (AttemptRecord attempt : call.attempts()) {
			attempts.add(attempt(attempt));
		}
		return attempts;
	}

	private static Map<String, Object> attempt(AttemptRecord attempt) {
		Map<String, Object> values = new LinkedHashMap<>();
		values.put("target", String.valueOf(LogText.clean(attempt.target())));
		values.put("provider", String.valueOf(LogText.clean(attempt.provider())));
		values.put("kind", attempt.kind());
		String code = LogText.word(attempt.code());
		if (code != null) {
			values.put("error_code", code);
		}
		values.put("duration_ms", CallField.millis(attempt.nanos()));
		return values;
	}

	/** Writes what waits, as long as that does not take too long. */
	@Override
	public void close() {
		this.queue.close();
	}

}
