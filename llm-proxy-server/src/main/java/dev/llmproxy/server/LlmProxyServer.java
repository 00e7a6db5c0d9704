package dev.llmproxy.server;

import java.util.Map;

import dev.llmproxy.server.command.Commands;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Starts the gateway as a reactive server, or runs a command. Nothing is scanned for: all
 * is auto-configuration, and commands are none of a server's business.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public final class LlmProxyServer {

	/**
	 * What Netty is told before it is there; who knows better says so on the command
	 * line.
	 */
	private static final Map<String, String> NETTY = Map.of(
			// The older of two pools, which is quicker for buffers that live as long as a
			// turn of the event loop.
			"io.netty.allocator.type", "pooled",
			// One wish for each read. A lasting one does not tell of a connection that is
			// reset right after its last bytes (Netty 4.2.17).
			"io.netty.iouring.pollAddMultishotEnabled", "false",
			// Lettuce takes epoll where it can have both, but sets io_uring's options, of
			// which Netty then warns with each connection.
			"io.lettuce.core.iouring", "false");

	private LlmProxyServer() {
	}

	public static void main(String[] args) {
		if (isServer(args)) {
			NETTY.forEach((name, value) -> {
				if (System.getProperty(name) == null) {
					System.setProperty(name, value);
				}
			});
			SpringApplication.run(LlmProxyServer.class, args);
		}
		else {
			System.exit(Commands.run(args));
		}
	}

	@Bean
	static LateDocumentation lateDocumentation() {
		return new LateDocumentation();
	}

	/** Whether all arguments are such as Spring Boot takes: {@code --name=value}. */
	private static boolean isServer(String[] args) {
		for (String arg : args) {
			if (!arg.startsWith("--") || arg.equals("--help") || arg.equals("--version")) {
				return false;
			}
		}
		return true;
	}

}
