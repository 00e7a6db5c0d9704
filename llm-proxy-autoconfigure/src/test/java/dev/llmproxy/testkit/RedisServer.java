package dev.llmproxy.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Redis: the {@code redis-server} on the path, started on a free port, and stopped
 * and frozen as a test wants. Without one a test is skipped, or fails where
 * {@code LLM_PROXY_REQUIRE_REDIS} says that nothing may be missing. One with vector sets
 * is of version 8 or later: that on the path, or what {@code LLM_PROXY_TEST_REDIS8}
 * names.
 */
public final class RedisServer implements AutoCloseable {

	private static final String BINARY = "redis-server";

	private static final Pattern VERSION = Pattern.compile("v=(\\d+)");

	private static final int VECTOR_SETS = 8;

	private final String binary;

	private final int port;

	private final Path directory;

	private final String[] options;

	private @Nullable Process process;

	private RedisServer(String binary, int port, Path directory, String... options) {
		this.binary = binary;
		this.port = port;
		this.directory = directory;
		this.options = options;
	}

	/** Starts one. */
	public static RedisServer start(String... options) {
		RedisServer redis = stopped(options);
		redis.restart();
		return redis;
	}

	/** Starts one that has vector sets. */
	public static RedisServer withVectorSets(String... options) {
		String named = System.getenv("LLM_PROXY_TEST_REDIS8");
		String binary = (onPath() && hasVectorSets(BINARY)) ? BINARY : String.valueOf(named);
		require(binary.equals(BINARY) || named != null && hasVectorSets(named),
				"redis-server on the PATH is not of version 8, nor does LLM_PROXY_TEST_REDIS8 name one that is");
		RedisServer redis = stopped(binary, options);
		redis.restart();
		return redis;
	}

	/** One that does not run yet. */
	public static RedisServer stopped(String... options) {
		require(onPath(), "redis-server is not on the PATH");
		return stopped(BINARY, options);
	}

	private static RedisServer stopped(String binary, String[] options) {
		try {
			return new RedisServer(binary, freePort(), Files.createTempDirectory("redis"), options);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean onPath() {
		return List.of(System.getenv("PATH").split(":"))
			.stream()
			.anyMatch((folder) -> Files.isExecutable(Path.of(folder, BINARY)));
	}

	private static boolean hasVectorSets(String binary) {
		try {
			Process process = new ProcessBuilder(binary, "--version").start();
			String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			Matcher version = VERSION.matcher(said);
			return version.find() && Integer.parseInt(version.group(1)) >= VECTOR_SETS;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static void require(boolean there, String missing) {
		if (!there && Boolean.parseBoolean(System.getenv("LLM_PROXY_REQUIRE_REDIS"))) {
			throw new IllegalStateException(missing);
		}
		Assumptions.assumeTrue(there, missing);
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	/** Starts it, empty. */
	public void restart() {
		List<String> command = new ArrayList<>(List.of(this.binary, "--port", Integer.toString(this.port), "--bind",
				"127.0.0.1", "--save", "", "--appendonly", "no", "--dir", this.directory.toString(), "--daemonize",
				"no", "--logfile", "redis.log"));
		command.addAll(List.of(this.options));
		try {
			this.process = new ProcessBuilder(command).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Awaitility.await().ignoreExceptions().until(() -> command("PING").startsWith("+PONG"));
	}

	public int port() {
		return this.port;
	}

	/** Sends one command in plain words and returns the first bytes of the answer. */
	public String command(String command) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(5000);
			socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
			byte[] answer = new byte[8192];
			int length = socket.getInputStream().read(answer);
			return new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Moves what a limit has counted into the future, as if a clock had been ahead then.
	 * @param windowMillis of the limit, the only one of that length
	 * @param slots how far, in slots of which a window has 120
	 */
	public void shiftWindows(long windowMillis, long slots) {
		String shifted = command("EVAL \"local k = redis.call('KEYS', '*w:" + windowMillis
				+ ":*')[1]; local d = redis.call('HGETALL', k); redis.call('DEL', k); "
				+ "for i = 1, #d, 2 do local f, v = d[i], d[i+1]; if f == 'h' or f == 'l' then v = v + " + slots
				+ " elseif #f > 1 then f = string.sub(f, 1, 1) .. string.format('%d', string.sub(f, 2) + " + slots
				+ ") end; redis.call('HSET', k, f, v) end; return 1\" 0");
		if (!shifted.startsWith(":1")) {
			throw new IllegalStateException(shifted);
		}
	}

	/** It goes on to exist, and does nothing. */
	public void freeze() {
		signal("STOP");
	}

	/** It does what it was asked for meanwhile. */
	public void thaw() {
		signal("CONT");
	}

	private void signal(String name) {
		try {
			Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(running().pid())).start();
			if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
				throw new IllegalStateException("kill -" + name + " failed");
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private Process running() {
		if (this.process == null) {
			throw new IllegalStateException("It does not run");
		}
		return this.process;
	}

	/** Kills it. */
	public void kill() {
		Process running = running();
		running.destroyForcibly();
		running.onExit().join();
		this.process = null;
	}

	@Override
	public void close() {
		if (this.process != null) {
			kill();
		}
		try {
			Files.deleteIfExists(this.directory.resolve("redis.log"));
			Files.deleteIfExists(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
