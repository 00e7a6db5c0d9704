package dev.llmproxy.cache;

import dev.llmproxy.gateway.NamePattern;

/**
 * Tells answers that are to be forgotten.
 *
 * @param tenant such as {@code key:search} or {@code team:research}, with {@code *} for
 * any run of characters
 * @param model as callers name it, likewise
 */
public record AnswerPattern(String tenant, String model) {

	/** All of them. */
	public static final AnswerPattern ALL = new AnswerPattern("*", "*");

	public boolean matches(String tenant, String model) {
		return NamePattern.matches(this.tenant, tenant) && NamePattern.matches(this.model, model);
	}

	boolean matches(KeptAnswer answer) {
		return matches(answer.tenant(), answer.model());
	}

}
