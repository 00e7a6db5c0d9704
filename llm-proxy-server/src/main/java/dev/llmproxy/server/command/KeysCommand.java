package dev.llmproxy.server.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

import dev.llmproxy.access.ClientKey;
import dev.llmproxy.gateway.Caller;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes callers' keys, and the hashes that the configuration has of them. */
@Command(name = "keys", mixinStandardHelpOptions = true, description = "Makes and hashes keys of callers.")
final class KeysCommand implements Runnable {

	/** As ids of keys have to be. */
	private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

	private static final int BYTES = 32;

	private final InputStream in;

	@Spec
	private @Nullable CommandSpec spec;

	KeysCommand(InputStream in) {
		this.in = in;
	}

	@Override
	public void run() {
		throw wrong("What shall be done with keys? Say 'create' or 'hash'.");
	}

	@Command(name = "create", mixinStandardHelpOptions = true,
			description = "Makes new keys: shows each once, with the entry for the configuration, which has its hash only.")
	int create(
			@Option(names = "--name", paramLabel = "<id>", defaultValue = "client",
					description = "names the caller in logs and metrics; 'client' by default") String name,
			@Option(names = "--count", paramLabel = "<n>", defaultValue = "1",
					description = "how many; beyond one the name gets a number") int count) {
		if (count < 1 || count > 1000) {
			throw wrong("--count is a number from 1 to 1000.");
		}
		String longest = (count > 1) ? name + "-" + count : name;
		if (!ID.matcher(longest).matches() || name.equals(Caller.ANONYMOUS.id())
				|| name.equals(Caller.APPLICATION.id())) {
			throw wrong("--name is up to 64 letters, digits and . _ @ -, other than 'anonymous' and 'application'.");
		}
		PrintWriter out = out();
		SecureRandom random = new SecureRandom();
		for (int i = 1; i <= count; i++) {
			byte[] bytes = new byte[BYTES];
			random.nextBytes(bytes);
			String key = "sk-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
			out.println("# For the caller; it is kept nowhere and can't be shown again:");
			out.println(key);
			out.println("# For llm-proxy.access.keys:");
			out.println("- id: " + ((count > 1) ? name + "-" + i : name));
			out.println("  hash: " + hash(key));
		}
		return 0;
	}

	@Command(name = "hash", mixinStandardHelpOptions = true,
			description = "Reads a key from standard input, and shows the hash that the configuration has of it.")
	int hash() throws IOException {
		// Not closed: the stream is the process's own.
		String key = new BufferedReader(new InputStreamReader(this.in, StandardCharsets.UTF_8)).readLine();
		try {
			out().println(hash((key != null) ? key.trim() : ""));
		}
		catch (IllegalArgumentException ex) {
			throw new CommandException("This can't be a key: " + ex.getMessage() + ". Make one with 'keys create'.");
		}
		return 0;
	}

	private static String hash(String key) {
		return "sha256:" + HexFormat.of().formatHex(ClientKey.ofKey(key, Caller.ANONYMOUS).hash());
	}

	private PrintWriter out() {
		return spec().commandLine().getOut();
	}

	private ParameterException wrong(String message) {
		return new ParameterException(spec().commandLine(), message);
	}

	private CommandSpec spec() {
		CommandSpec spec = this.spec;
		if (spec == null) {
			throw new IllegalStateException("Commands are run by a command line");
		}
		return spec;
	}

}
