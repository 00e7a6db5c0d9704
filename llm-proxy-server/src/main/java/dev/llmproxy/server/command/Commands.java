package dev.llmproxy.server.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

import dev.llmproxy.server.migration.MigrationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** Runs what was asked for on the command line. */
@Command(name = "llm-proxy-server", mixinStandardHelpOptions = true, versionProvider = Commands.Version.class,
		subcommands = HelpCommand.class, synopsisSubcommandLabel = "COMMAND",
		customSynopsis = { "llm-proxy-server [--<property>=<value>...]", "       llm-proxy-server COMMAND [-h] ..." },
		description = { "Without a command the gateway is started, with properties such as --server.port=8081.", "" },
		footer = { "",
				"Exit codes: 0 if all is well, 1 if something is wrong with what was given, 2 for a wrong call." })
public final class Commands {

	private static final int WIDTH = 110;

	private Commands() {
	}

	/**
	 * Runs a command with the process's own streams.
	 * @return the exit code
	 */
	@SuppressWarnings("SystemConsoleNull")
	public static int run(String... args) {
		return run(System.in, new PrintWriter(System.out, true, StandardCharsets.UTF_8),
				new PrintWriter(System.err, true, StandardCharsets.UTF_8), args);
	}

	static int run(InputStream in, PrintWriter out, PrintWriter err, String... args) {
		CommandLine line = new CommandLine(new Commands());
		CommandLine check = new CommandLine(new CheckCommand());
		check.setUnmatchedOptionsArePositionalParams(true);
		line.addSubcommand(check);
		line.addSubcommand(new KeysCommand(in));
		line.addSubcommand(new MigrateCommand());
		line.setOut(out).setErr(err).setUsageHelpWidth(WIDTH).setExecutionExceptionHandler(Commands::failed);
		try {
			return line.execute(args);
		}
		finally {
			out.flush();
			err.flush();
		}
	}

	/** Messages of ours only; none that quotes what it read. */
	private static int failed(Exception failure, CommandLine line, CommandLine.ParseResult result) throws Exception {
		if (failure instanceof CommandException || failure instanceof MigrationException) {
			line.getErr().println(failure.getMessage());
			return line.getCommandSpec().exitCodeOnExecutionException();
		}
		throw failure;
	}

	/** What the build said. */
	static final class Version implements IVersionProvider {

		@Override
		public String[] getVersion() throws IOException {
			Properties build = new Properties();
			try (InputStream info = Commands.class.getResourceAsStream("/META-INF/build-info.properties")) {
				if (info != null) {
					build.load(info);
				}
			}
			return new String[] { "LLM Proxy " + build.getProperty("build.version", "(not packaged)") };
		}

	}

}
