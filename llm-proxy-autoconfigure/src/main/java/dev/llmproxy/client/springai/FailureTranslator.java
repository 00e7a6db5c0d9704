package dev.llmproxy.client.springai;

import dev.llmproxy.gateway.LlmException;

/** Says a failed call in the words of whoever calls. Thread-safe. */
@FunctionalInterface
public interface FailureTranslator {

	/** The gateway's own words. */
	FailureTranslator NONE = (failure) -> failure;

	/** What to throw instead; has the failure as its cause, or is it. */
	RuntimeException translate(LlmException failure);

}
