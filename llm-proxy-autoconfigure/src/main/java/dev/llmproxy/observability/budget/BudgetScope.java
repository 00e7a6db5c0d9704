package dev.llmproxy.observability.budget;

import dev.llmproxy.gateway.Caller;
import org.jspecify.annotations.Nullable;

/** What a budget counts separately. */
public enum BudgetScope {

	/** Nothing: all calls share it. */
	ALL {

		@Override
		String of(Caller caller, String route) {
			return "all";
		}

	},

	/** The caller, by its id. */
	KEY {

		@Override
		String of(Caller caller, String route) {
			return caller.id();
		}

	},

	/** The caller's team; callers that are in none are not concerned. */
	TEAM {

		@Override
		@Nullable String of(Caller caller, String route) {
			return caller.team();
		}

	},

	/** The route that serves the call. */
	ROUTE {

		@Override
		String of(Caller caller, String route) {
			return route;
		}

	};

	/** Whose account a call goes to; {@code null} if nobody's. */
	abstract @Nullable String of(Caller caller, String route);

}
