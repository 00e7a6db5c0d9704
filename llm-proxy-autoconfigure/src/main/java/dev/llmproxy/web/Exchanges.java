package dev.llmproxy.web;

import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.Snapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.web.server.ServerWebExchange;

/** What the front knows of an exchange before a request is made of it. */
final class Exchanges {

	private static final String CALLER = Exchanges.class.getName() + ".caller";

	private static final String SNAPSHOT = Exchanges.class.getName() + ".snapshot";

	private static final String CALL = Exchanges.class.getName() + ".call";

	private static final String REQUEST_ID = Exchanges.class.getName() + ".requestId";

	private Exchanges() {
	}

	static void caller(ServerWebExchange exchange, Caller caller) {
		exchange.getAttributes().put(CALLER, caller);
	}

	static void snapshot(ServerWebExchange exchange, Snapshot snapshot) {
		exchange.getAttributes().put(SNAPSHOT, snapshot);
	}

	/** The configuration that the caller was found in. */
	static @Nullable Snapshot snapshot(ServerWebExchange exchange) {
		return (Snapshot) exchange.getAttributes().get(SNAPSHOT);
	}

	static boolean hasCaller(ServerWebExchange exchange) {
		return exchange.getAttributes().containsKey(CALLER);
	}

	/**
	 * The authenticated caller.
	 * @throws IllegalStateException if the exchange was not authenticated, which must not
	 * happen and must not be taken for an anonymous caller
	 */
	static Caller caller(ServerWebExchange exchange) {
		if (exchange.getAttributes().get(CALLER) instanceof Caller caller) {
			return caller;
		}
		throw new IllegalStateException("The exchange passed no authentication");
	}

	/** The authenticated caller; {@code null} if there is none. */
	static @Nullable Caller knownCaller(ServerWebExchange exchange) {
		return (Caller) exchange.getAttributes().get(CALLER);
	}

	/** A call was made of it: its failures are told by whoever observes calls. */
	static void call(ServerWebExchange exchange) {
		exchange.getAttributes().put(CALL, true);
	}

	static boolean hasCall(ServerWebExchange exchange) {
		return exchange.getAttributes().containsKey(CALL);
	}

	/** The exchange's id, chosen and told to the caller on the first call. */
	static String requestId(ServerWebExchange exchange) {
		Object known = exchange.getAttributes().get(REQUEST_ID);
		if (known != null) {
			return (String) known;
		}
		String id = RequestIds.choose(exchange.getRequest().getHeaders().getFirst(RequestIds.HEADER));
		exchange.getAttributes().put(REQUEST_ID, id);
		exchange.getResponse().getHeaders().set(RequestIds.HEADER, id);
		return id;
	}

}
