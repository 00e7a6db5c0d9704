package dev.llmproxy.web;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What a path asks for.
 *
 * @param operation what
 * @param dialect in which format
 * @param model the model, where the path names it
 * @param stream whether the path says that the answer shall be streamed; {@code null}
 * where the body decides
 */
record InferenceEndpoint(Operation operation, Dialect dialect, @Nullable String model, @Nullable Boolean stream) {

	InferenceEndpoint(Operation operation, Dialect dialect) {
		this(operation, dialect, null, null);
	}

}
