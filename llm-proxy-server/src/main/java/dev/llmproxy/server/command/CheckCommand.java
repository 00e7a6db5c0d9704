package dev.llmproxy.server.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether the server would start with a configuration, and what then holds. */
@Command(name = "check", mixinStandardHelpOptions = true, description = {
		"Puts the server together with a configuration, as a start does, but opens no port and calls nobody. "
				+ "Shows each property under llm-proxy with its value and where that is from; secrets are masked." })
final class CheckCommand implements Callable<Integer> {

	@Option(names = "--no-defaults", description = "shows only what is set")
	private boolean noDefaults;

	@Option(names = "--ignore-unset",
			description = "takes variables that are not set for a matter of the place where the server runs")
	private boolean ignoreUnset;

	@Parameters(paramLabel = "<file>",
			description = {
					"files or directories to be read beside the server's own defaults; without any the server's "
							+ "usual places are. Properties such as --spring.profiles.active=prod may be among them." })
	private List<String> arguments = new ArrayList<>();

	@Spec
	private @Nullable CommandSpec spec;

	@Override
	public Integer call() {
		CommandSpec spec = this.spec;
		if (spec == null) {
			throw new IllegalStateException("Commands are run by a command line");
		}
		PrintWriter out = spec.commandLine().getOut();
		PrintWriter err = spec.commandLine().getErr();
		Rehearsal.Outcome outcome = Rehearsal.of(properties(spec));
		if (outcome.properties() != null) {
			outcome.properties()
				.stream()
				.filter((property) -> !this.noDefaults || property.set())
				.forEach((property) -> out
					.println(property.name() + " = " + property.value() + "  # " + property.source()));
			out.flush();
		}
		for (Problem problem : outcome.unset()) {
			problem.print(this.ignoreUnset ? "warning" : "error", err);
		}
		if (outcome.problem() != null) {
			outcome.problem().print("error", err);
			return 1;
		}
		if (!outcome.unset().isEmpty() && !this.ignoreUnset) {
			return 1;
		}
		err.println("The configuration is valid.");
		return 0;
	}

	/** Files as Spring Boot has them, after the server's own defaults. */
	private List<String> properties(CommandSpec spec) {
		List<String> properties = new ArrayList<>();
		List<String> locations = new ArrayList<>();
		for (String argument : this.arguments) {
			if (argument.startsWith("--") && argument.indexOf('=') > 0) {
				properties.add(argument);
			}
			else if (argument.startsWith("-")) {
				throw new ParameterException(spec.commandLine(), "Unknown option: '" + argument + "'");
			}
			else {
				Path path = Path.of(argument).toAbsolutePath();
				if (!Files.isReadable(path)) {
					throw new CommandException(
							"error: " + argument + ": it can't be read\n  Name a file or a directory "
									+ "that is there, and that you may read.");
				}
				locations.add("file:" + path + (Files.isDirectory(path) ? "/" : ""));
			}
		}
		if (!locations.isEmpty()) {
			properties.add("--spring.config.location=optional:classpath:/,optional:classpath:/config/,"
					+ String.join(",", locations));
		}
		return properties;
	}

}
