package dev.llmproxy.autoconfigure;

import java.util.HashSet;
import java.util.Set;

import dev.llmproxy.provider.Target;
import dev.llmproxy.routing.Route;
import dev.llmproxy.routing.Router;

/** The names that the routes in force bring in, and that callers don't make up. */
record ConfiguredNames(Router router) {

	/** The ids of all targets. */
	Set<String> targets() {
		Set<String> ids = new HashSet<>();
		for (Route route : this.router.routes()) {
			route.targets().forEach((target) -> ids.add(target.id()));
			if (route.mirror() != null) {
				ids.add(route.mirror().target().id());
			}
		}
		return ids;
	}

	/** What may stand in a label: routes, targets and the models of these. */
	Set<String> all() {
		Set<String> names = new HashSet<>();
		for (Route route : this.router.routes()) {
			names.add(route.name());
			route.targets().forEach((target) -> add(names, target));
			if (route.mirror() != null) {
				add(names, route.mirror().target());
			}
		}
		return names;
	}

	private static void add(Set<String> names, Target target) {
		names.add(target.id());
		names.add(target.model());
	}

}
