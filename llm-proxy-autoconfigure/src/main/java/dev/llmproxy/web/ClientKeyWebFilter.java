package dev.llmproxy.web;

import java.net.SocketAddress;
import java.util.function.BooleanSupplier;

import dev.llmproxy.access.AnonymousAccess;
import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.Snapshot;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Guards the gateway's paths: lets in who presents a known key, as
 * {@code Authorization: Bearer}, {@code x-api-key}, {@code x-goog-api-key} or
 * {@code api-key}. No session, no cookie, no redirect: this is all that the paths need of
 * security. It does the same inside a chain of Spring Security and without one, and its
 * work only once. Where the path belongs to somebody else it does nothing.
 */
public final class ClientKeyWebFilter implements WebFilter, Ordered {

	/** Just after Spring Security, whose chain contains this filter. */
	public static final int ORDER = -99;

	private static final String[] HEADERS = { "x-api-key", "x-goog-api-key", "api-key" };

	private final ClientKeys keys;

	private final LiveSnapshot live;

	private final LocalCallers local;

	private final ErrorRenderer errors;

	private final String basePath;

	public ClientKeyWebFilter(ClientKeys keys, ErrorBodies errors, WebSettings settings) {
		this(keys, new LiveSnapshot(), errors, settings);
	}

	/**
	 * Creates the filter.
	 * @param keys for snapshots without keys
	 */
	public ClientKeyWebFilter(ClientKeys keys, LiveSnapshot live, ErrorBodies errors, WebSettings settings) {
		this.keys = keys;
		this.live = live;
		this.local = new LocalCallers(settings.cors());
		this.errors = new ErrorRenderer(errors);
		this.basePath = settings.basePath();
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (!GatewayPaths.isGatewayPath(exchange.getRequest().getURI().getRawPath(), this.basePath)
				|| Exchanges.hasCaller(exchange)) {
			return chain.filter(exchange);
		}
		LlmException refusal = authenticate(exchange, presented(exchange.getRequest().getHeaders()));
		return (refusal != null) ? this.errors.render(exchange, refusal) : chain.filter(exchange);
	}

	/**
	 * Finds out who calls, and notes it.
	 * @return why the caller is not let in; {@code null} where it is
	 */
	@Nullable LlmException authenticate(ServerWebExchange exchange, @Nullable String key) {
		try {
			Snapshot snapshot = snapshot();
			Exchanges.caller(exchange, caller(key, snapshot, () -> this.local.isLocal(exchange.getRequest())));
			Exchanges.snapshot(exchange, snapshot);
			return null;
		}
		catch (LlmException refusal) {
			return refusal;
		}
	}

	/** What a request that begins now is served by. */
	Snapshot snapshot() {
		return this.live.current();
	}

	/**
	 * Finds out who calls, for a front that knows no exchanges.
	 * @throws LlmException if the caller is not let in
	 */
	Caller caller(HttpHeaders headers, Snapshot snapshot, @Nullable SocketAddress peer) {
		return caller(presented(headers), snapshot, () -> this.local.isLocal(peer, headers));
	}

	private Caller caller(@Nullable String key, Snapshot snapshot, BooleanSupplier local) {
		ClientKeys held = snapshot.find(ClientKeys.class);
		ClientKeys keys = (held != null) ? held : this.keys;
		Caller caller = keys.find(key);
		if (caller != null) {
			return caller;
		}
		AnonymousAccess anonymous = keys.withoutKey(key);
		if (anonymous == AnonymousAccess.ANYWHERE || (anonymous == AnonymousAccess.LOCAL && local.getAsBoolean())) {
			return Caller.ANONYMOUS;
		}
		throw refusal(key, anonymous);
	}

	static @Nullable String presented(HttpHeaders headers) {
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

	private static LlmException refusal(@Nullable String key, AnonymousAccess anonymous) {
		if (anonymous == AnonymousAccess.LOCAL) {
			return unauthorized("The gateway has no keys yet, so it answers programs on its own machine only.",
					"missing_api_key");
		}
		return (key == null)
				? unauthorized("No key was presented. Send one as 'Authorization: Bearer <key>' or 'x-api-key: <key>'.",
						"missing_api_key")
				: unauthorized("This key is not known here.", "invalid_api_key");
	}

	private static LlmException unauthorized(String message, String code) {
		return new LlmException(new LlmError(ErrorKind.AUTHENTICATION, message, code, null));
	}

}
