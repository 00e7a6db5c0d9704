package dev.llmproxy.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.cache.CacheListener;
import dev.llmproxy.context.ContextListener;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.RefusalListener;
import dev.llmproxy.limit.LimitListener;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.TokenCounterSource;
import dev.llmproxy.resilience.BreakerListener;

import org.springframework.context.ApplicationListener;

/** Where a plugin adds its parts, and finds its configuration. For one thread. */
public final class PluginParts {

	/** What a plugin can add. */
	private static final Set<Class<?>> TYPES = Set.of(LlmFilter.class, Provider.class, TokenCounterSource.class,
			AttemptListener.class, BreakerListener.class, CacheListener.class, ContextListener.class,
			LimitListener.class, RefusalListener.class, ApplicationListener.class);

	private final String plugin;

	private final Map<String, String> config;

	private final List<Part<?>> parts = new ArrayList<>();

	PluginParts(String plugin, Map<String, String> config) {
		this.plugin = plugin;
		this.config = Map.copyOf(config);
	}

	/** The plugin's name. */
	public String plugin() {
		return this.plugin;
	}

	/** What is configured for the plugin; its keys are the plugin's own. */
	public Map<String, String> config() {
		return this.config;
	}

	/**
	 * Adds a part.
	 * @param type {@link LlmFilter}, {@link Provider}, {@link TokenCounterSource}, one of
	 * the gateway's listeners, or {@link ApplicationListener} for its events, by a class
	 * that says which
	 * @param part is called by many threads at once
	 * @throws IllegalArgumentException if it is of no such type
	 */
	public <T> PluginParts add(Class<T> type, T part) {
		if (!TYPES.contains(type)) {
			throw new IllegalArgumentException("A plugin can't add a part of type " + type.getName() + "; there are "
					+ TYPES.stream().map(Class::getSimpleName).sorted().toList());
		}
		this.parts.add(new Part<>(type, type.cast(part)));
		return this;
	}

	List<Part<?>> parts() {
		return List.copyOf(this.parts);
	}

	/**
	 * A part.
	 *
	 * @param type what it was added as
	 */
	public record Part<T>(Class<T> type, T part) {
	}

}
