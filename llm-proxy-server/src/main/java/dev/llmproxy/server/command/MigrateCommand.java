package dev.llmproxy.server.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.llmproxy.server.migration.Leftover;
import dev.llmproxy.server.migration.Migration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a configuration of another gateway's. */
@Command(name = "migrate", mixinStandardHelpOptions = true, description = {
		"Makes an application.yaml of another gateway's configuration: the file on standard output, what did not map on "
				+ "standard error. Keys are never shown; placeholders take their place." })
final class MigrateCommand implements Runnable {

	@Spec
	private @Nullable CommandSpec spec;

	@Override
	public void run() {
		throw new ParameterException(spec().commandLine(), "Whose is it? Say 'litellm', 'portkey' or 'llm-proxy'.");
	}

	@Command(name = "litellm", mixinStandardHelpOptions = true, description = "The config.yaml of LiteLLM's proxy.")
	int litellm(@Parameters(paramLabel = "<config.yaml>") Path file) {
		return tell(file, Migration.litellm(read(file)));
	}

	@Command(name = "portkey", mixinStandardHelpOptions = true, description = "A config of Portkey's gateway, in JSON.")
	int portkey(@Parameters(paramLabel = "<config.json>") Path file,
			@Option(names = "--route", paramLabel = "<name>", defaultValue = "portkey",
					description = "what callers are to name as their model; 'portkey' by default") String route,
			@Option(names = "--model", paramLabel = "<model>",
					description = "the model of targets that name none") @Nullable String model) {
		return tell(file, Migration.portkey(read(file), route, model));
	}

	@Command(name = "llm-proxy", mixinStandardHelpOptions = true,
			description = "The older proxy's, in Python: model_groups and general_settings.")
	int older(@Parameters(paramLabel = "<config.yaml>") Path file) {
		return tell(file, Migration.older(read(file)));
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new CommandException("The file '" + file + "' can't be read as text.");
		}
	}

	private int tell(Path file, Migration migration) {
		PrintWriter out = spec().commandLine().getOut();
		out.print(migration.yaml());
		out.flush();
		PrintWriter err = spec().commandLine().getErr();
		List<Leftover> leftovers = migration.leftovers();
		if (leftovers.isEmpty()) {
			err.println("All of " + file.getFileName() + " mapped.");
		}
		else {
			err.println("Of " + file.getFileName() + " this is not, or not exactly, in the new configuration ("
					+ leftovers.size() + "):");
		}
		for (Leftover leftover : leftovers) {
			err.println("- " + leftover.item() + ": " + leftover.reason());
			err.println("    " + leftover.action());
		}
		err.println("Then look at it with: check application.yaml");
		return 0;
	}

	private CommandSpec spec() {
		CommandSpec spec = this.spec;
		if (spec == null) {
			throw new IllegalStateException("Commands are run by a command line");
		}
		return spec;
	}

}
