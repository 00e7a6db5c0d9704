package dev.llmproxy.gateway;

import org.jspecify.annotations.Nullable;

/**
 * One attempt at a request, for explaining afterwards.
 *
 * @param target its id
 * @param provider its provider's name
 * @param model the name that the provider knows
 * @param kind why it was made: {@code first}, {@code retry}, {@code fallback} or
 * {@code hedge}
 * @param code what it failed with; {@code null} if it did not
 * @param nanos until its head or its failure
 * @param refused whether it was refused here, so that no provider was called
 */
public record AttemptRecord(String target, String provider, String model, String kind, @Nullable String code,
		long nanos, boolean refused) {

	/** One that its provider was asked for. */
	public AttemptRecord(String target, String provider, String model, String kind, @Nullable String code, long nanos) {
		this(target, provider, model, kind, code, nanos, false);
	}

}
