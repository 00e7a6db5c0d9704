package dev.llmproxy.plugin;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The classes of one plugin: its jar's own, the JDK's, and of the gateway's those that
 * plugins are written against. No other library of the server is visible, nor any of
 * another plugin, so that versions can't meet.
 */
final class PluginClassLoader extends URLClassLoader {

	static {
		registerAsParallelCapable();
	}

	/** What is in signatures that plugins implement or call. */
	private static final List<String> SHARED = List.of("dev.llmproxy.", "org.springframework.", "reactor.",
			"org.reactivestreams.", "io.netty.", "tools.jackson.", "com.fasterxml.jackson.annotation.", "org.jspecify.",
			"org.apache.commons.logging.", "org.slf4j.", "io.micrometer.");

	private final ClassLoader gateway;

	PluginClassLoader(String name, URL jar, ClassLoader gateway) {
		super("plugin-" + name, new URL[] { jar }, ClassLoader.getPlatformClassLoader());
		this.gateway = gateway;
	}

	@Override
	protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
		for (String prefix : SHARED) {
			if (name.startsWith(prefix)) {
				return this.gateway.loadClass(name);
			}
		}
		return super.loadClass(name, resolve);
	}

	@Override
	public @Nullable URL getResource(String name) {
		return findResource(name);
	}

	@Override
	public Enumeration<URL> getResources(String name) throws IOException {
		return findResources(name);
	}

}
