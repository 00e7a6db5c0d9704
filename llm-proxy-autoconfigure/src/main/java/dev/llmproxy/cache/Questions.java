package dev.llmproxy.cache;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Snapshot;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds out what requests are to the cache. Requests with the same bytes are the same
 * question, so that their bytes are parsed once and digested from then on. Thread-safe.
 */
final class Questions {

	/** The member of a body that is for us. */
	static final String MEMBER = "cache";

	/** Bodies that are longer would keep an event loop busy. */
	static final int LONGEST_BODY = 1 << 20;

	private static final int REMEMBERED = 20_000;

	/** Members that say how an answer is delivered, and not what is asked. */
	private static final List<String> DELIVERY = List.of("stream", "stream_options", MEMBER);

	/** What makes a call more than a question: it changes something, or depends on it. */
	private static final List<String> STATEFUL = List.of("previous_response_id", "conversation", "background",
			"container", "mcp_servers", "web_search_options", "cachedContent", "cached_content");

	private static final TypeReference<LinkedHashMap<String, @Nullable Object>> BODY = new TypeReference<>() {
	};

	private static final JsonMapper JSON = ReadyMapper
		.of(JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build());

	private final Cache<CacheKey, Question> known = Caffeine.newBuilder()
		.maximumSize(REMEMBERED)
		.executor(Runnable::run)
		.build();

	private final Function<LlmRequest, String> route;

	/**
	 * Creates one.
	 * @param route tells apart what serves a request, but not what is up at the moment
	 */
	Questions(Function<LlmRequest, String> route) {
		this.route = route;
	}

	/** Whether it may be a question at all, as far as can be told without looking. */
	static boolean mayAsk(LlmRequest request) {
		return switch (request.operation()) {
			case CHAT, EMBEDDINGS -> request.edited() || request.body().length <= LONGEST_BODY;
			default -> false;
		};
	}

	/**
	 * What the request is to the cache.
	 * @param varying headers that answers depend on, beside those that providers see
	 * @throws dev.llmproxy.gateway.LlmException if the body's member {@code cache} is not
	 * what it should be
	 */
	Question of(LlmRequest request, CachePolicy.Tenant tenant, List<String> varying) {
		if (request.edited()) {
			return of(request, asker(request, tenant, varying), request.chat());
		}
		CacheKey bytes = asker(request, tenant, varying).number(request.stream() ? 1 : 0)
			.number(generation(request))
			.bytes(request.body())
			.key();
		Question question = this.known.getIfPresent(bytes);
		if (question == null) {
			question = read(request, asker(request, tenant, varying));
			this.known.put(bytes, question);
		}
		return question;
	}

	private static long generation(LlmRequest request) {
		Snapshot snapshot = request.snapshot();
		return (snapshot != null) ? snapshot.generation() : 0;
	}

	/** Whoever asks, of a question that is compared by its meaning. */
	Canonical asker(LlmRequest request, CachePolicies policies, String namespace) {
		return asker(request, policies.of(request.model()).tenant(), policies.headers()).text(this.route.apply(request))
			.text(namespace);
	}

	/** Whoever asks, and everything an answer depends on that is not in the body. */
	private static Canonical asker(LlmRequest request, CachePolicy.Tenant tenant, List<String> varying) {
		Canonical asker = new Canonical().text(tenant(request.caller(), tenant))
			.text(request.operation().operationName())
			.text(request.dialect().toString())
			.text(request.model())
			.number(request.strict() ? 1 : 0);
		Map<String, List<String>> forwarded = new TreeMap<>();
		request.headers().forEach((name, values) -> {
			String lower = name.toLowerCase(Locale.ROOT);
			if (lower.startsWith("anthropic-") || lower.equals("openai-beta")) {
				forwarded.put(lower, values);
			}
		});
		asker.value(forwarded);
		for (String header : varying) {
			asker.value(request.hint(header));
		}
		return asker;
	}

	/** The subject that answers are kept for; no two subjects have one name. */
	static String tenant(Caller caller, CachePolicy.Tenant tenant) {
		return (tenant == CachePolicy.Tenant.TEAM && caller.team() != null) ? "team:" + caller.team()
				: "key:" + caller.id();
	}

	private Question of(LlmRequest request, Canonical asker, ChatRequest chat) {
		if (!independent(chat)) {
			return Question.NOT_CACHEABLE;
		}
		CacheKey key = asker.text(this.route.apply(request))
			.value(chat.mutate().stream(false).includeUsage(false).build())
			.key();
		return new Question(key, deterministic(chat), Directives.NONE, false);
	}

	private Question read(LlmRequest request, Canonical asker) {
		Map<String, @Nullable Object> body = JSON.readValue(request.body(), BODY);
		boolean marked = body.containsKey(MEMBER);
		Directives directives = Directives.ofBody(body.get(MEMBER));
		DELIVERY.forEach(body::remove);
		// What is null was not said, in all dialects.
		body.values().removeIf(Objects::isNull);
		boolean asksOnly = STATEFUL.stream().noneMatch(body::containsKey) && !Boolean.TRUE.equals(body.get("store"))
				&& (request.operation() == Operation.EMBEDDINGS
						|| independent(request.chat()) && !storedByDefault(request, body));
		if (!asksOnly) {
			return new Question(null, false, directives, marked);
		}
		CacheKey key = asker.text(this.route.apply(request)).text(directives.namespace()).value(body).key();
		boolean deterministic = request.operation() == Operation.EMBEDDINGS || deterministic(request.chat());
		return new Question(key, deterministic, directives, marked);
	}

	/** OpenAI keeps responses, for others to refer to, unless that is declined. */
	private static boolean storedByDefault(LlmRequest request, Map<String, @Nullable Object> body) {
		return request.dialect().equals(Dialect.RESPONSES) && !Boolean.FALSE.equals(body.get("store"));
	}

	/** Hosted tools look at the world, or change it. */
	private static boolean independent(ChatRequest chat) {
		return chat.tools().stream().allMatch((tool) -> tool instanceof Tool.Function);
	}

	private static boolean deterministic(ChatRequest chat) {
		Double temperature = chat.temperature();
		return (temperature != null && temperature == 0) || chat.seed() != null;
	}

}
