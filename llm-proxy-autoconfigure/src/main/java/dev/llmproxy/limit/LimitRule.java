package dev.llmproxy.limit;

import java.util.HexFormat;
import java.util.List;

import dev.llmproxy.dialect.Sha256;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.NamePattern;
import org.jspecify.annotations.Nullable;

/**
 * A quota and whose it is. A request that lacks one of the dimensions, such as one
 * without a user, is none of the rule's business.
 *
 * @param per what is counted separately; empty if all requests count together
 * @param keys patterns of the callers it is for; empty for all, and so are the others
 * @param teams patterns of their teams
 * @param models patterns of the models, as callers name them
 */
public record LimitRule(Quota quota, List<Dimension> per, List<String> keys, List<String> teams, List<String> models) {

	private static final int LONGEST = 128;

	public LimitRule {
		per = List.copyOf(per);
		keys = List.copyOf(keys);
		teams = List.copyOf(teams);
		models = List.copyOf(models);
	}

	/** What a request demands by this rule; {@code null} if nothing. */
	@Nullable Demand demand(LlmRequest request) {
		if (!matches(this.keys, request.caller().id()) || !matches(this.teams, request.caller().team())
				|| !matches(this.models, request.model())) {
			return null;
		}
		String subject = subject(request);
		return (subject != null) ? new Demand(this.quota, subject) : null;
	}

	private @Nullable String subject(LlmRequest request) {
		if (this.per.size() == 1) {
			String value = this.per.get(0).of(request);
			return (value != null) ? bounded(value) : null;
		}
		StringBuilder subject = new StringBuilder();
		for (Dimension dimension : this.per) {
			String value = dimension.of(request);
			if (value == null) {
				return null;
			}
			if (!subject.isEmpty()) {
				subject.append('|');
			}
			subject.append(bounded(value).replace("|", "||"));
		}
		return subject.toString();
	}

	/** Names that callers choose may be of any length, and there may be many. */
	private static String bounded(String name) {
		return (name.length() <= LONGEST) ? name : HexFormat.of().formatHex(Sha256.of(name));
	}

	private static boolean matches(List<String> patterns, @Nullable String name) {
		if (patterns.isEmpty()) {
			return true;
		}
		if (name != null) {
			for (String pattern : patterns) {
				if (NamePattern.matches(pattern, name)) {
					return true;
				}
			}
		}
		return false;
	}

}
