package dev.llmproxy.testkit.fake;

import java.util.Map;

import dev.llmproxy.testkit.RecordedRequest;

/** One provider's API. Thread-safe. */
interface FakeDialect {

	/**
	 * Answers a request as the provider does.
	 * @throws RejectedRequest if the provider would answer with an error
	 */
	Reply answer(RecordedRequest request);

	/** The error as the provider writes it. */
	Reply error(RejectedRequest rejection);

	/** An error of the provider's own, with the words it has for this status. */
	RejectedRequest failure(int status, String message);

	/** The frame by which the provider ends a stream that has gone wrong. */
	byte[] errorFrame(RejectedRequest rejection, RecordedRequest request);

	/** Headers of every response. */
	Map<String, String> responseHeaders();

}
