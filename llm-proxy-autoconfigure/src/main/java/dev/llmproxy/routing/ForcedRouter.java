package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Target;
import org.jspecify.annotations.Nullable;

/**
 * Lets a caller say in a header which target, or whose, serves its request, for tests and
 * emergencies. Nothing else is tried then, not even a mirror or a fallback. A caller
 * still reaches only models that its key allows, and targets that may be called.
 */
public final class ForcedRouter implements Router {

	private static final String TARGET_HEADER = "llm-proxy-force-target";

	private static final String PROVIDER_HEADER = "llm-proxy-force-provider";

	private final ModelRouter router;

	public ForcedRouter(ModelRouter router) {
		this.router = router;
	}

	@Override
	public Route route(LlmRequest request) {
		Route route = this.router.route(request);
		if (request.operation() == Operation.PASS_THROUGH) {
			return route;
		}
		String target = request.hint(TARGET_HEADER);
		if (target != null) {
			return forced(route, List.of(target(route, target, request)));
		}
		String provider = request.hint(PROVIDER_HEADER);
		return (provider != null) ? forced(route, targetsOf(route, provider, request)) : route;
	}

	private static Route forced(Route route, List<Target> targets) {
		return new Route(route.name(), new RouteNode.Group(TargetSelector.LISTED, RouteNode.of(targets)), route.retry(),
				List.of(), List.of(), List.of(), null, null, route.timeouts(), route.requirement());
	}

	private Target target(Route route, String id, LlmRequest request) {
		for (Target target : route.targets()) {
			if (target.id().equals(id)) {
				return target;
			}
		}
		return allowed(this.router.find(id), id, request);
	}

	/** Those of the route; a model that is no route's is asked of the provider. */
	private List<Target> targetsOf(Route route, String provider, LlmRequest request) {
		List<Target> targets = new ArrayList<>();
		for (Target target : route.targets()) {
			if (target.provider().name().equals(provider)) {
				targets.add(target);
			}
		}
		if (targets.isEmpty() && !this.router.routes().contains(route) && route.root() instanceof RouteNode.Leaf leaf) {
			String id = provider + "/" + leaf.target().model();
			targets.add(allowed(this.router.find(id), id, request));
		}
		if (targets.isEmpty()) {
			throw new LlmException(new LlmError(ErrorKind.INVALID_REQUEST,
					"'" + route.name() + "' has no target of the provider that '" + PROVIDER_HEADER + "' names.",
					"forced_target_not_found", PROVIDER_HEADER));
		}
		return targets;
	}

	private static Target allowed(@Nullable Target target, String id, LlmRequest request) {
		if (target == null) {
			throw new LlmException(new LlmError(ErrorKind.INVALID_REQUEST,
					"There is no target of the name that a header forces.", "forced_target_not_found", TARGET_HEADER));
		}
		if (!request.caller().mayUse(id)) {
			throw new LlmException(new LlmError(ErrorKind.PERMISSION,
					"This key may not use the target that a header forces.", "key_model_access_denied", TARGET_HEADER));
		}
		return target;
	}

	@Override
	public Collection<Route> routes() {
		return this.router.routes();
	}

}
