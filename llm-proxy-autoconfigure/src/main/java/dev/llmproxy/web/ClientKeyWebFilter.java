package dev.llmproxy.web;

import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Lets in who presents a known key, as {@code Authorization: Bearer}, {@code x-api-key},
 * {@code x-goog-api-key} or {@code api-key}. No session, no cookie, no redirect: this is
 * all that the gateway's paths need of security.
 */
public final class ClientKeyWebFilter implements WebFilter {

	private static final String[] HEADERS = { "x-api-key", "x-goog-api-key", "api-key" };

	private final ClientKeys keys;

	private final ErrorRenderer errors;

	private final int basePathLength;

	public ClientKeyWebFilter(ClientKeys keys, Codecs codecs, WebSettings settings) {
		this.keys = keys;
		this.errors = new ErrorRenderer(codecs);
		this.basePathLength = settings.basePath().length();
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		String key = presented(exchange.getRequest().getHeaders());
		Caller caller = this.keys.find(key);
		if (caller != null) {
			Exchanges.caller(exchange, caller);
			return chain.filter(exchange);
		}
		String path = exchange.getRequest().getURI().getRawPath();
		return this.errors.render(exchange,
				InferenceHandler.dialectOf(path.substring(Math.min(this.basePathLength, path.length()))), refusal(key));
	}

	private static @Nullable String presented(HttpHeaders headers) {
		String authorization = headers.getFirst(HttpHeaders.AUTHORIZATION);
		if (authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
			return authorization.substring(7).trim();
		}
		for (String header : HEADERS) {
			String key = headers.getFirst(header);
			if (key != null) {
				return key;
			}
		}
		return null;
	}

	private static LlmException refusal(@Nullable String key) {
		return new LlmException((key == null)
				? new LlmError(ErrorKind.AUTHENTICATION,
						"No key was presented. Send one as 'Authorization: Bearer <key>' or 'x-api-key: <key>'.",
						"missing_api_key", null)
				: new LlmError(ErrorKind.AUTHENTICATION, "This key is not known here.", "invalid_api_key", null));
	}

}
