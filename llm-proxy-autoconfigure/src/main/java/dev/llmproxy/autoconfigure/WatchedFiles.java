package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.Resource;

/**
 * The files that a configuration is made of: those that were read, those that would be if
 * they were there, trees of secrets, and files that properties name.
 *
 * @param files whether they are there or not
 * @param trees directories with everything in them
 * @param places directories whose files of certain names count
 * @param names what those begin with
 */
record WatchedFiles(Set<Path> files, Set<Path> trees, Set<Path> places, List<String> names) {

	private static final int DEEPEST = 4;

	private static final ConfigurationPropertyName CATALOGUE = ConfigurationPropertyName
		.of("llm-proxy.catalogue.location");

	/** What an environment is made of. */
	static WatchedFiles of(ConfigurableEnvironment environment) {
		Set<Path> files = new HashSet<>();
		Set<Path> trees = new HashSet<>();
		Set<Path> places = new HashSet<>();
		for (PropertySource<?> source : environment.getPropertySources()) {
			if (ConfigurationFiles.isFile(source)) {
				if (source instanceof ConfigTreePropertySource tree) {
					trees.add(tree.getSource());
				}
				add(files, ConfigurationFiles.resource(source));
			}
		}
		KnownProperties.of(environment).forEach((name, value) -> {
			if (name.toString().endsWith("-file")) {
				add(files, value);
			}
			else if (name.equals(CATALOGUE)) {
				add(files, value.startsWith("file:") ? value.substring(5) : value);
			}
		});
		for (String location : locations(environment)) {
			String path = location.startsWith("file:") ? location.substring(5) : location;
			if (!path.contains(":") && !path.contains("*")) {
				add(path.endsWith("/") ? places : files, path);
			}
		}
		return new WatchedFiles(Set.copyOf(files), Set.copyOf(trees), Set.copyOf(places),
				List.of(environment.getProperty("spring.config.name", "application").split("\\s*,\\s*")));
	}

	private static List<String> locations(ConfigurableEnvironment environment) {
		String all = environment.getProperty("spring.config.location", "./;./config/") + ";"
				+ environment.getProperty("spring.config.additional-location", "");
		return Stream.of(all.split("[,;]"))
			.map((location) -> location.trim().replaceFirst("^optional:", ""))
			.filter((location) -> !location.isEmpty())
			.toList();
	}

	private static void add(Set<Path> paths, @Nullable Resource resource) {
		try {
			if (resource != null && resource.isFile()) {
				paths.add(resource.getFile().toPath());
			}
		}
		catch (IOException ex) {
			// It is no file then.
		}
	}

	private static void add(Set<Path> paths, String path) {
		try {
			paths.add(Path.of(path));
		}
		catch (InvalidPathException ex) {
			// Nothing can be there.
		}
	}

	/**
	 * What they look like. Looked at instead of being notified: that works on every file
	 * system, and where files are replaced through links to links. Their real places are
	 * part of it.
	 */
	Map<Path, String> look() {
		Map<Path, String> seen = new TreeMap<>();
		this.files.forEach((file) -> look(file, seen));
		for (Path place : this.places) {
			try (DirectoryStream<Path> found = Files.newDirectoryStream(place, this::counts)) {
				found.forEach((file) -> look(file, seen));
			}
			catch (IOException ex) {
				seen.put(place, "");
			}
		}
		for (Path tree : this.trees) {
			try (Stream<Path> found = Files.walk(tree.toRealPath(), DEEPEST)) {
				found.forEach((file) -> look(file, seen));
			}
			catch (IOException ex) {
				seen.put(tree, "");
			}
		}
		return seen;
	}

	private boolean counts(Path file) {
		String name = file.getFileName().toString();
		return (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".properties"))
				&& this.names.stream().anyMatch(name::startsWith);
	}

	private static void look(Path file, Map<Path, String> seen) {
		try {
			Path real = file.toRealPath();
			BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
			seen.put(file, attributes.isDirectory() ? real.toString() : real + " " + attributes.size() + " "
					+ attributes.lastModifiedTime() + " " + attributes.fileKey());
		}
		catch (IOException ex) {
			seen.put(file, "");
		}
	}

}
