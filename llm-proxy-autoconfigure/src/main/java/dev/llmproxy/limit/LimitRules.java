package dev.llmproxy.limit;

import java.util.List;

/** All rules that hold at one moment. What a rule has counted outlives it. */
public record LimitRules(List<LimitRule> all) {

	public LimitRules {
		all = List.copyOf(all);
	}

}
