package dev.llmproxy.server.command;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a command printed, and how it ended. */
public record CommandRun(int code, String out, String err) {

	public static CommandRun of(List<String> arguments) {
		return withInput("", arguments.toArray(String[]::new));
	}

	static CommandRun of(String... arguments) {
		return withInput("", arguments);
	}

	static CommandRun withInput(String input, String... arguments) {
		StringWriter out = new StringWriter();
		StringWriter err = new StringWriter();
		int code = Commands.run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), new PrintWriter(out),
				new PrintWriter(err), arguments);
		return new CommandRun(code, out.toString().replace(System.lineSeparator(), "\n"),
				err.toString().replace(System.lineSeparator(), "\n"));
	}

}
