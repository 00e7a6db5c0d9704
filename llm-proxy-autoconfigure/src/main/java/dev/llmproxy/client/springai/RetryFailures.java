package dev.llmproxy.client.springai;

import dev.llmproxy.gateway.LlmException;

import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.retry.TransientAiException;

/**
 * Failures as Spring AI's retry module has them: transient is what the gateway itself
 * would have tried again, had there been another target or a retry left.
 */
public final class RetryFailures implements FailureTranslator {

	@Override
	public RuntimeException translate(LlmException failure) {
		String message = failure.error().message();
		return failure.kind().retryable() ? new TransientAiException(message, failure)
				: new NonTransientAiException(message, failure);
	}

}
