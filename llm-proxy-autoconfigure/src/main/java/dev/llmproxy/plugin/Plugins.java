package dev.llmproxy.plugin;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The plugins of a folder. A jar that is not listed with its checksum is refused, and
 * with it the start.
 */
public final class Plugins implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(Plugins.class);

	private final List<LoadedPlugin> all;

	private Plugins(List<LoadedPlugin> all) {
		this.all = List.copyOf(all);
	}

	/**
	 * Loads the plugins of a folder, in the order of the names of their files. Reads
	 * files, and may wait for what the plugins do.
	 * @param directory a folder that is not there has no plugins
	 * @param allowed what is known of them, by name
	 * @param disabled names of plugins that are not loaded
	 * @throws PluginException if one of them can't be, or one that is allowed is not
	 * there
	 */
	public static Plugins load(Path directory, Map<String, PluginSettings> allowed, Set<String> disabled) {
		Plugins loaded = new Plugins(loadAll(directory, new PluginLoader(allowed, disabled)));
		Set<String> missing = new TreeSet<>(allowed.keySet());
		loaded.all.forEach((plugin) -> missing.remove(plugin.description().name()));
		if (!missing.isEmpty()) {
			loaded.close();
			throw new PluginException("there is no jar of " + missing + " in " + directory.toAbsolutePath(),
					"Put it there, or remove llm-proxy.plugins.allowed." + missing.iterator().next() + ".", null);
		}
		return loaded;
	}

	private static List<LoadedPlugin> loadAll(Path directory, PluginLoader loader) {
		List<LoadedPlugin> loaded = new ArrayList<>();
		Set<String> names = new HashSet<>();
		try {
			for (Path jar : jars(directory)) {
				LoadedPlugin plugin = loader.load(jar);
				if (plugin == null) {
					continue;
				}
				loaded.add(plugin);
				if (!names.add(plugin.description().name())) {
					throw new PluginException("two jars are the plugin '" + plugin.description().name() + "'",
							"Remove one of them from " + directory.toAbsolutePath() + ".", null);
				}
			}
			return loaded;
		}
		catch (RuntimeException ex) {
			new Plugins(loaded).close();
			throw ex;
		}
	}

	private static Set<Path> jars(Path directory) {
		Set<Path> jars = new TreeSet<>();
		if (!Files.isDirectory(directory)) {
			return jars;
		}
		try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
			files.forEach(jars::add);
			return jars;
		}
		catch (IOException ex) {
			throw new PluginException(directory.toAbsolutePath() + " can't be read", "Let the server read it.", ex);
		}
	}

	/** All that were loaded, in the order of the names of their files. */
	public List<LoadedPlugin> all() {
		return this.all;
	}

	/** Closes plugins that want to be, the last one first. */
	@Override
	public void close() {
		for (int i = this.all.size() - 1; i >= 0; i--) {
			LoadedPlugin plugin = this.all.get(i);
			plugin.scheduler().dispose();
			try {
				if (plugin.plugin() instanceof AutoCloseable closeable) {
					closeable.close();
				}
				plugin.classes().close();
			}
			catch (Exception | LinkageError ex) {
				logger.warn("The plugin '" + plugin.description().name() + "' failed to close", ex);
			}
		}
	}

}
