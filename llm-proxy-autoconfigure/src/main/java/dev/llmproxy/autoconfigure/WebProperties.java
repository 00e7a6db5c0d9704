package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.observability.call.AnswerHeader;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The HTTP front.
 *
 * @param enabled whether the gateway's paths are mounted; in an application that only
 * calls the gateway itself there is nothing to mount, so the server alone says that there
 * is
 * @param basePath prefix of all of them, beginning with a slash
 * @param exclusive whether the gateway has the server to itself: all paths but its own
 * and its documentation are denied, and every error is its own
 * @param maxBodySize longest request body
 * @param strict whether a request with something that its target can't take is refused
 * instead of that being dropped; a caller says otherwise with the header
 * {@code llm-proxy-strict}
 * @param writeTimeout how long a caller may read nothing of what is to be sent before its
 * connection is closed; part of the guard of connections
 * @param keepAliveComments after which a caller who waits for a stream gets comments, and
 * how often; from then on failures are told within the stream. By default never. Requests
 * are served without the hot lane then
 * @param json what a JSON body may contain
 * @param responseHeaders what an answer tells of itself, each in a header such as
 * llm-proxy-provider: provider, model, attempts, cost, overhead-ms, trace-id; empty for
 * nothing
 * @param securityHeaders headers of every response; one with an empty value is left out
 * @param cors which pages in browsers may call
 * @param connections what a connection may do
 */
@ConfigurationProperties("llm-proxy.web")
record WebProperties(@DefaultValue("false") boolean enabled, @DefaultValue("") String basePath,
		@DefaultValue("false") boolean exclusive, @DefaultValue("32MB") DataSize maxBodySize,
		@DefaultValue("false") boolean strict, @DefaultValue("60s") Duration writeTimeout,
		@Nullable Duration keepAliveComments, @DefaultValue Json json, @DefaultValue( {
				"provider", "model", "attempts", "cost", "overhead-ms", "trace-id" }) Set<AnswerHeader> responseHeaders,
		@DefaultValue Map<String, String> securityHeaders, @Nullable Cors cors, @DefaultValue Connections connections){

	/**
	 * What a JSON body may contain. Each limit is inclusive.
	 *
	 * @param maxDepth containers open at the same time
	 * @param maxKeysPerObject members of one object
	 * @param maxKeys members of all objects together
	 * @param maxNumberLength characters of a number
	 * @param maxNameLength bytes of a member's name
	 * @param maxExponent absolute value of a number's exponent
	 */
	record Json(@DefaultValue("64") int maxDepth, @DefaultValue("10000") int maxKeysPerObject,
			@DefaultValue("200000") int maxKeys, @DefaultValue("1000") int maxNumberLength,
			@DefaultValue("8192") int maxNameLength, @DefaultValue("400") int maxExponent) {

		JsonLimits limits() {
			return new JsonLimits(this.maxDepth, this.maxKeysPerObject, this.maxKeys, this.maxNumberLength,
					this.maxNameLength, this.maxExponent);
		}

	}

	/**
	 * Which pages in browsers may call (CORS). None may unless an origin is given.
	 *
	 * @param allowedOrigins origins such as https://app.example.com; '*' for all
	 * @param allowedOriginPatterns the same with '*' in host or port
	 * @param allowedMethods methods
	 * @param allowedHeaders headers a page may send; '*' for all
	 * @param exposedHeaders headers a page may read, beside those that tell of the answer
	 * @param allowCredentials whether cookies may be sent, for which the gateway has no
	 * use
	 * @param maxAge how long a browser may remember this
	 */
	record Cors(@DefaultValue List<String> allowedOrigins, @DefaultValue List<String> allowedOriginPatterns,
			@DefaultValue( {
					"GET", "HEAD", "POST" }) List<String> allowedMethods,
			@DefaultValue("*") List<String> allowedHeaders,
			@DefaultValue({ "x-request-id", "retry-after", "retry-after-ms", "llm-proxy-cache",
					"llm-proxy-context" }) List<String> exposedHeaders,
			@DefaultValue("false") boolean allowCredentials, @DefaultValue("30m") Duration maxAge){
	}

	/**
	 * What a connection to the server may do. The sizes of the request line and of all
	 * headers together are 'server.netty.max-initial-line-length' and
	 * 'server.max-http-request-header-size'.
	 *
	 * @param guard whether these limits, and a strict reading of HTTP/1.1, apply to the
	 * server's connections
	 * @param max connections at the same time; further ones are closed at once
	 * @param maxHeaderFields header fields of a request
	 * @param headerTimeout how long request line and headers may take
	 * @param bodyTimeout how long a body may take, beside the time that its bytes take at
	 * the lowest rate
	 * @param minBodyRate bytes per second at least
	 * @param idleTimeout how long a connection is kept without a request
	 */
	record Connections(@DefaultValue("false") boolean guard, @DefaultValue("10000") int max,
			@DefaultValue("100") int maxHeaderFields, @DefaultValue("10s") Duration headerTimeout,
			@DefaultValue("30s") Duration bodyTimeout, @DefaultValue("4KB") DataSize minBodyRate,
			@DefaultValue("75s") Duration idleTimeout) {
	}

}
