package dev.llmproxy.routing;

import java.util.Collection;

import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmRequest;
import org.jspecify.annotations.Nullable;

/**
 * Routes each request by the configuration that it began with: its caller's key, routes
 * and providers are of one moment. Requests of the application itself are routed by the
 * configuration that holds now.
 */
public final class LiveRouter implements Router {

	private final LiveSnapshot live;

	public LiveRouter(LiveSnapshot live) {
		this.live = live;
	}

	@Override
	public Route route(LlmRequest request) {
		return this.live.get(request, Router.class).route(request);
	}

	@Override
	public Collection<Route> routes() {
		return this.live.get(Router.class).routes();
	}

}
