package dev.llmproxy.web;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;

import dev.llmproxy.gateway.LlmException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Denies all paths that are not the gateway's, where the gateway has the server to
 * itself. Who has no key learns nothing of what there is, who has one gets to the API's
 * documentation, and nothing else exists. The documentation also takes the key as the
 * password of {@code Authorization: Basic}, because that is what a browser asks for.
 */
public final class OtherPathsWebFilter implements WebFilter, Ordered {

	private static final List<String> DOCUMENTATION = List.of("/v3/api-docs", "/swagger-ui", "/webjars/swagger-ui/");

	private final ClientKeyWebFilter keys;

	private final Predicate<ServerWebExchange> elsewhere;

	private final ErrorRenderer errors;

	private final String basePath;

	private final String managementPath;

	/**
	 * Creates the filter.
	 * @param elsewhere tells requests to the management server, which are let through
	 * without a key
	 * @param managementPath prefix of the only paths there; begins and ends with a slash
	 */
	public OtherPathsWebFilter(ClientKeyWebFilter keys, Predicate<ServerWebExchange> elsewhere, String managementPath,
			ErrorBodies errors, WebSettings settings) {
		this.keys = keys;
		this.elsewhere = elsewhere;
		this.managementPath = managementPath;
		this.errors = new ErrorRenderer(errors);
		this.basePath = settings.basePath();
	}

	@Override
	public int getOrder() {
		return ClientKeyWebFilter.ORDER + 1;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		String path = exchange.getRequest().getURI().getRawPath();
		boolean documentation = DOCUMENTATION.stream().anyMatch(path::startsWith);
		if (this.elsewhere.test(exchange)) {
			return (path.startsWith(this.managementPath) && !documentation) ? chain.filter(exchange)
					: this.errors.render(exchange, GatewayPaths.unknown());
		}
		if (GatewayPaths.isGatewayPath(path, this.basePath)) {
			return chain.filter(exchange);
		}
		HttpHeaders headers = exchange.getRequest().getHeaders();
		String key = ClientKeyWebFilter.presented(headers);
		LlmException refusal = this.keys.authenticate(exchange, (key == null && documentation) ? basic(headers) : key);
		if (refusal == null) {
			// Files of a jar are read, which blocks.
			return documentation ? Mono.defer(() -> chain.filter(exchange)).subscribeOn(Schedulers.boundedElastic())
					: this.errors.render(exchange, GatewayPaths.unknown());
		}
		if (documentation) {
			exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"llm-proxy\"");
		}
		return this.errors.render(exchange, refusal);
	}

	/** The password of {@code Authorization: Basic} (RFC 7617). */
	private static @Nullable String basic(HttpHeaders headers) {
		String authorization = headers.getFirst(HttpHeaders.AUTHORIZATION);
		if (authorization == null || !authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
			return null;
		}
		try {
			String both = new String(Base64.getDecoder().decode(authorization.substring(6).trim()),
					StandardCharsets.UTF_8);
			return both.substring(both.indexOf(':') + 1);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
