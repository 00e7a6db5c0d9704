package dev.llmproxy.server.systemd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.llmproxy.server.LlmProxyServer;
import dev.llmproxy.server.TestServer;

/** Commands that start the server in a process of its own, and signals to it. */
final class ServiceProcess {

	private ServiceProcess() {
	}

	/**
	 * A line for a shell which it replaces itself with. {@code $$} is the process that it
	 * starts.
	 */
	static String command(Map<String, String> variables, Map<String, String> properties) {
		Map<String, String> all = new LinkedHashMap<>();
		all.put("management.server.port", "0");
		all.put("llm-proxy.detect-providers", "false");
		all.put("llm-proxy.access.keys[0].id", "test");
		all.put("llm-proxy.access.keys[0].key", TestServer.KEY);
		all.putAll(properties);
		List<String> words = new ArrayList<>(List.of("exec", "env"));
		variables.forEach((name, value) -> words.add(value.equals("$$") ? name + "=$$" : quoted(name + "=" + value)));
		words.add(quoted(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-Xshare:auto", "-cp"));
		words.add(quoted(System.getProperty("java.class.path")));
		words.add(LlmProxyServer.class.getName());
		all.forEach((name, value) -> words.add(quoted("--" + name + "=" + value)));
		return words.stream().collect(Collectors.joining(" "));
	}

	private static String quoted(String word) {
		return "'" + word.replace("'", "'\\''") + "'";
	}

	static void signal(long pid, String name) {
		try {
			Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
			if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
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

}
