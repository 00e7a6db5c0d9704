package dev.llmproxy.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import dev.llmproxy.dialect.Sha256;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** A plugin that a test compiles and packs, as its author would. */
final class PluginJar {

	private final Map<String, String> manifest = new LinkedHashMap<>();

	private final Map<String, String> sources = new LinkedHashMap<>();

	private final String plugin;

	private PluginJar(String name, String plugin) {
		this.plugin = plugin;
		this.manifest.put("LLM-Proxy-Plugin", name);
		this.manifest.put("LLM-Proxy-Plugin-Api", "1.0");
		this.manifest.put("Implementation-Version", "1.2.3");
	}

	/**
	 * A plugin.
	 * @param plugin the name of its class
	 */
	static PluginJar named(String name, String plugin) {
		return new PluginJar(name, plugin);
	}

	PluginJar manifest(String name, String value) {
		this.manifest.put(name, value);
		return this;
	}

	/** Adds a class. */
	PluginJar source(String className, String source) {
		this.sources.put(className, source);
		return this;
	}

	/**
	 * Writes the jar.
	 * @return its checksum
	 */
	String writeTo(Path jar) {
		try {
			Path work = Files.createTempDirectory("plugin-build");
			Path classes = Files.createDirectory(work.resolve("classes"));
			compile(work, classes);
			byte[] bytes = pack(classes);
			FileSystemUtils.deleteRecursively(work);
			Files.createDirectories(jar.getParent());
			Files.write(jar, bytes);
			return HexFormat.of().formatHex(Sha256.digest().digest(bytes));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void compile(Path work, Path classes) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		List<Path> files = new ArrayList<>();
		for (Map.Entry<String, String> source : this.sources.entrySet()) {
			Path file = work.resolve(source.getKey().replace('.', '/') + ".java");
			Files.createDirectories(file.getParent());
			files.add(Files.writeString(file, source.getValue()));
		}
		try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
			List<String> options = List.of("-d", classes.toString(), "-proc:none", "--release", "17", "-classpath",
					System.getProperty("java.class.path"));
			assertThat(compiler.getTask(null, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
				.call()).isTrue();
		}
	}

	private byte[] pack(Path classes) throws IOException {
		Manifest written = new Manifest();
		written.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		this.manifest.forEach((name, value) -> written.getMainAttributes().putValue(name, value));
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (JarOutputStream jar = new JarOutputStream(bytes, written); Stream<Path> all = Files.walk(classes)) {
			for (Path file : all.filter(Files::isRegularFile).toList()) {
				jar.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
				jar.write(Files.readAllBytes(file));
			}
			jar.putNextEntry(new JarEntry("META-INF/services/dev.llmproxy.plugin.LlmProxyPlugin"));
			jar.write(this.plugin.getBytes(StandardCharsets.UTF_8));
		}
		return bytes.toByteArray();
	}

}
