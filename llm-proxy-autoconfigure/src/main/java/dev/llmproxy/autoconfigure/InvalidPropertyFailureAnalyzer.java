package dev.llmproxy.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells which property of the callers' access is wrong and what to do. */
final class InvalidAccessFailureAnalyzer extends AbstractFailureAnalyzer<InvalidAccessException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidAccessException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
