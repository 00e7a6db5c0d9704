package dev.llmproxy.plugin;

import java.io.Closeable;
import java.time.Duration;
import java.util.List;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A plugin that is part of the server.
 */
public final class LoadedPlugin {

	/** Threads that it may keep busy at once. */
	private static final int THREADS = 8;

	private static final int WAITING = 10_000;

	private final Description description;

	private final PluginSettings settings;

	private final List<PluginParts.Part<?>> parts;

	private final LlmProxyPlugin plugin;

	private final Closeable classes;

	private final Scheduler scheduler;

	LoadedPlugin(Description description, PluginSettings settings, PluginParts parts, LlmProxyPlugin plugin,
			Closeable classes) {
		this.description = description;
		this.settings = settings;
		this.plugin = plugin;
		this.classes = classes;
		this.scheduler = Schedulers.newBoundedElastic(THREADS, WAITING, "plugin-" + description.name(), 60, true);
		Guard guard = new Guard(description.name(), settings, this.scheduler);
		this.parts = parts.parts().stream().<PluginParts.Part<?>>map((part) -> guarded(part, guard)).toList();
	}

	private static <T> PluginParts.Part<T> guarded(PluginParts.Part<T> part, Guard guard) {
		return new PluginParts.Part<>(part.type(), part.type().cast(guard.around(part.part())));
	}

	public Description description() {
		return this.description;
	}

	public Duration deadline() {
		return this.settings.deadline();
	}

	public PluginSettings.OnError onError() {
		return this.settings.onError();
	}

	/** Its parts, each guarded as the operator wants it. */
	public List<PluginParts.Part<?>> parts() {
		return this.parts;
	}

	LlmProxyPlugin plugin() {
		return this.plugin;
	}

	Closeable classes() {
		return this.classes;
	}

	Scheduler scheduler() {
		return this.scheduler;
	}

	/**
	 * What a plugin says of itself.
	 *
	 * @param version of the plugin; empty where it does not say
	 * @param api what it is written against
	 * @param file the name of its jar
	 * @param sha256 the checksum of that
	 */
	public record Description(String name, String version, String api, String file, String sha256) {
	}

}
