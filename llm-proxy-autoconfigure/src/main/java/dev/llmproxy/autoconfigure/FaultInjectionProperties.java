package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.List;

import dev.llmproxy.resilience.InjectedFault;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Failures to rehearse, for staging.
 *
 * @param enabled whether any happen
 * @param seed makes the same ones happen each time; by default they differ
 * @param header whether callers may ask for one in the header {@code llm-proxy-fault}
 * @param faults what happens: the first that is about a target and whose chance comes up
 */
@ConfigurationProperties("llm-proxy.fault-injection")
record FaultInjectionProperties(@DefaultValue("false") boolean enabled, @Nullable Long seed,
		@DefaultValue("false") boolean header, @DefaultValue List<Fault> faults) {

	/**
	 * One kind of failure.
	 *
	 * @param target whose it is, such as openai/*; by default everybody's
	 * @param percent of attempts
	 * @param delay before anything else happens
	 * @param status what the target answers, 400 to 599; by default its own answer
	 * @param retryAfter what it asks for with that status
	 * @param stall whether it never answers
	 * @param cutAfter buffers of a stream after which it breaks off; by default never
	 */
	record Fault(@DefaultValue("*") String target, @DefaultValue("100") double percent,
			@DefaultValue("0s") Duration delay, @DefaultValue("0") int status, @Nullable Duration retryAfter,
			@DefaultValue("false") boolean stall, @DefaultValue("-1") int cutAfter) {

		InjectedFault fault() {
			return new InjectedFault(this.target, this.percent, this.delay, this.status, this.retryAfter, this.stall,
					this.cutAfter);
		}

	}

}
