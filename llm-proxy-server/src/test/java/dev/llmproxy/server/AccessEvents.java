package dev.llmproxy.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.awaitility.Awaitility;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What the access log writes while it is open. To be opened after the server. */
final class AccessEvents extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final Logger logger;

	private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

	private AccessEvents(String logger) {
		this.logger = (Logger) LoggerFactory.getLogger(logger);
	}

	static AccessEvents capture() {
		return capture("llm-proxy.access");
	}

	static AccessEvents capture(String logger) {
		AccessEvents events = new AccessEvents(logger);
		events.start();
		events.logger.addAppender(events);
		return events;
	}

	@Override
	protected void append(ILoggingEvent event) {
		this.events.add(event);
	}

	/** The event of a call, once it is there. */
	ILoggingEvent of(String requestId) {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.until(() -> this.events.stream()
				.filter((event) -> requestId.equals(fields(event).get("http.request.id")))
				.findFirst()
				.orElse(null), (event) -> event != null);
	}

	/** The event of a call, as fields. */
	Map<String, Object> fieldsOf(String requestId) {
		return fields(of(requestId));
	}

	List<ILoggingEvent> all() {
		return List.copyOf(this.events);
	}

	static Map<String, Object> fields(ILoggingEvent event) {
		Map<String, Object> fields = new LinkedHashMap<>();
		for (KeyValuePair pair : event.getKeyValuePairs()) {
			fields.put(pair.key, pair.value);
		}
		return fields;
	}

	@Override
	public void close() {
		this.logger.detachAppender(this);
	}

}
