package dev.llmproxy.observability.budget;

import java.time.ZoneId;
import java.util.List;

import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.NamePattern;
import org.jspecify.annotations.Nullable;

/**
 * An amount that may be spent in a period.
 *
 * @param name as it is configured; callers see it when there is nothing left
 * @param per what is counted separately
 * @param keys patterns of the callers it is for; empty for all, and so are the others
 * @param teams patterns of their teams
 * @param routes patterns of the routes that serve them
 * @param amount in nano-USD; positive
 * @param zone whose midnight ends a period
 * @param warnAt the share of the amount at which somebody is told, 0 to 1
 * @param refuses whether calls are refused once it is spent
 */
public record Budget(String name, BudgetScope per, List<String> keys, List<String> teams, List<String> routes,
		long amount, BudgetPeriod period, ZoneId zone, double warnAt, boolean refuses) {

	public Budget {
		keys = List.copyOf(keys);
		teams = List.copyOf(teams);
		routes = List.copyOf(routes);
		if (amount <= 0) {
			throw new IllegalArgumentException("amount must be positive");
		}
		if (!(warnAt >= 0 && warnAt <= 1)) {
			throw new IllegalArgumentException("warn-at must be between 0 and 1");
		}
	}

	/**
	 * Whose account a call goes to; {@code null} if it is none of this budget's business.
	 */
	@Nullable String subject(Caller caller, String route) {
		return (matches(this.keys, caller.id()) && matches(this.teams, caller.team()) && matches(this.routes, route))
				? this.per.of(caller, route) : null;
	}

	private static boolean matches(List<String> patterns, @Nullable String name) {
		if (patterns.isEmpty()) {
			return true;
		}
		return name != null && patterns.stream().anyMatch((pattern) -> NamePattern.matches(pattern, name));
	}

}
