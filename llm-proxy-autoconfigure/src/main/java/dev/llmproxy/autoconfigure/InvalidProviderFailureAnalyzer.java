package dev.llmproxy.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells which property of a provider is wrong and what to do. */
final class InvalidProviderFailureAnalyzer extends AbstractFailureAnalyzer<InvalidProviderException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidProviderException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
