package dev.llmproxy.autoconfigure;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.cache.AnswerPattern;
import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.KeptAnswer;
import dev.llmproxy.cache.LocalAnswers;
import dev.llmproxy.cache.Semantics;
import dev.llmproxy.cache.SharedAnswers;
import dev.llmproxy.gateway.Caller;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Shows what is cached, and has answers forgotten or fetched. What was asked and answered
 * is not shown.
 */
@Endpoint(id = "llmcache")
final class CacheEndpoint {

	private static final Log logger = LogFactory.getLog(CacheEndpoint.class);

	private final LocalAnswers local;

	private final SharedAnswers shared;

	private final CacheWarming warming;

	private final ClientKeys keys;

	private final @Nullable Semantics semantics;

	CacheEndpoint(LocalAnswers local, SharedAnswers shared, CacheWarming warming, ClientKeys keys,
			@Nullable Semantics semantics) {
		this.semantics = semantics;
		this.local = local;
		this.shared = shared;
		this.warming = warming;
		this.keys = keys;
	}

	@ReadOperation
	Descriptor cache() {
		return new Descriptor(this.local.stats(), (this.semantics != null) ? this.semantics.stats() : null);
	}

	/**
	 * An answer.
	 * @param key as the header {@code llm-proxy-cache-key} tells it
	 */
	@ReadOperation
	Mono<WebEndpointResponse<Object>> answer(@Selector String key) {
		CacheKey wanted = CacheKey.parse(key);
		if (wanted == null) {
			return Mono.just(problem("A key has 64 hexadecimal digits: see the header llm-proxy-cache-key."));
		}
		KeptAnswer known = this.local.peek(wanted);
		if (known != null) {
			return Mono.just(new WebEndpointResponse<>(Answer.of(known, "memory")));
		}
		return this.shared.find(wanted)
			.map((found) -> found.map((answer) -> new WebEndpointResponse<Object>(Answer.of(answer, "shared")))
				.orElseGet(() -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)));
	}

	/** Forgets one answer, on all nodes. */
	@DeleteOperation
	Mono<WebEndpointResponse<Object>> forget(SecurityContext context, @Selector String key) {
		CacheKey wanted = CacheKey.parse(key);
		if (wanted == null) {
			return Mono.just(problem("A key has 64 hexadecimal digits: see the header llm-proxy-cache-key."));
		}
		log(context, "answer " + wanted);
		boolean here = this.local.forget(wanted);
		return this.shared.forget(wanted)
			.map((there) -> new WebEndpointResponse<>(
					(here || there) ? WebEndpointResponse.STATUS_NO_CONTENT : WebEndpointResponse.STATUS_NOT_FOUND));
	}

	/**
	 * Forgets answers, on all nodes.
	 * @param tenant such as {@code key:search} or {@code team:research}, with {@code *}
	 * for any run of characters; by default all
	 * @param model as callers name it, likewise
	 */
	@DeleteOperation
	Mono<Forgotten> forget(SecurityContext context, @Nullable String tenant, @Nullable String model) {
		AnswerPattern which = new AnswerPattern((tenant != null) ? tenant : "*", (model != null) ? model : "*");
		log(context, "answers of tenant '" + which.tenant() + "', model '" + which.model() + "'");
		int here = this.local.forget(which);
		Mono<Void> questions = (this.semantics != null) ? this.semantics.forget(which) : Mono.empty();
		return this.shared.forget(which).flatMap((there) -> questions.thenReturn(new Forgotten(here, there)));
	}

	/**
	 * Asks what a file says on behalf of a key.
	 * @param file in {@code llm-proxy.cache.warm-directory}
	 * @param caller the id of a key
	 */
	@WriteOperation
	Mono<WebEndpointResponse<Object>> warm(String file, String caller) {
		Caller known = this.keys.byId(caller);
		if (known == null) {
			return Mono.just(problem("There is no key of this id."));
		}
		return this.warming.warm(file, known)
			.map((report) -> new WebEndpointResponse<Object>(report))
			.onErrorResume(IllegalArgumentException.class,
					(problem) -> Mono.just(problem(String.valueOf(problem.getMessage()))));
	}

	private static void log(SecurityContext context, String what) {
		Principal actor = context.getPrincipal();
		logger.warn("Cache: " + what.replaceAll("[\\x00-\\x1f\\x7f]", " ") + " forgotten by "
				+ ((actor != null) ? actor.getName() : "somebody without a name"));
	}

	private static WebEndpointResponse<Object> problem(String message) {
		return new WebEndpointResponse<>(Map.of("error", message), WebEndpointResponse.STATUS_BAD_REQUEST);
	}

	/**
	 * How it does.
	 *
	 * @param semantic {@code null} where no questions are compared by their meaning
	 */
	record Descriptor(LocalAnswers.Stats memory, Semantics.@Nullable Stats semantic) {
	}

	/**
	 * How many answers were forgotten.
	 *
	 * @param memory of this node
	 * @param shared by all nodes
	 */
	record Forgotten(long memory, long shared) {
	}

	/**
	 * What is known of an answer.
	 *
	 * @param store where it was found
	 */
	record Answer(String tenant, String model, String dialect, boolean stream, int bytes, Instant born, Duration ttl,
			String store) {

		static Answer of(KeptAnswer answer, String store) {
			return new Answer(answer.tenant(), answer.model(), answer.dialect().toString(), answer.framing() != null,
					answer.length(), answer.born(), answer.ttl(), store);
		}

	}

}
