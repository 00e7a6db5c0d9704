package dev.llmproxy.server.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code chromium} on the path, without a window and with a profile of its own.
 * Without one a test is skipped, or fails where {@code LLM_PROXY_REQUIRE_CHROMIUM} says
 * that nothing may be missing.
 */
public final class Chromium implements AutoCloseable {

	private static final String BINARY = "chromium";

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Process process;

	private final Path profile;

	private final HttpClient http = HttpClient.newHttpClient();

	private final String address;

	private Chromium(Process process, Path profile) {
		this.process = process;
		this.profile = profile;
		Path port = profile.resolve("DevToolsActivePort");
		Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(port) && Files.readAllLines(port).size() > 1);
		this.address = "http://127.0.0.1:" + lines(port).get(0);
	}

	/** Starts one. */
	public static Chromium start() {
		requireBinary();
		try {
			Path profile = Files.createTempDirectory("chromium");
			Process process = new ProcessBuilder(BINARY, "--headless=new", "--no-sandbox", "--disable-gpu",
					"--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run", "--disable-sync",
					"--disable-extensions", "--disable-background-networking", "--disable-component-update",
					"--force-color-profile=srgb", "--remote-debugging-port=0", "--user-data-dir=" + profile,
					"about:blank")
				.redirectErrorStream(true)
				.redirectOutput(profile.resolve("output").toFile())
				.start();
			return new Chromium(process, profile);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void requireBinary() {
		boolean there = Stream.of(System.getenv("PATH").split(":"))
			.anyMatch((folder) -> Files.isExecutable(Path.of(folder, BINARY)));
		if (!there && Boolean.parseBoolean(System.getenv("LLM_PROXY_REQUIRE_CHROMIUM"))) {
			throw new IllegalStateException("chromium is not on the PATH");
		}
		if (!there) {
			System.out.println("Skipped: a test that needs a browser, because chromium is not on the PATH");
		}
		Assumptions.assumeTrue(there, "chromium is not on the PATH");
	}

	/** A new, empty page. */
	public BrowserPage page() {
		try {
			HttpRequest request = HttpRequest.newBuilder(URI.create(this.address + "/json/new?about:blank"))
				.PUT(HttpRequest.BodyPublishers.noBody())
				.build();
			JsonNode target = new JsonMapper().readTree(this.http.send(request, BodyHandlers.ofString()).body());
			return new BrowserPage(this.http, URI.create(target.path("webSocketDebuggerUrl").asString()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static List<String> lines(Path file) {
		try {
			return Files.readAllLines(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly();
		this.process.onExit().join();
		try {
			FileSystemUtils.deleteRecursively(this.profile);
		}
		catch (IOException ex) {
			// Something of it may still be written; it is in the folder for such files.
		}
	}

}
