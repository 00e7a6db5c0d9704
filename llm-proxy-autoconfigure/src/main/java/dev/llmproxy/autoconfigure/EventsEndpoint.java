package dev.llmproxy.autoconfigure;

import java.util.List;
import java.util.Map;

import dev.llmproxy.event.EventType;
import dev.llmproxy.event.LiveFeed;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.util.MimeType;

/** Events as they happen, as a stream of server-sent events. */
@WebEndpoint(id = "llmevents")
final class EventsEndpoint {

	private static final MimeType EVENTS = MimeType.valueOf("text/event-stream");

	private static final MimeType JSON = MimeType.valueOf("application/json");

	private final LiveFeed feed;

	EventsEndpoint(LiveFeed feed) {
		this.feed = feed;
	}

	/**
	 * Watches.
	 * @param types such as {@code call.ended,breaker.*}; by default all
	 */
	@ReadOperation(produces = "text/event-stream")
	Mono<WebEndpointResponse<Object>> events(@Nullable String types) {
		List<String> patterns = List.of(((types != null) ? types : "*").split(","));
		try {
			if (this.feed.full()) {
				return Mono.just(problem("Too many watch already.", WebEndpointResponse.STATUS_TOO_MANY_REQUESTS));
			}
			return Mono.just(new WebEndpointResponse<>(this.feed.watch(EventType.matching(patterns)),
					WebEndpointResponse.STATUS_OK, EVENTS));
		}
		catch (IllegalArgumentException ex) {
			return Mono.just(problem("'types': " + ex.getMessage() + ".", WebEndpointResponse.STATUS_BAD_REQUEST));
		}
	}

	private static WebEndpointResponse<Object> problem(String message, int status) {
		return new WebEndpointResponse<>(Map.of("error", message), status, JSON);
	}

}
