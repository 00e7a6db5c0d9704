package dev.llmproxy.web;

import dev.llmproxy.dialect.JsonLimits;

/**
 * How the front behaves.
 *
 * @param basePath prefix of all paths; empty or beginning with a slash
 * @param maxBodySize longest request body, in bytes
 * @param jsonLimits what a JSON body may contain
 * @param strict whether what a target can't take is an error unless the caller says
 * otherwise
 */
public record WebSettings(String basePath, int maxBodySize, JsonLimits jsonLimits, boolean strict) {
}
