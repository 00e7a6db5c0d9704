package dev.llmproxy.testkit;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One server-sent event as it was on the wire.
 *
 * @param event the event's name, or {@code null} if it had none
 * @param data the data lines, joined by LF
 * @param id the {@code id} field, or {@code null} if it had none
 */
public record SseEvent(@Nullable String event, String data, @Nullable String id) {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	/**
	 * The data as JSON.
	 * @return the parsed data
	 * @throws tools.jackson.core.JacksonException if the data is not JSON
	 */
	public JsonNode json() {
		return JSON.readTree(this.data);
	}

}
