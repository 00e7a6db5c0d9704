package dev.llmproxy.provider;

import java.nio.charset.StandardCharsets;

import org.springframework.web.util.UriUtils;

/**
 * Where an operation lives below a provider's base URL.
 *
 * @param path with {@code {model}} where the model's name goes, as one path segment
 * @param streamPath the same for streams, where it differs
 */
public record Endpoint(String path, String streamPath) {

	public Endpoint(String path) {
		this(path, path);
	}

	/** The path for a call, the model encoded so that it can't leave its segment. */
	String resolve(String model, boolean stream) {
		String template = stream ? this.streamPath : this.path;
		return template.contains("{model}")
				? template.replace("{model}", UriUtils.encodePathSegment(model, StandardCharsets.UTF_8)) : template;
	}

}
