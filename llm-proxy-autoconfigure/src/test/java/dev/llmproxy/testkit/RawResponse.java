package dev.llmproxy.testkit;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A response as a {@link RawHttpClient} read it.
 *
 * @param status the status code
 * @param headers the header fields
 * @param body the body without its transfer coding; empty in a response of which only the
 * head has been read
 */
public record RawResponse(int status, Headers headers, byte[] body) {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	/**
	 * The first value of a header.
	 * @param name the header's name, in any case
	 * @return its value, or {@code null} if it is absent
	 */
	public @Nullable String header(String name) {
		return this.headers.first(name);
	}

	/**
	 * The body as text.
	 * @return the body decoded as UTF-8
	 */
	public String text() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	/**
	 * The body as JSON.
	 * @return the parsed body
	 * @throws tools.jackson.core.JacksonException if the body is not JSON
	 */
	public JsonNode json() {
		return JSON.readTree(this.body);
	}

	@Override
	public String toString() {
		return this.status + " " + this.headers + " " + text();
	}

}
