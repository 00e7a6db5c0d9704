package dev.llmproxy.server.command;

import java.io.PrintWriter;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a configuration. Shows no secret.
 *
 * @param property the property, or else the file; {@code null} where nobody can tell
 * @param place where it is set; {@code null} where it is not
 * @param reason what is wrong
 * @param fix what to do
 */
record Problem(@Nullable String property, @Nullable String place, String reason, String fix) {

	void print(String severity, PrintWriter out) {
		out.println(severity + ": " + ((this.property != null) ? this.property : "the configuration")
				+ ((this.place != null) ? " (" + this.place + ")" : "") + ": " + this.reason);
		out.println("  " + this.fix);
	}

}
