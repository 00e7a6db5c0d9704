package dev.llmproxy.plugin;

import java.io.Closeable;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

import dev.llmproxy.dialect.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Checks a jar and loads it. What is loaded is a private copy of the very bytes that were
 * checked, so that nobody can exchange the file in between, or later.
 */
final class PluginLoader {

	private static final Attributes.Name NAME = new Attributes.Name("LLM-Proxy-Plugin");

	private static final Attributes.Name API = new Attributes.Name("LLM-Proxy-Plugin-Api");

	private static final Pattern NAMES = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

	private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

	private static final long LARGEST = 256L * 1024 * 1024;

	private final Map<String, PluginSettings> allowed;

	private final Set<String> disabled;

	PluginLoader(Map<String, PluginSettings> allowed, Set<String> disabled) {
		this.allowed = Map.copyOf(allowed);
		this.disabled = Set.copyOf(disabled);
	}

	/**
	 * Loads a jar.
	 * @return {@code null} if it is disabled
	 * @throws PluginException if it can't be loaded, or must not
	 */
	@Nullable LoadedPlugin load(Path jar) {
		Path copy = null;
		boolean loaded = false;
		try {
			byte[] bytes = read(jar);
			String sha256 = HexFormat.of().formatHex(Sha256.digest().digest(bytes));
			Path directory = Files.createTempDirectory("llm-proxy-plugin");
			directory.toFile().deleteOnExit();
			copy = Files.write(directory.resolve("plugin.jar"), bytes);
			copy.toFile().deleteOnExit();
			LoadedPlugin.Description description = description(jar, copy, sha256);
			if (this.disabled.contains(description.name())) {
				return null;
			}
			PluginSettings settings = checked(description);
			LoadedPlugin plugin = load(description, settings, copy);
			loaded = true;
			return plugin;
		}
		catch (IOException ex) {
			throw new PluginException(jar.getFileName() + " can't be read: " + ex.getMessage(),
					"Put a whole jar there that the server may read.", ex);
		}
		finally {
			if (!loaded) {
				delete(copy);
			}
		}
	}

	private static byte[] read(Path jar) throws IOException {
		if (Files.size(jar) > LARGEST) {
			throw new IOException("it is larger than " + LARGEST + " bytes");
		}
		return Files.readAllBytes(jar);
	}

	private static LoadedPlugin.Description description(Path jar, Path copy, String sha256) throws IOException {
		Manifest manifest;
		try (JarFile file = new JarFile(copy.toFile())) {
			manifest = file.getManifest();
		}
		Attributes attributes = (manifest != null) ? manifest.getMainAttributes() : new Attributes();
		String name = attributes.getValue(NAME);
		String api = attributes.getValue(API);
		if (name == null || api == null || !NAMES.matcher(name).matches()) {
			throw new PluginException(jar.getFileName() + " is no plugin",
					"Its manifest has to have " + NAME + " (small letters, digits and -) and " + API + " (such as "
							+ LlmProxyPlugin.API + "). If it is no plugin, remove it from the folder.",
					null);
		}
		if (attributes.getValue(Attributes.Name.CLASS_PATH) != null) {
			throw new PluginException(jar.getFileName() + " has a Class-Path, which would load jars that nobody checks",
					"Put its libraries into the jar itself.", null);
		}
		String version = attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
		return new LoadedPlugin.Description(name, (version != null) ? version : "", api,
				String.valueOf(jar.getFileName()), sha256);
	}

	private PluginSettings checked(LoadedPlugin.Description description) {
		PluginSettings settings = this.allowed.get(description.name());
		String line = "llm-proxy.plugins.allowed." + description.name() + ".sha256: " + description.sha256();
		if (settings == null) {
			throw new PluginException(
					description.file() + " is the plugin '" + description.name() + "', which nobody has allowed",
					"If you trust it, add this line: " + line, null);
		}
		if (!settings.sha256().equals(description.sha256())) {
			throw new PluginException(
					description.file() + " is not the jar that was allowed as '" + description.name()
							+ "': its checksum is another",
					"If you trust it as it is now, change the line: " + line, null);
		}
		if (!fits(description.api())) {
			throw new PluginException(description.file() + " is written against the API " + description.api()
					+ " of plugins, and this is " + LlmProxyPlugin.API, "Use a version of it that fits.", null);
		}
		return settings;
	}

	private static boolean fits(String wanted) {
		var theirs = VERSION.matcher(wanted);
		var ours = VERSION.matcher(LlmProxyPlugin.API);
		return theirs.matches() && ours.matches() && theirs.group(1).equals(ours.group(1))
				&& Integer.parseInt(theirs.group(2)) <= Integer.parseInt(ours.group(2));
	}

	private static LoadedPlugin load(LoadedPlugin.Description description, PluginSettings settings, Path copy)
			throws IOException {
		URLClassLoader classes = new PluginClassLoader(description.name(), copy.toUri().toURL(),
				PluginLoader.class.getClassLoader());
		boolean configured = false;
		try {
			LlmProxyPlugin plugin = only(description, classes);
			PluginParts parts = new PluginParts(description.name(), settings.config());
			plugin.configure(parts);
			LoadedPlugin loaded = new LoadedPlugin(description, settings, parts, plugin, closing(classes, copy));
			configured = true;
			return loaded;
		}
		catch (PluginException ex) {
			throw ex;
		}
		catch (Exception | LinkageError | ServiceConfigurationError ex) {
			throw new PluginException("The plugin '" + description.name() + "' can't be configured: " + ex,
					"See the log for what it says, and its llm-proxy.plugins.allowed." + description.name()
							+ ".config for what it wants.",
					ex);
		}
		finally {
			if (!configured) {
				classes.close();
			}
		}
	}

	private static LlmProxyPlugin only(LoadedPlugin.Description description, ClassLoader classes) {
		List<LlmProxyPlugin> found = ServiceLoader.load(LlmProxyPlugin.class, classes)
			.stream()
			.map(ServiceLoader.Provider::get)
			.toList();
		if (found.size() != 1) {
			throw new PluginException(description.file() + " has " + found.size() + " plugins in it, and not one",
					"It has to name one class in META-INF/services/" + LlmProxyPlugin.class.getName() + ".", null);
		}
		return found.get(0);
	}

	private static Closeable closing(URLClassLoader classes, Path copy) {
		return () -> {
			classes.close();
			delete(copy);
		};
	}

	private static void delete(@Nullable Path copy) {
		if (copy != null) {
			copy.toFile().delete();
			Path directory = copy.getParent();
			if (directory != null) {
				directory.toFile().delete();
			}
		}
	}

}
