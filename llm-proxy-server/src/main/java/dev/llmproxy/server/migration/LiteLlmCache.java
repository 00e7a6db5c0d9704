package dev.llmproxy.server.migration;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** The cache of answers, and Redis. */
final class LiteLlmCache {

	private static final String CACHE = "llm-proxy.cache.";

	private static final String REDIS = "spring.data.redis.";

	private final Draft draft;

	LiteLlmCache(Draft draft) {
		this.draft = draft;
	}

	void migrate(Section router, Section library, LiteLlmRoutes routes) {
		boolean on = library.isOn("cache");
		Section params = library.section("cache_params");
		String type = params.text("type");
		boolean redis = on && (type == null || type.startsWith("redis"));
		if (on) {
			cache((type != null) ? type : "redis", params, routes);
		}
		boolean shared = router.has("redis_host") || router.has("redis_url");
		if (shared) {
			this.draft.set("llm-proxy.limits.store", "redis", "Limits are counted by all nodes together.");
			redis(router, "redis_", "redis_url");
		}
		if (redis) {
			if (!shared || params.has("host") || params.has("url") || params.has("redis_startup_nodes")
					|| params.has("sentinel_nodes")) {
				redis(params, "", "url");
			}
			namespaces(params);
		}
		else if (!params.keys().isEmpty()) {
			params.rest("it is of no use here", "See src-docs/caching.md.");
		}
		router.take("redis_db");
		router.leftIfAny("cache_responses", "the cache is one for all routes",
				"See llm-proxy.cache and llm-proxy.routes.<name>.cache.");
		router.leftIfAny("cache_kwargs", "Redis is set up by spring.data.redis", "Say there what differs.");
	}

	private void cache(String type, Section params, LiteLlmRoutes routes) {
		boolean always = !"default_off".equals(params.text("mode"));
		this.draft.set(CACHE + "enabled", always);
		this.draft.comment("llm-proxy.cache",
				"Each key has answers of its own here; 'tenant: team' shares them within a team.");
		if (!always) {
			params.left("mode", "callers can't ask for the cache where it is off: it is off",
					"Switch it on, and have those who want none send 'cache-control: no-store' (src-docs/caching.md).");
		}
		this.draft.set(CACHE + "non-deterministic", true,
				"As LiteLLM does: also answers to requests without temperature 0 or a seed.");
		String ttl = params.seconds("ttl");
		String redisTtl = params.seconds("default_in_redis_ttl");
		String memoryTtl = params.seconds("default_in_memory_ttl");
		this.draft.set(CACHE + "ttl", (ttl != null) ? ttl : (redisTtl != null) ? redisTtl : memoryTtl);
		if (type.startsWith("redis")) {
			this.draft.set(CACHE + "store", "redis");
		}
		else if (!type.equals("local") && !type.equals("qdrant-semantic")) {
			params.left("type", "answers are kept in memory or in Redis, and not in '" + type + "'",
					"Set llm-proxy.cache.store to redis where nodes are to share them.");
		}
		if (type.endsWith("semantic")) {
			semantic(params, routes);
		}
		params.leftIfAny("supported_call_types", "chats are kept, whatever else is not", "See src-docs/caching.md.");
	}

	private void semantic(Section params, LiteLlmRoutes routes) {
		String redis = params.text("redis_semantic_cache_embedding_model");
		String qdrant = params.text("qdrant_semantic_cache_embedding_model");
		String name = (redis != null) ? redis : qdrant;
		String model = (name != null && routes.target(name) != null) ? name : null;
		BigDecimal threshold = params.number("similarity_threshold");
		if (model == null) {
			params.left("type", "questions of the same meaning need a model that makes vectors, and none was found",
					"Set llm-proxy.cache.semantic.embedding-model and .enabled.");
			return;
		}
		this.draft.set(CACHE + "semantic.enabled", true);
		this.draft.set(CACHE + "semantic.embedding-model", model);
		this.draft.set(CACHE + "semantic.threshold", threshold);
		for (String key : List.copyOf(params.keys())) {
			if (key.startsWith("qdrant_") || key.startsWith("redis_semantic")) {
				params.take(key);
			}
		}
		params.left("type", "vectors are kept in the memory of each node",
				"Nothing, if that does no harm; or llm-proxy.cache.semantic.store: redis, which needs Redis 8.");
	}

	private void namespaces(Section params) {
		String namespace = params.text("namespace");
		if (namespace != null) {
			this.draft.set(CACHE + "redis.prefix", namespace + ":");
		}
		params.leftIfAny("max_connections", "one connection is enough for many requests at once", "Nothing.");
		params.rest("it is nothing of Redis that is set here", "Look among Spring Boot's spring.data.redis.*.");
	}

	/** Where it is: an address, nodes, or host and port. */
	private void redis(Section section, String prefix, String urlKey) {
		String url = this.draft.secret(section.path(urlKey), section.text(urlKey), "REDIS_URL");
		List<String> nodes = nodes(section);
		if (url != null) {
			this.draft.set(REDIS + "url", url);
			return;
		}
		String master = section.text("service_name");
		List<String> sentinels = sentinels(section);
		String password = this.draft.secret(section.path(prefix + "password"), section.text(prefix + "password"),
				"REDIS_PASSWORD");
		this.draft.set(REDIS + "password", password);
		this.draft.set(REDIS + "username", section.text(prefix + "username"));
		if (section.isOn("ssl") || section.isOn("redis_ssl")) {
			this.draft.set(REDIS + "ssl.enabled", true);
		}
		if (!nodes.isEmpty()) {
			this.draft.set(REDIS + "cluster.nodes", nodes);
		}
		else if (master != null && !sentinels.isEmpty()) {
			this.draft.set(REDIS + "sentinel.master", master);
			this.draft.set(REDIS + "sentinel.nodes", sentinels);
			this.draft.set(REDIS + "sentinel.password", this.draft.secret(section.path("sentinel_password"),
					section.text("sentinel_password"), "REDIS_SENTINEL_PASSWORD"));
		}
		else {
			String host = section.text(prefix + "host");
			this.draft.set(REDIS + "host", (host != null) ? host : "${REDIS_HOST}");
			String port = section.text(prefix + "port");
			this.draft.set(REDIS + "port", (port != null) ? port : "${REDIS_PORT:6379}");
			this.draft.set(REDIS + "database", section.whole(prefix + "db"));
			if (host == null && password == null) {
				this.draft.set(REDIS + "password", "${REDIS_PASSWORD:}");
			}
		}
	}

	private static List<String> nodes(Section section) {
		List<String> nodes = new ArrayList<>();
		for (Section node : section.sections("redis_startup_nodes")) {
			nodes.add(node.text("host") + ":" + node.text("port"));
		}
		return nodes;
	}

	private static List<String> sentinels(Section section) {
		List<String> nodes = new ArrayList<>();
		if (section.take("sentinel_nodes") instanceof Collection<?> many) {
			for (Object one : many) {
				if (one instanceof List<?> pair && pair.size() == 2) {
					nodes.add(text(pair.get(0)) + ":" + text(pair.get(1)));
				}
			}
		}
		return nodes;
	}

	private static String text(@Nullable Object value) {
		return (value != null) ? Section.text(value) : "";
	}

}
