package dev.llmproxy.web;

import java.time.Duration;

import dev.llmproxy.dialect.JsonLimits;
import org.jspecify.annotations.Nullable;

import org.springframework.web.cors.CorsConfiguration;

/**
 * How the front behaves.
 *
 * @param basePath prefix of all paths; empty or beginning with a slash
 * @param maxBodySize longest request body, in bytes
 * @param jsonLimits what a JSON body may contain
 * @param strict whether what a target can't take is an error unless the caller says
 * otherwise
 * @param cors which pages in browsers may call; {@code null} for none
 * @param keepAliveComments after which a caller who waits for a stream gets comments, and
 * how often; {@code null} for never
 */
public record WebSettings(String basePath, int maxBodySize, JsonLimits jsonLimits, boolean strict,
		@Nullable CorsConfiguration cors, @Nullable Duration keepAliveComments) {

	public WebSettings {
		if (!basePath.isEmpty() && (!basePath.startsWith("/") || basePath.endsWith("/"))) {
			throw new IllegalArgumentException("A base path begins with a slash and ends with none");
		}
	}

}
