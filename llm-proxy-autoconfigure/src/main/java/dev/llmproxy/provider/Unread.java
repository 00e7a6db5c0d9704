package dev.llmproxy.provider;

import reactor.core.publisher.Mono;

/** Content that nobody wants to read. */
final class Unread {

	private Unread() {
	}

	/**
	 * Subscribes and cancels, which frees what has arrived and closes the connection. The
	 * obvious {@code take(0)} never subscribes, and leaks.
	 */
	static Mono<Void> cancelled(UpstreamResponse response) {
		return BoundedAggregate.beginning(response, System.nanoTime(), 0).onErrorComplete().then();
	}

}
