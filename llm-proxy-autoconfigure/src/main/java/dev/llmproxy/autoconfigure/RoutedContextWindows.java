package dev.llmproxy.autoconfigure;

import dev.llmproxy.context.ContextWindows;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.Target;
import dev.llmproxy.routing.Router;

/**
 * The smallest window that is known among the targets of a request's route, without its
 * fallbacks; tokens are counted as the first target does. What can't be routed is told by
 * whoever routes.
 */
final class RoutedContextWindows implements ContextWindows {

	private final Router router;

	RoutedContextWindows(Router router) {
		this.router = router;
	}

	@Override
	public Window of(LlmRequest request) {
		Smallest smallest = new Smallest();
		try {
			this.router.route(request).root().forEachTarget(smallest::add);
		}
		catch (LlmException ex) {
			return new Window(0, request.model());
		}
		return new Window(smallest.tokens, smallest.model);
	}

	private static final class Smallest {

		private int tokens;

		private String model = "";

		void add(Target target) {
			Deployment deployment = target.deployment();
			int said = deployment.capabilities().contextWindow();
			int window = (said > 0) ? said : deployment.known().contextWindow();
			if (this.model.isEmpty()) {
				this.model = target.model();
			}
			if (window > 0 && (this.tokens == 0 || window < this.tokens)) {
				this.tokens = window;
			}
		}

	}

}
