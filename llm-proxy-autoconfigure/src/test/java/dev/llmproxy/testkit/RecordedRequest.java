package dev.llmproxy.testkit;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request as a {@link ScriptedUpstream} read it from the wire.
 *
 * @param method the method, e.g. {@code POST}
 * @param target the request target exactly as written, query included
 * @param headers the header fields
 * @param body the body without its transfer coding, empty if there is none
 * @param connection the number of the connection it came on, counted from 1
 * @param receivedAt when its last byte was read
 */
public record RecordedRequest(String method, String target, Headers headers, byte[] body, int connection,
		Instant receivedAt) {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	/**
	 * The target without its query, still percent-encoded.
	 * @return the path
	 */
	public String path() {
		int query = this.target.indexOf('?');
		return (query < 0) ? this.target : this.target.substring(0, query);
	}

	/**
	 * A query parameter.
	 * @param name the parameter's name
	 * @return its decoded first value, empty if it has none, or {@code null} if it is
	 * absent
	 */
	public @Nullable String query(String name) {
		int query = this.target.indexOf('?');
		if (query < 0) {
			return null;
		}
		for (String pair : this.target.substring(query + 1).split("&")) {
			String[] parts = pair.split("=", 2);
			if (URLDecoder.decode(parts[0], StandardCharsets.UTF_8).equals(name)) {
				return (parts.length == 1) ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
			}
		}
		return null;
	}

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
		return this.method + " " + this.target + " (connection " + this.connection + ", " + this.body.length
				+ " bytes)";
	}

}
