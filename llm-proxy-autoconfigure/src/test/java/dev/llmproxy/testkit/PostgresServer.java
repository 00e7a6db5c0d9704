package dev.llmproxy.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real PostgreSQL: the one that {@code LLM_PROXY_TEST_POSTGRES_URL} names (an address
 * such as {@code jdbc:postgresql://127.0.0.1:5432/} whose user {@value #USER} may create
 * databases without a password), or {@code initdb} and {@code postgres} on the path or
 * where Debian puts them, started on a free port, as another user where this one is root,
 * whom they refuse. Without either a test is skipped, or fails where
 * {@code LLM_PROXY_REQUIRE_POSTGRES} says that nothing may be missing.
 */
public final class PostgresServer implements AutoCloseable {

	public static final String USER = "postgres";

	private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

	private static final AtomicInteger DATABASES = new AtomicInteger();

	private final @Nullable String address;

	private final Path binaries;

	private final Path directory;

	private final int port;

	private @Nullable Process process;

	private PostgresServer(@Nullable String address, Path binaries, Path directory, int port) {
		this.address = address;
		this.binaries = binaries;
		this.directory = directory;
		this.port = port;
	}

	/** Starts one, empty. */
	public static PostgresServer start() {
		String address = System.getenv("LLM_PROXY_TEST_POSTGRES_URL");
		if (address != null && !address.isEmpty()) {
			return new PostgresServer(address, DEBIAN, DEBIAN, 0);
		}
		Path binaries = binaries();
		if (binaries == null && Boolean.parseBoolean(System.getenv("LLM_PROXY_REQUIRE_POSTGRES"))) {
			throw new IllegalStateException("postgres is neither on the PATH nor in " + DEBIAN);
		}
		Assumptions.assumeTrue(binaries != null, "postgres is neither on the PATH nor in " + DEBIAN);
		try {
			PostgresServer server = new PostgresServer(null, binaries, Files.createTempDirectory("postgres"),
					freePort());
			server.initialize();
			server.restart();
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	/** Where the newest one is that has all that is needed. */
	private static @Nullable Path binaries() {
		List<Path> places = new ArrayList<>(
				Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(Path::of).toList());
		if (Files.isDirectory(DEBIAN)) {
			try (Stream<Path> versions = Files.list(DEBIAN)) {
				versions.sorted(Comparator.reverseOrder()).forEach((version) -> places.add(version.resolve("bin")));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return places.stream()
			.filter((place) -> Files.isExecutable(place.resolve("postgres"))
					&& Files.isExecutable(place.resolve("initdb")))
			.findFirst()
			.orElse(null);
	}

	private void initialize() throws IOException {
		if (isRoot()) {
			run(List.of("chown", "nobody", this.directory.toString()));
		}
		run(asAnybody("initdb", "-D", this.directory.resolve("data").toString(), "-U", USER, "--auth=trust", "-E",
				"UTF8", "--locale=C", "--no-sync"));
	}

	private static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	private List<String> asAnybody(String binary, String... arguments) {
		List<String> command = new ArrayList<>();
		if (isRoot()) {
			command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
		}
		command.add(this.binaries.resolve(binary).toString());
		command.addAll(List.of(arguments));
		return command;
	}

	private void run(List<String> command) throws IOException {
		Path log = this.directory.resolveSibling(this.directory.getFileName() + ".log");
		Process process = new ProcessBuilder(command).directory(new File("/"))
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
				throw new IllegalStateException(command + " failed: " + Files.readString(log));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		finally {
			process.destroyForcibly();
			Files.deleteIfExists(log);
		}
	}

	/** Starts it again, with what it has. */
	public void restart() {
		try {
			this.process = new ProcessBuilder(asAnybody("postgres", "-D", this.directory.resolve("data").toString(),
					"-p", Integer.toString(this.port), "-c", "listen_addresses=127.0.0.1", "-c",
					"unix_socket_directories=", "-c", "fsync=off"))
				.directory(new File("/"))
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Awaitility.await().ignoreExceptions().until(() -> sql("select 1"));
	}

	/** An empty database; its address, to be used as {@link #USER} without a password. */
	public String newDatabase() {
		String name = "test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
		sql("create database " + name);
		return address() + name;
	}

	private String address() {
		return (this.address != null) ? this.address : "jdbc:postgresql://127.0.0.1:" + this.port + "/";
	}

	private boolean sql(String sql) {
		try (Connection connection = DriverManager.getConnection(address() + "postgres", USER, "");
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
			return true;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Kills it. */
	public void kill() {
		Process running = this.process;
		Assumptions.assumeTrue(running != null, "A server of somebody else's is not killed");
		try {
			// Its children end with it.
			new ProcessBuilder("kill", "-QUIT", Long.toString(running.pid())).start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		running.onExit().join();
		this.process = null;
	}

	@Override
	public void close() {
		if (this.process == null) {
			return;
		}
		kill();
		try (Stream<Path> files = Files.walk(this.directory)) {
			files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
